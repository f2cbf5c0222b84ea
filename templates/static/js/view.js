// A view of the list: search, filters, order and page. Builds the same URLs as the server (src/view/link.c), so that
// pages updated by script have the same links.
import { linkTo } from './dom.js';

export const PAGE_ROWS = 100; // default of the parameter per_page
export const FIELDS = ['book_id', 'title', 'category', 'authors', 'publisher', 'edition', 'available_from'];
export const CHOICES = ['category', 'publisher', 'edition']; // in a view each has the values of which a book has one
export const DAYS = ['from', 'until'];
export const FILTERS = [...CHOICES, ...DAYS];

// The order of a view that names none: a search shows the best match first.
export const usualOrder = (search) => (search ? 'best' : 'book_id');

// Parses the parameters of a URL into a view.
export function readView(parameters) {
  const given = new URLSearchParams(parameters);
  const text = (name) => (given.get(name) ?? '').trim();
  const search = text('search');
  const view = {
    page: Number(text('page')) || 1,
    rows: Number(text('per_page')) || PAGE_ROWS,
    search,
    sort: text('sort') === 'best' ? usualOrder(search) : text('sort') || usualOrder(search),
  };
  for (const name of CHOICES) view[name] = [...new Set(given.getAll(name).map((value) => value.trim()).filter(Boolean))];
  for (const name of DAYS) view[name] = text(name);
  view.hide = FIELDS.filter((name) => given.getAll('hide').includes(name)); // the columns that are left out
  return view;
}

export const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

// The columns by which a view is ordered: the first, then those for books that are equal in the ones before. None for
// the best match.
export const ordersOf = (view) => (view.sort === 'best' ? [] : view.sort.split(',').map(
  (order) => ({ name: order.replace(/^-/, ''), isDescending: order.startsWith('-') })));

// Returns the first page of a view that is also ordered by a column or, if it is already, by it the other way round. IDs
// leave nothing to order.
export function orderedAlsoBy(view, name) {
  const orders = ordersOf(view).filter((order) => order.name !== FIELDS[0]);
  const same = orders.find((order) => order.name === name);
  if (same) same.isDescending = !same.isDescending;
  else orders.push({ name, isDescending: false });
  return { ...view, page: 1, sort: orders.map((order) => (order.isDescending ? '-' : '') + order.name).join(',') };
}

// Returns the first page of a view with another search, in the usual order if the view has that.
export const searched = (view, search) => ({
  ...view, search, page: 1, sort: view.sort === usualOrder(view.search) ? usualOrder(search) : view.sort,
});

// The filters that are set in a view, as [name, value] pairs.
export const chosenOf = (view) => FILTERS.flatMap((name) => [view[name]].flat().filter(Boolean).map((value) => [name, value]));

// A view's filters, none of them set.
export const NO_FILTERS = { category: [], publisher: [], edition: [], from: '', until: '' };

// The URL parameters of a view; '' for the first page of the whole list.
export function parametersOf(view) {
  const all = [
    ['page', view.page > 1 ? view.page : ''],
    ['per_page', view.rows === PAGE_ROWS ? '' : view.rows],
    ['search', view.search],
    ...chosenOf(view),
    ['sort', view.sort === usualOrder(view.search) ? '' : view.sort],
    ...view.hide.map((name) => ['hide', name]),
  ];
  const written = (name, value) => (name === 'sort' ? value.split(',').map(encode).join(',') : encode(value));
  return all.filter(([, value]) => value !== '').map(([name, value]) => `${name}=${written(name, value)}`).join('&');
}

// The URL of a page that shows a view, or returns to it.
export function addressOf(path, view) {
  const parameters = parametersOf(view);
  return parameters ? `${linkTo(path)}?${parameters}` : linkTo(path);
}

// The request for the rows of a view (src/web/datatable.h). It is the same for everybody, so that its answer can be
// kept: the number of the draw is left out.
export function questionOf(view, hasFacets) {
  const question = new URLSearchParams({
    start: (view.page - 1) * view.rows,
    length: view.rows,
    'search[value]': view.search,
  });
  for (const [index, { name, isDescending }] of ordersOf(view).entries()) {
    question.set(`order[${index}][name]`, name);
    question.set(`order[${index}][dir]`, isDescending ? 'desc' : 'asc');
  }
  for (const [name, value] of chosenOf(view)) question.append(name, value);
  if (view.search) question.set('suggest', '1');
  if (hasFacets) question.set('facets', '1');
  return linkTo(`/api/books/datatable?${question}`);
}

// Identifies the result that is counted: two views differ here if their counts may.
export const resultOf = (view) => new URLSearchParams([['search', view.search], ...chosenOf(view)]).toString();

export const isWhole = (view) => !view.search && chosenOf(view).length === 0;
