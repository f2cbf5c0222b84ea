// A form that writes is sent once: further presses do nothing until the answer is here.
// The server does not rely on it; it spares the reader a puzzling "this ID is taken".
'use strict';

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.once) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  const button = form.querySelector('button');
  button.setAttribute('aria-disabled', 'true'); // not disabled: that would drop the focus
  button.dataset.label = button.textContent;
  button.textContent = form.dataset.once;
});

// The Back button may bring the page back as it was left: make its form ready again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    const button = form.querySelector('button');
    button.removeAttribute('aria-disabled');
    button.textContent = button.dataset.label;
  }
});
