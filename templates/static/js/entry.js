// The form of a book, while somebody fills it in: what is typed survives the tab, leaving asks, values are suggested, and
// an ID that is taken is named at once. Nothing here is needed to save a book.
const PAUSE_MS = 200; // after the last key, before the server is asked

// ---- Drafts, in sessionStorage: one for each form, with its key, so that a form that may have been sent already is
// still saved once. Nothing is kept without changes.

const untouched = new WeakMap(); // what a form holds without changes; null: it came back from the server, unsaved

const nameOf = form => `draft ${new URL(form.action).pathname}`;
const entriesOf = form => [...new FormData(form)];
const stateOf = form => JSON.stringify(entriesOf(form).filter(([name]) => name !== 'once'));
const isChanged = form => untouched.has(form) && untouched.get(form) !== stateOf(form);

function store(name, text) {
  try {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  } catch { /* no storage, or no room: there is no draft then */ }
}

// A question that has no answer yet must be asked again: what it was before is what the user has seen.
function draftOf(form) {
  const entries = entriesOf(form), of = new Map(entries);
  return entries.map(([name, value]) => [name, of.get(name.replace(/^base_/, 'before_')) ?? value]);
}

const keep = form => store(nameOf(form), isChanged(form) ? JSON.stringify(draftOf(form)) : '');

function stored(form) {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(form)));
  } catch {
    return null;
  }
}

function fill(form, entries) {
  for (const [name, value] of entries) {
    const field = form.elements[name];
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = value;
  }
}

// Puts a draft back, with a line that can take it away again.
function putBack(form) {
  const before = entriesOf(form), draft = stored(form);
  if (!draft) return;
  fill(form, draft);
  if (!isChanged(form)) return;
  const line = document.createElement('p');
  line.className = 'note draft';
  line.setAttribute('role', 'status');
  line.innerHTML = 'What you had typed here is back. <button type="button" class="btn btn-link">Discard it</button>';
  line.querySelector('button').addEventListener('click', () => {
    fill(form, before);
    store(nameOf(form), '');
    line.remove();
    form.querySelector('input:not([type=hidden])').focus();
  });
  form.querySelector('.fields').before(line);
}

// Makes a form ready. isReturned: it has come back from the server with what was typed.
function prepare(form, isReturned) {
  form.noValidate = true; // the server tells all errors at once
  untouched.set(form, isReturned ? null : stateOf(form));
  if (!isReturned) putBack(form);
}

const forms = () => document.querySelectorAll('form[data-draft]');
for (const form of forms()) prepare(form, form.parentElement.querySelector('.alert') !== null);

document.addEventListener('input', ({ target }) => {
  const form = target.closest('form[data-draft]');
  if (form) keep(form);
});
document.addEventListener('bookshare:returned', () => {
  for (const form of forms()) {
    prepare(form, true);
    keep(form);
  }
});
document.addEventListener('bookshare:saved', ({ target }) => {
  store(nameOf(target), '');
  untouched.delete(target);
});
document.addEventListener('submit', event => { // a date that is not complete would be sent as none
  const wrong = [...event.target.elements].find(field => field.validity?.badInput);
  if (!event.target.matches('[data-draft]') || !wrong) return;
  event.preventDefault();
  event.stopPropagation();
  wrong.reportValidity();
}, { capture: true });

window.addEventListener('beforeunload', event => {
  if ([...forms()].some(isChanged)) event.preventDefault();
});
document.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-drop]')) return;
  window.addEventListener('pagehide', () => { for (const form of forms()) store(nameOf(form), ''); }, { once: true });
});

// ---- Answers while typing

const waiting = new WeakMap(); // the request of a field that is under way or soon will be

// Asks the server about a field, once nobody has typed for a while; an older question is forgotten.
async function ask(field, pause, address) {
  const request = new AbortController();
  waiting.get(field)?.abort();
  waiting.set(field, request);
  await new Promise(done => setTimeout(done, pause));
  if (request.signal.aborted) return null;
  try {
    const answer = await fetch(address, { signal: request.signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function suggest(field, pause) {
  const found = await ask(field, pause, `${field.dataset.values}?start=${encodeURIComponent(field.value)}`);
  if (!found) return;
  field.list.replaceChildren(...found.values.map(({ value }) => new Option(value, value)));
}

// Says beside the ID whether it is taken.
async function lookUp(field) {
  const id = field.value.trim(), line = document.getElementById('s-book_id');
  const search = encodeURIComponent(`id:"${id.replaceAll('"', '""')}"`);
  line.textContent = '';
  const found = await ask(field, PAUSE_MS, `${field.dataset.taken}?per_page=1&search=${search}`);
  if (!found || !id || field.value.trim() !== id) return;
  if (found.total === 0) {
    line.textContent = 'This ID is free.';
    return;
  }
  const link = document.createElement('a');
  link.href = `${field.dataset.taken.replace('/api/', '/')}/${encodeURIComponent(id)}`;
  link.textContent = found.books[0].title;
  line.append('This ID is taken: ', link);
}

document.addEventListener('focusin', ({ target }) => { if (target.dataset.values) suggest(target, 0); });
document.addEventListener('input', ({ target }) => {
  if (target.dataset.values) suggest(target, PAUSE_MS);
  if (target.dataset.taken) lookUp(target);
});
