// Light or dark: as the system has it, or as chosen at the foot of the page. It is loaded before the page is painted, so
// that no page flashes up in the other scheme.
'use strict';

const SCHEME = 'bookshare-scheme';

// Storage may be blocked: then each page begins as the system has it.
function chosenScheme() {
  try {
    return localStorage.getItem(SCHEME) ?? '';
  } catch {
    return '';
  }
}

function keepScheme(scheme) {
  try {
    localStorage.setItem(SCHEME, scheme);
  } catch {
    // it lasts as long as this page
  }
}

// '': as the system has it.
function showScheme(scheme) {
  if (scheme) document.documentElement.dataset.scheme = scheme;
  else delete document.documentElement.dataset.scheme;
}

showScheme(chosenScheme());
addEventListener('storage', ({ key, newValue }) => { // chosen in another tab
  if (key === SCHEME) showScheme(newValue ?? '');
});

document.addEventListener('DOMContentLoaded', () => {
  const label = document.createElement('label');
  const choice = document.createElement('select');
  for (const [scheme, name] of [['', 'System'], ['light', 'Light'], ['dark', 'Dark']]) choice.add(new Option(name, scheme));
  choice.value = chosenScheme();
  choice.addEventListener('change', () => {
    keepScheme(choice.value);
    showScheme(choice.value);
  });
  label.append('Theme ', choice);
  document.querySelector('.foot')?.append(label);
});
