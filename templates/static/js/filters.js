// The filters of the list: chosen values, choices, and their display.
import { $, element, grouped, hidden, linkTo } from './dom.js';
import { addressOf, CHOICES, chosenOf, DAYS, FILTERS, isWhole, NO_FILTERS, readView, resultOf, searched, usualOrder } from './view.js';

const form = $('#filters');
let counted = form.dataset.counted ? resultOf(readView(location.search)) : null; // the result whose choices are counted
const labels = { from: 'Available from', until: 'Available until' };
for (const { name, labels: [label] } of form.querySelectorAll('select')) labels[name] = label.firstElementChild.textContent;

// Of a field with several chosen values the form has the first; the others are only in the view.
const fieldOf = (name) => form.querySelector(`[name=${name}]:not([type=hidden])`);
const shownOf = (view, name) => [view[name]].flat()[0] ?? '';

// A view's filter with what the form has in its place.
function valueOf(view, name) {
  const { value } = fieldOf(name);
  return DAYS.includes(name) ? value : [...new Set([value, ...view[name].slice(1)])].filter(Boolean);
}

// The form's values, as changes to a view.
export function chosen(view) {
  const changes = { sort: form.elements.sort.value };
  for (const name of FILTERS) changes[name] = valueOf(view, name);
  return changes;
}

// The filters that differ between the form and a view.
export const chosenBeside = (view) => Object.fromEntries(
  FILTERS.filter((name) => fieldOf(name).value !== shownOf(view, name)).map((name) => [name, valueOf(view, name)]));

// The choices of a field with the number of books of each; facet is undefined if they were not counted.
function showChoices(select, value, facet) {
  const options = [element('option', { value: '' }, 'Any')];
  const counted = (facet?.values ?? []).filter((one) => one.value);
  if (value && !counted.some((one) => one.value === value)) options.push(element('option', { value }, value));
  for (const one of counted)
    options.push(element('option', { value: one.value }, `${one.value} (${grouped(one.count)})`));
  if (facet?.is_cut) options.push(element('option', { disabled: '' }, 'Use the search for rarer ones'));
  select.replaceChildren(...options);
  select.value = value;
}

// Shows the choices of a view. facets: undefined if they were not counted.
export function showFacets(view, facets) {
  for (const name of CHOICES) showChoices(fieldOf(name), shownOf(view, name), facets?.[name]);
  counted = facets ? resultOf(view) : null;
}

export const isCounted = () => counted !== null;

// Returns whether a view has other choices than those shown. The whole list is not counted until someone asks, so that
// it can come from the shared page file.
export const needsFacets = (view) => counted !== resultOf(view) && (isCounted() || !isWhole(view));

// The order of a view, in words.
export function orderLabel(view) {
  const options = [...form.elements.sort.options];
  return view.sort.split(',').map((order) => options.find(({ value }) => value === order)?.textContent ?? '').join('; ');
}

// Shows the order of a view. One by several columns is an option of its own.
function showOrder(view) {
  const select = form.elements.sort;
  const label = orderLabel(view);
  for (const option of [...select.options]) if (option.value.includes(',')) option.remove();
  if (view.sort.includes(',')) select.prepend(element('option', { value: view.sort }, label));
  select.value = view.sort;
}

// Shows the chosen filters of a view. isIdle: the user is not changing filters right now, so the form may be
// overwritten.
export function showChosen(view, isIdle) {
  if (isIdle) {
    for (const name of FILTERS) if (fieldOf(name).value !== shownOf(view, name)) fieldOf(name).value = shownOf(view, name);
    showOrder(view);
  }

  const active = chosenOf(view);
  const summary = $('.filters summary');
  summary.replaceChildren('Filters and order');
  if (active.length) summary.append(' ', element('span', { class: 'count' }, String(active.length)));

  const chips = $('#chips');
  const hadFocus = chips.contains(document.activeElement);
  const chip = (label, value, change) => [
    element('a', { href: addressOf('/list', { ...view, page: 1, ...change }) },
      hidden('Remove '), `${label}: `, element('bdi', {}, value)),
    '\n',
  ];
  const without = (name, value) => ({ [name]: DAYS.includes(name) ? '' : view[name].filter((one) => one !== value) });
  chips.replaceChildren(...active.flatMap(([name, value]) => chip(labels[name], value, without(name, value))));
  const usual = usualOrder(view.search);
  if (view.sort !== usual) chips.append(...chip('Order', orderLabel(view), { sort: usual }));
  const best = form.elements.sort.querySelector('[value=best]');
  best.hidden = best.disabled = !view.search;
  const all = addressOf('/list', { ...searched(view, ''), ...NO_FILTERS });
  if (!isWhole(view)) chips.append(element('a', { class: 'all', href: all }, 'Show all books'));
  for (const link of document.querySelectorAll(`#none a[href^="${linkTo('/list')}"]`)) link.href = all;
  if (hadFocus) (chips.querySelector('a') ?? $('#main')).focus();
}
