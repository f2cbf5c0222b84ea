// Keyboard shortcuts, on every page: single keys that work anywhere but in a field. The button at the foot of the page
// shows them, and there they can be switched off.
import { $, element } from './dom.js';

const STORED = 'bookshare-shortcuts';
const SHOWN = [
  [['/'], 'Search'],
  [['n'], 'Add a book'],
  [['j', 'k'], 'Next or previous row of the list; from there also the arrow keys'],
  [['Enter'], 'Open the book of this row'],
  [['e'], 'Edit the book of this row, or of this page'],
  [['x'], 'Select this row, to change many at once'],
  [['Shift'], 'With a click on the head of a column: sort by it as well'],
  [['?'], 'Show these shortcuts'],
];

// Storage may be blocked: then they are on.
function isOn() {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, 'off');
  } catch {
    // they stay on
  }
}

const rowOf = (node) => node.closest('#books tbody tr');

// What takes keys itself. The tick box of a row does not.
const FIELDS = 'input:not(#books input), textarea, select, dialog, [contenteditable]';

// Moves the focus by one row; from elsewhere to the first row in sight.
function move(by) {
  const rows = [...document.querySelectorAll('#books tbody tr:has(th)')];
  if (!rows.length) return;
  const at = rows.indexOf(rowOf(document.activeElement));
  const covered = $('#books thead').getBoundingClientRect().height; // the heads stay in view
  const next = at < 0 ? rows.find((row) => row.getBoundingClientRect().top >= covered) : rows[at + by];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
}

const ACTIONS = {
  '/': () => $('#search').select(),
  n: () => $('#to-add')?.click(),
  j: () => move(1),
  k: () => move(-1),
  e: () => (rowOf(document.activeElement)?.querySelector('td:last-child a') ?? $('#edit'))?.click(),
  '?': show,
};

const ROW_ACTIONS = {
  ArrowDown: ACTIONS.j,
  ArrowUp: ACTIONS.k,
  Enter: () => document.activeElement.querySelector('th a').click(),
  x: () => document.activeElement.querySelector('input')?.click(),
};

let dialog = null;

function build() {
  const box = element('input', { type: 'checkbox', class: 'form-check-input' });
  const close = element('button', { type: 'button', class: 'btn btn-primary' }, 'Close');
  box.checked = isOn();
  box.addEventListener('change', () => turn(box.checked));
  close.addEventListener('click', () => dialog.close());
  dialog = element('dialog', { class: 'keys', 'aria-labelledby': 'keys-title' },
    element('h2', { id: 'keys-title', tabindex: '-1', autofocus: '' }, 'Keyboard shortcuts'),
    element('dl', {}, ...SHOWN.flatMap(([keys, text]) => [
      element('dt', {}, ...keys.flatMap((key) => [element('kbd', {}, key), ' '])), element('dd', {}, text)])),
    element('label', { class: 'form-check' }, box, ' Use these shortcuts'),
    close);
  document.body.append(dialog);
}

function show() {
  if (!dialog) build();
  dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (!isOn() || target.closest(FIELDS)) return;
  const action = (target === rowOf(target) && ROW_ACTIONS[key]) || (Object.hasOwn(ACTIONS, key) && ACTIONS[key]);
  if (!action) return;
  event.preventDefault(); // of /, which would be typed, and of the arrows, which would scroll
  action();
});

const button = element('button', { type: 'button', class: 'shortcuts' }, 'Keyboard shortcuts');
button.addEventListener('click', show);
$('.foot').append(button);
