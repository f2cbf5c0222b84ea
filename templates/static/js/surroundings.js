// Keeps everything around the rows of a list page in step with the view. The server renders the same texts
// (templates/list.cs); t/browser/live.js compares the two.
import { $, element, grouped, hidden, linkTo } from './dom.js';
import { orderLabel, showChosen, showFacets } from './filters.js';
import { keepView } from './picked.js';
import { addressOf, CHOICES, chosenOf, FIELDS, ordersOf, PAGE_ROWS } from './view.js';

const AROUND = 2; // pages shown on either side of the current one

function showHeading(view, total) {
  const heading = $('#heading');
  const isChosen = chosenOf(view).length > 0;
  if (view.search) {
    const found = total === 0 ? 'No book matches' : total === 1 ? '1 book matches' : `${grouped(total)} books match`;
    heading.replaceChildren(`${found} `, element('q', {}, element('bdi', {}, view.search)));
  } else {
    heading.textContent = total > 1 ? `${grouped(total)} books` : total === 1 ? '1 book' : isChosen ? 'No book matches' : 'No books yet';
  }
  const parts = [view.search, ...CHOICES.flatMap((name) => view[name])].filter(Boolean);
  if (parts.length === 0) parts.push(isChosen ? 'Chosen books' : 'All books');
  if (view.page > 1) parts.push(`page ${view.page}`);
  document.title = `${parts.join(', ')} - Book Share`;
}

// Shows the searches that are suggested where hardly anything was found.
function showSuggestions(view, suggestions = []) {
  const line = $('#meant');
  line.replaceChildren('Did you mean', ...suggestions.flatMap(({ search, total }, index) => [
    index ? ', ' : ' ', element('a', { href: addressOf('/list', { ...view, search, page: 1 }) }, element('bdi', {}, search)), ` (${grouped(total)})`,
  ]), '?');
  line.hidden = suggestions.length === 0;
}

// Announces to screen readers what is shown.
function announce(view, pages) {
  const said = [$('#heading').textContent];
  if (pages > 1) said.push(`page ${grouped(view.page)} of ${grouped(pages)}`);
  if (view.sort !== FIELDS[0] && view.sort !== 'best') said.push(`by ${orderLabel(view)}`);
  $('#status').textContent = said.join(', ');
}

function showOrigin({ source, seconds, version, recordsFiltered, is_verified: isVerified }) {
  const line = $('.source');
  line.textContent = `Data loaded from ${source}. Length: ${recordsFiltered}. Time took: ${seconds.toFixed(4)} seconds`;
  line.dataset.version = version;
  $('#unsure').hidden = isVerified;
}

// An entry of the page bar; page 0 gives one without a link.
function entry(view, kind, page, ...label) {
  const isCurrent = kind === 'page' && page === view.page;
  return element('li', { class: kind }, page > 0
    ? element('a', { href: addressOf('/list', { ...view, page }), 'aria-current': isCurrent ? 'page' : null }, ...label)
    : element('span', {}, ...label));
}

function entriesOf(view, pages) {
  const { page } = view;
  const from = Math.max(1, page - AROUND);
  const to = Math.min(pages, page + AROUND);
  const entries = [
    entry(view, 'first', page > 1 ? 1 : 0, 'First'),
    entry(view, 'previous', page - 1, 'Previous'),
  ];
  if (from > 1) entries.push(entry(view, 'gap', 0, '…'));
  for (let i = from; i <= to; i++) entries.push(entry(view, 'page', i, hidden('Page '), grouped(i)));
  if (to < pages) entries.push(entry(view, 'gap', 0, '…'));
  entries.push(
    entry(view, 'next', page < pages ? page + 1 : 0, 'Next'),
    entry(view, 'last', page < pages ? pages : 0, 'Last'),
  );
  return entries;
}

// Moves the focus from either page bar to the one above the rows, which is in sight then.
function focusPages(bar, focused) {
  const kind = focused.parentElement.className;
  const selector = focused.name === 'page' ? 'input' : kind === 'page' ? '[aria-current]' : `.${kind} a[href]`;
  const target = bar.querySelector(selector) ?? bar.querySelector('[aria-current]');
  (bar.hidden ? $('#main') : target).focus({ preventScroll: true }); // list.js does the scrolling
}

