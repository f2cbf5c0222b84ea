// The rows that DataTables draws: cells as text, what was found marked, links that lead back to the view.
import { element } from './dom.js';
import { addressOf, encode, FIELDS } from './view.js';

// Marks parts of a cell's text, given as [begin, end] in the order of the text.
function mark(cell, text, parts) {
  cell.textContent = text;
  for (const [begin, end] of [...parts].reverse()) { // so that the text node keeps what stands before
    const range = document.createRange();
    range.setStart(cell.firstChild, begin);
    range.setEnd(cell.firstChild, end);
    range.surroundContents(element('mark', {}));
  }
}

// The columns, for DataTables; viewOf tells the view that is shown.
export function columns(viewOf) {
  const text = FIELDS.map((name) => ({
    data: name,
    name,
    render: DataTable.render.text(),
    cellType: name === 'title' ? 'th' : 'td',
    createdCell(cell, value, book) {
      if (name === 'title') cell.scope = 'row';
      if (book.marks?.[name]) mark(cell, value, book.marks[name]);
    },
  }));
  const actions = {
    data: null,
    defaultContent: '',
    render: DataTable.render.text(),
    createdCell(cell, value, { book_id: id }) {
      const link = (path, label) => element('a', { href: addressOf(`/${path}/${encode(id)}`, viewOf()) }, label);
      cell.replaceChildren(link('update', 'Update'), ' ', link('delete', 'Delete'));
    },
  };
  return [...text, actions];
}
