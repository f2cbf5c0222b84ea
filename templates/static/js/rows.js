// The rows that DataTables draws: cells as text, what was found marked, links that lead back to the view.
import { element } from './dom.js';
import { addressOf, encode, FIELDS } from './view.js';

// A text with parts of it marked, given as [begin, end] in its order. Nodes, where DataTables would take a string for
// HTML: a text can only be text then, and there is nothing to parse.
function marked(text, parts) {
  const nodes = document.createDocumentFragment();
  let at = 0;
  for (const [begin, end] of parts) {
    nodes.append(text.slice(at, begin), element('mark', {}, text.slice(begin, end)));
    at = end;
  }
  nodes.append(text.slice(at));
  return nodes;
}

// What tells the row of a book apart, as the server has it: the fragment of an address that leads to it.
export const keyOf = (book) => `b-${encode(book.book_id)}`;

// The columns, for DataTables; viewOf tells the view that is shown.
export function columns(viewOf) {
  const text = FIELDS.map((name) => ({
    data: name,
    name,
    type: 'string', // not to be guessed from the rows at each draw
    cellType: name === 'title' ? 'th' : 'td',
    render: (value, use, book) => (use === 'display' ? marked(value, book.marks?.[name] ?? []) : value),
    createdCell(cell) {
      if (name === 'title') cell.scope = 'row';
    },
  }));
  const link = (path, label, id) => element('a', { href: addressOf(`/${path}/${encode(id)}`, viewOf()) }, label);
  const actions = {
    data: 'book_id',
    type: 'string',
    render(id, use) {
      if (use !== 'display') return id;
      const nodes = document.createDocumentFragment();
      nodes.append(link('update', 'Update', id), ' ', link('delete', 'Delete', id));
      return nodes;
    },
  };
  return [...text, actions];
}
