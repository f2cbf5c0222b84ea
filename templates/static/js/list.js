// The live list: loads rows while the user types, sorts, filters and pages, with DataTables' server-side protocol. The
// server renders the first page; every link and form works without script, and the URL always describes what is shown.
import { $, element, linkTo } from './dom.js';
import { chosen, chosenBeside, isCounted, needsFacets, showFacets } from './filters.js';
import { pagesOf, showSurroundings } from './surroundings.js';
import { drawRows, loadTable } from './table.js';
import { addressOf, FIELDS, orderedAlsoBy, parametersOf, questionOf, readView, resultOf, searched } from './view.js';

const SLOW_MS = 120; // maximum wait for the next key
const DAY_MS = 500; // the same for a date, which each digit changes

const box = $('#search');
let wanted = readView(location.search); // the view requested last
let shown = wanted; // the view whose rows are shown
let isTyping = false; // the last step in the history is a search being typed
let pending = new AbortController();
let timer = 0; // of the search that is being typed
let filterTimer = 0; // of the filters being set; until it fires, the form holds the wanted values
let lastMs = 0; // duration of the last request
let fromTop = false; // scroll to the first row of the next response
let step = history.state?.step ?? 0; // number of the step in the history
const places = new Map(); // scroll positions of the steps that were left
let place; // to scroll to with the next response

async function ask(question, signal) {
  const answer = await fetch(question, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error('');
  const reply = await answer.json();
  if (reply.error) throw new Error(reply.error); // the view is invalid
  return reply;
}

// ---- Errors: shown in place, with a retry button; the old rows stay

const failure = element('div', { class: 'alert alert-danger failure', role: 'alert', hidden: '' });
$('.listhead').after(failure);

const reason = element('p', {});
const retry = element('button', { type: 'button', class: 'btn btn-sm btn-outline-danger' }, 'Try again');
retry.addEventListener('click', () => go(wanted, how));
failure.append(reason, retry);

function fail(text) {
  reason.textContent = text || 'The books could not be loaded. The rows below are from before.';
  retry.hidden = Boolean(text);
  failure.hidden = false;
}

function recover() {
  const hadFocus = failure.contains(document.activeElement);
  failure.hidden = true;
  if (hadFocus) $('#main').focus();
}

// ---- Rows

// Shows the row in the URL's fragment, after an edit of its book.
const here = document.getElementById(location.hash.slice(1))?.closest('#books tbody tr');
if (here && performance.getEntriesByType('navigation')[0]?.type === 'navigate') {
  here.classList.add('here');
  here.scrollIntoView({ block: 'center' });
  here.tabIndex = -1; // otherwise the browser, which may handle the fragment only now, takes the focus away
  here.focus({ preventScroll: true });
  say(here);
}

// The flash message about the row is beside it until other rows are drawn. Without script it is at the foot of the
// window. That of a deleted book is where the book was, before the next one.
function say(row) {
  const message = $('.flash');
  if (!message) return;
  const cells = row.cells.length - wanted.hide.length;
  row[message.matches('.gone') ? 'before' : 'after'](
    element('tr', { class: 'said' }, element('td', { colspan: String(cells) }, message)));
}

let how = 'keep'; // 'push', 'replace' or 'keep': how the next response changes the history

async function fetchRows() {
  const view = wanted;
  const hasFacets = needsFacets(view);
  const started = performance.now();
  pending.abort();
  pending = new AbortController();
  const { signal } = pending;
  $('#books').setAttribute('aria-busy', 'true');
  try {
    const loaded = loadTable();
    const reply = await ask(questionOf(view, hasFacets), signal);
    if (!await loaded) { // the site has been upgraded: its own page of the view has what it needs
      location.assign(addressOf('/list', view));
      return;
    }
    if (signal.aborted) return;
    lastMs = performance.now() - started;
    const last = pagesOf(view, reply.recordsFiltered);
    if (view.page > last) {
      go({ ...view, page: last }, how === 'keep' ? 'replace' : how); // the page no longer exists
      return;
    }
    const left = scrollY; // which other rows may change
    drawRows(reply, () => wanted);
    shown = view;
    if (how === 'push') {
      places.set(step++, left);
      history.pushState({ step }, '', addressOf('/list', view));
    }
    if (how === 'replace') history.replaceState({ step }, '', addressOf('/list', view));
    how = 'keep';
    showSurroundings(view, reply, hasFacets, filterTimer === 0);
    document.dispatchEvent(new Event('bookshare:drawn'));
    $('.flash')?.remove(); // it is about the previous step
    recover();
    if (fromTop && scrollY > $('.listhead').offsetTop) scrollTo(0, 0);
    fromTop = false;
    if (place !== undefined) scrollTo(0, place);
    place = undefined;
  } catch (error) {
    if (signal.aborted) return;
    fail(error.message && !(error instanceof TypeError) ? error.message : '');
  }
  $('#books').removeAttribute('aria-busy');
}

function settleFilters() {
  clearTimeout(filterTimer);
  filterTimer = 0;
}

// Requests a view, with the filters that have just been set.
function go(view, step) {
  clearTimeout(timer);
  wanted = filterTimer ? { ...view, ...chosenBeside(wanted), page: 1 } : view;
  settleFilters();
  place = undefined;
  how = how === 'push' && step === 'replace' ? 'push' : step; // the step it replaces is not in the history yet
  fetchRows();
}

// ---- User input

function search() {
  const text = box.value.trim();
  if (text === wanted.search && failure.hidden) return;
  fromTop = true;
  go(searched(wanted, text), isTyping ? 'replace' : 'push');
  isTyping = true;
}

// Waits for half the duration of a request: a fast server is asked at each key, a slow one less often.
box.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(search, Math.min(SLOW_MS, lastMs / 2));
});

