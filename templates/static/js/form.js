// Forms that write. One is sent once: further presses do nothing until the answer is here. The server does not rely on
// it; it spares the reader a puzzling "this ID is taken".
//
// A form with data-stays is sent by this script, so that it stays, with all that was typed, when no answer comes. What
// the attribute holds is said then: the write may have been done all the same.
'use strict';

const PATIENCE_MS = 90000; // longer than nginx waits for a worker

function setBusy(form) {
  const button = form.querySelector('button');
  form.dataset.sent = 'yes';
  button.setAttribute('aria-disabled', 'true'); // not disabled: that would drop the focus
  button.dataset.label = button.textContent;
  button.textContent = form.dataset.once;
}

function setReady(form) {
  const button = form.querySelector('button');
  delete form.dataset.sent;
  button.removeAttribute('aria-disabled');
  button.textContent = button.dataset.label;
}

// Says above the buttons why the form is still here.
function explain(form, text) {
  const alert = document.createElement('p');
  alert.className = 'alert alert-danger unsent';
  alert.setAttribute('role', 'alert');
  alert.textContent = text;
  form.querySelector('.steps').before(alert);
  alert.scrollIntoView({ block: 'nearest' });
}

// Shows the page that was answered in the place of this one.
function show(page) {
  const main = document.adoptNode(page.querySelector('#main'));
  document.title = page.title;
  document.querySelector('#main').replaceWith(main);
  scrollTo(0, 0);
  (main.querySelector('[autofocus]') ?? main).focus();
}

// Takes an answer; returns why the form has to stay, or nothing.
async function take(form, answer) {
  const next = answer.redirected ? answer.url : answer.headers.get('Location');
  if (next && (answer.redirected || answer.status === 204)) {
    location.assign(next);
    return '';
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (page.querySelector('#main form[method=post]') || (page.querySelector('#main') && answer.status === 404)) {
    show(page);
    return '';
  }
  const reason = page.querySelector('#main .lead')?.textContent;
  return answer.status < 500 && reason ? reason : `The server could not answer. ${form.dataset.stays}`;
}

async function send(form) {
  const isOnline = navigator.onLine;
  let reason;
  form.querySelector('.unsent')?.remove();
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { 'Bookshare-Form': 'script' }, // the way on comes in a 204: a script cannot see where a redirect leads
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    reason = await take(form, answer);
  } catch {
    reason = isOnline ? `No answer came from the server. ${form.dataset.stays}`
      : 'You are offline, and this could not be sent. It stays here as it is: send it again when you are online.';
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
  setBusy(form);
  if (form.dataset.stays) send(form);
});

// Of two values to choose from, who edits one wants that.
document.addEventListener('input', ({ target }) => {
  const mine = target.closest('.asked')?.querySelector('[value=mine]');
  if (mine && target.type !== 'radio') mine.checked = true;
});

// The Back button may bring the page back as it was left: make its form ready again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) setReady(form);
});
