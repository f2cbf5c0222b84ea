// A view of the list: which books, in which order, which part of them. Its address is written as the server writes it
// (src/view/link.c), so that a page made by script has the links of one that was sent.

export const PAGE_ROWS = 100; // where an address says nothing else
export const FIELDS = ['book_id', 'title', 'category', 'authors', 'publisher', 'edition', 'available_from'];
export const FILTERS = ['category', 'publisher', 'edition', 'from', 'until'];

// The view that the parameters of an address ask for.
export function readView(parameters) {
  const given = new URLSearchParams(parameters);
  const text = (name) => (given.get(name) ?? '').trim();
  const sort = text('sort');
  const view = {
    page: Number(text('page')) || 1,
    rows: Number(text('per_page')) || PAGE_ROWS,
    search: text('search'),
    sort: sort.replace(/^-/, '') || 'book_id',
    isDescending: sort.startsWith('-'),
  };
  for (const name of FILTERS) view[name] = text(name);
  return view;
}

export const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

// The order of a view, as the address has it.
export const orderOf = (view) => (view.isDescending ? '-' : '') + view.sort;

// The parameters that ask for a view; '' for the first page of the whole list.
export function parametersOf(view) {
  const order = orderOf(view);
  const all = [
    ['page', view.page > 1 ? view.page : ''],
    ['per_page', view.rows === PAGE_ROWS ? '' : view.rows],
    ['search', view.search],
    ...FILTERS.map((name) => [name, view[name]]),
    ['sort', order === 'book_id' ? '' : order],
  ];
  return all.filter(([, value]) => value !== '').map(([name, value]) => `${name}=${encode(value)}`).join('&');
}

// The address of a page of ours that shows a view, or comes back to it.
export function addressOf(path, view) {
  const parameters = parametersOf(view);
  return parameters ? `${path}?${parameters}` : path;
}

// What the table is asked for to show a view (src/web/datatable.h).
export function questionOf(view, draw, hasFacets) {
  const question = new URLSearchParams({
    draw,
    start: (view.page - 1) * view.rows,
    length: view.rows,
    'search[value]': view.search,
    'order[0][name]': view.sort,
    'order[0][dir]': view.isDescending ? 'desc' : 'asc',
  });
  for (const name of FILTERS) if (view[name]) question.set(name, view[name]);
  if (hasFacets) question.set('facets', '1');
  return `/api/books/datatable?${question}`;
}

// What tells apart views of which something else is counted.
export const resultOf = (view) => ['search', ...FILTERS].map((name) => encode(view[name])).join('&');

export const isWhole = (view) => !view.search && FILTERS.every((name) => !view[name]);
