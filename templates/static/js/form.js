// Forms that write. A form is submitted once: further clicks do nothing until the response arrives. The server does not
// rely on it; it saves the user a puzzling "this ID is taken".
//
// This script submits a form with data-stays, so that it keeps its input if no response arrives. The attribute holds
// the message for that case: the write may have been done anyway.
'use strict';

const PATIENCE_MS = 90000; // longer than nginx waits for a worker

function setBusy(form, button) {
  form.dataset.sent = 'yes';
  button.setAttribute('aria-disabled', 'true'); // not disabled: that would drop the focus
  button.dataset.label = button.textContent;
  button.textContent = form.dataset.once;
}

function setReady(form) {
  const button = form.querySelector('[data-label]');
  delete form.dataset.sent;
  button.removeAttribute('aria-disabled');
  button.textContent = button.dataset.label;
  delete button.dataset.label;
}

// Shows above the buttons why the form is still here.
function explain(form, text) {
  const alert = document.createElement('p');
  alert.className = 'alert alert-danger unsent';
  alert.setAttribute('role', 'alert');
  alert.textContent = text;
  form.querySelector('.steps').before(alert);
  alert.scrollIntoView({ block: 'nearest' });
}

// Replaces this page by the one in the response.
function show(page) {
  const main = document.adoptNode(page.querySelector('#main'));
  document.title = page.title;
  document.querySelector('#main').replaceWith(main);
  scrollTo(0, 0);
  (main.querySelector('[autofocus]') ?? main).focus();
}

// Handles a response; returns the reason if the form must stay.
async function take(form, answer) {
  const next = answer.redirected ? answer.url : answer.headers.get('Location');
  if (next && (answer.redirected || answer.status === 204)) {
    form.dispatchEvent(new Event('bookshare:saved', { bubbles: true })); // see entry.js
    location.assign(next);
    return '';
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (page.querySelector('#main form[method=post]') || (page.querySelector('#main') && answer.status === 404)) {
    show(page);
    document.dispatchEvent(new Event('bookshare:returned'));
    return '';
  }
  const reason = page.querySelector('#main .lead')?.textContent;
  return answer.status < 500 && reason ? reason : `The server is unavailable. ${form.dataset.stays}`;
}

async function send(form, button) {
  const isOnline = navigator.onLine;
  let reason;
  form.querySelector('.unsent')?.remove();
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form, button)),
      headers: { 'Bookshare-Form': 'script' }, // makes the server send the target in a 204: a script cannot see where a redirect leads
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    reason = await take(form, answer);
  } catch {
    reason = isOnline ? `The server did not respond. ${form.dataset.stays}`
      : 'You are offline. Nothing was sent and your input is kept: try again when you are online.';
  }
  if (!reason) return;
  setReady(form);
  explain(form, reason);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.once) return;
  if (form.dataset.stays || form.dataset.sent) event.preventDefault();
  if (form.dataset.sent) return;
  const button = event.submitter ?? form.querySelector('button');
  setBusy(form, button);
  if (form.dataset.stays) send(form, button);
});

// Editing one of two values selects it.
document.addEventListener('input', ({ target }) => {
  const mine = target.closest('.asked')?.querySelector('[value=mine]');
  if (mine && target.type !== 'radio') mine.checked = true;
});

// The Back button may restore the page as it was left: make its form usable again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) setReady(form);
});
