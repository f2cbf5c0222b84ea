// The books that are selected in the list, to be changed or deleted together. Style alone shows the form when a row is
// selected (list.css); this script counts, and keeps the view that the form leads back to.
import { $, element } from './dom.js';
import { parametersOf } from './view.js';

const form = $('#picked');
const boxes = () => [...document.querySelectorAll('#books input[name=id]')];

function count() {
  form.querySelector('.count').textContent = `${boxes().filter(({ checked }) => checked).length} selected`;
}

// Called when other rows are drawn, of which none is selected.
export function keepView(view) {
  if (!form) return;
  for (const field of form.querySelectorAll('[type=hidden]')) field.remove();
  for (const [name, value] of new URLSearchParams(parametersOf(view))) {
    form.append(element('input', { type: 'hidden', name, value }));
  }
}

if (form) {
  const all = element('button', { type: 'button', class: 'btn btn-sm btn-outline-primary' }, 'Whole page');
  all.addEventListener('click', () => {
    for (const box of boxes()) box.checked = true;
    count();
  });
  form.querySelector('[type=reset]').before(all, ' ');
  $('#books').addEventListener('change', count);
  form.addEventListener('reset', () => boxes().find(({ checked }) => checked)?.focus()); // the button goes with the form
  count(); // the browser may have restored the page as it was left
}