box.form.addEventListener('submit', (event) => {
  event.preventDefault();
  search();
  isTyping = false; // the next key starts a new search
});

function filter() {
  isTyping = false;
  fromTop = true;
  go(searched({ ...wanted, ...chosen(wanted) }, box.value.trim()), 'push');
}

const form = $('#filters');
form.addEventListener('change', ({ target }) => {
  clearTimeout(filterTimer);
  filterTimer = setTimeout(filter, target.type === 'date' ? DAY_MS : 0);
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  filter();
});

let asked = ''; // the result whose choices were requested last

// Requests the counted choices, at the first sign of a person: a page that is only loaded costs no search.
async function count() {
  const view = shown;
  const result = resultOf(view);
  if (isCounted() || result === asked) return;
  asked = result;
  const reply = await ask(questionOf({ ...view, page: 1, rows: 1 }, true)).catch(() => null);
  if (reply?.facets && result === resultOf(shown)) showFacets(shown, reply.facets);
  if (!reply && asked === result) asked = ''; // allow another request; a reply without counts has none
}

for (const event of ['pointermove', 'pointerdown', 'scroll']) addEventListener(event, count, { once: true, passive: true });
for (const event of ['pointermove', 'pointerdown', 'keydown']) addEventListener(event, loadTable, { once: true, passive: true });
for (const event of ['pointerenter', 'focusin']) form.addEventListener(event, count);
$('.filters').addEventListener('toggle', count);

$('.to-filters').addEventListener('click', (event) => {
  event.preventDefault(); // no step in the history
  $('.filters').open = true;
  $('.filters summary').focus();
});

// The menu of columns: a step elsewhere closes it.
const columns = $('.columns');
addEventListener('click', ({ target }) => {
  if (!columns.contains(target)) columns.open = false;
});
columns.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !columns.open) return;
  columns.open = false;
  columns.firstElementChild.focus();
});

// Links to the list are followed in place. With Shift, the head of a column adds an order.
$('#main').addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  const head = event.shiftKey ? link?.closest('#books thead th') : null;
  if (!link || event.button || event.ctrlKey || event.metaKey || (event.shiftKey && !head) || event.altKey) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || address.pathname !== linkTo('/list')) return;
  event.preventDefault();
  isTyping = false;
  fromTop = !columns.contains(link);
  go(head?.cellIndex > 0 ? orderedAlsoBy(wanted, FIELDS[head.cellIndex]) : readView(address.search), 'push');
  box.value = wanted.search;
});

// The fields for a page
function turn(field) {
  if (!field.reportValidity() || field.valueAsNumber === wanted.page) return;
  isTyping = false;
  fromTop = true;
  go({ ...wanted, page: field.valueAsNumber }, 'push');
}

for (const bar of document.querySelectorAll('.goto')) {
  bar.addEventListener('change', ({ target }) => turn(target)); // also without a key to submit it, as on some phones
  bar.addEventListener('submit', (event) => {
    event.preventDefault();
    turn(bar.elements.page);
  });
}

addEventListener('popstate', ({ state }) => {
  const view = readView(location.search);
  if (parametersOf(view) === parametersOf(wanted) && wanted === shown) return; // a step within the page
  isTyping = false;
  fromTop = false;
  settleFilters();
  places.set(step, scrollY);
  step = state?.step ?? 0;
  go(view, 'keep');
  place = places.get(step); // the browser scrolls in the rows that are still there
  box.value = view.search;
});

// Somebody wants to see what others have changed (others.js).
addEventListener('bookshare:show', (event) => {
  event.preventDefault();
  go(wanted, 'keep');
});

// The browser may restore the page as it was left; books may have changed since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) go(wanted, 'keep');
});

if (box.value.trim() !== wanted.search) search(); // typed before this script was loaded

// A page file cannot know how long this load took; the browser does.
addEventListener('load', () => {
  const took = $('#took');
  const [load] = performance.getEntriesByType('navigation');
  if (!took || !load) return;
  took.querySelector('span').textContent = ((load.responseEnd - load.requestStart) / 1000).toFixed(4);
  took.hidden = false;
});