function showPages(view, pages) {
  const bars = document.querySelectorAll('.pages');
  const focused = document.activeElement.closest('.pages :is(a, input)');
  for (const bar of bars) {
    const field = bar.querySelector('input');
    bar.hidden = pages === 1;
    bar.querySelector('ul').replaceChildren(...(pages > 1 ? entriesOf(view, pages) : []));
    field.value = view.page;
    field.max = pages;
    bar.querySelector('.most').textContent = grouped(pages);
  }
  if (focused) focusPages(bars[0], focused);
}

function showPart(view, count, total) {
  const first = (view.page - 1) * view.rows;
  const part = `${grouped(count > 0 ? first + 1 : 0)} to ${grouped(first + count)} of ${grouped(total)}`;
  $('.showing').textContent = `Showing ${part} book${total === 1 ? '' : 's'}`;
  $('#books caption').textContent = `Books ${part}`;
  for (const link of document.querySelectorAll('.sizes a')) {
    const rows = Number(link.textContent);
    link.href = addressOf('/list', { ...view, rows, page: 1 });
    if (rows === view.rows) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

function showHeads(view) {
  const [first] = ordersOf(view);
  for (const [index, head] of [...document.querySelectorAll('#books thead th')].slice(0, FIELDS.length).entries()) {
    const isOrder = first?.name === FIELDS[index];
    const sort = (isOrder && !first.isDescending ? '-' : '') + FIELDS[index];
    if (isOrder) head.setAttribute('aria-sort', first.isDescending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
    head.querySelector('a').href = addressOf('/list', { ...view, sort, page: 1 });
  }
}

// Leaves out the columns that a view hides.
function showColumns(view) {
  if (view.hide.length) $('#books').dataset.hide = view.hide.join(' ');
  else delete $('#books').dataset.hide;
  const fields = FIELDS.filter((name) => name !== 'title');
  for (const [index, link] of document.querySelectorAll('.columns a').entries()) {
    const isHidden = view.hide.includes(fields[index]);
    const hide = FIELDS.filter((name) => view.hide.includes(name) !== (name === fields[index]));
    link.href = addressOf('/list', { ...view, hide });
    link.classList.toggle('off', isHidden);
    link.firstElementChild.textContent = isHidden ? 'Show ' : 'Hide ';
  }
}

export const pagesOf = (view, total) => Math.max(1, Math.ceil(total / view.rows));

// Shows everything in a reply about a view except the rows. hasFacets: they were requested; isIdle: as for
// showChosen().
export function showSurroundings(view, reply, hasFacets, isIdle) {
  const total = reply.recordsFiltered;
  const pages = pagesOf(view, total);
  showHeading(view, total);
  showSuggestions(view, reply.suggestions);
  showOrigin(reply);
  showPages(view, pages);
  showPart(view, reply.data.length, total);
  showHeads(view);
  showColumns(view);
  if (hasFacets) showFacets(view, reply.facets);
  showChosen(view, isIdle);
  announce(view, pages);
  keepView(view);
  for (const link of document.querySelectorAll(`a[href^="${linkTo('/add')}"]`)) link.href = addressOf('/add', view);
  const files = $('.files');
  files.hidden = reply.data.length === 0;
  for (const link of files.children) {
    const file = link.pathname.match(/\/(?:export\.\w+|edit)$/)?.[0]; // is about the whole result
    link.href = file ? addressOf(file, { ...view, page: 1, rows: PAGE_ROWS, hide: file === '/edit' ? view.hide : [] })
      : addressOf('/api/books', { ...view, hide: [] });
  }
  $('#some').hidden = reply.data.length === 0;
  const hadFocus = $('#none').contains(document.activeElement);
  $('#none').hidden = reply.data.length > 0;
  if (hadFocus && $('#none').hidden) $('#main').focus();
}
