// The rows that DataTables draws: cells as text, matches marked, links that return to the view.
import { element, linkTo } from './dom.js';
import { addressOf, encode, FIELDS } from './view.js';

// A text with marked ranges, given as sorted [begin, end] pairs. Returns nodes: DataTables would parse a string as
// HTML, but text nodes stay text.
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

// The ID of a book's row, as the server makes it: the URL fragment that leads to it.
export const keyOf = (book) => `b-${encode(book.book_id)}`;

// The columns for DataTables; viewOf returns the view that is shown. mayEdit: the last one has the actions.
export function columns(viewOf, mayEdit) {
  const cell = (value, name, book) => {
    const nodes = marked(value, book.marks?.[name] ?? []);
    return name === 'title' ? element('a', { href: linkTo(`/books/${encode(book.book_id)}`) }, nodes) : nodes;
  };
  const text = FIELDS.map((name) => ({
    data: name,
    name,
    type: 'string', // do not guess it from the rows at each draw
    cellType: name === 'title' ? 'th' : 'td',
    render: (value, use, book) => (use === 'display' ? cell(value, name, book) : value),
    createdCell(node) {
      if (name === 'title') node.scope = 'row';
    },
  }));
  const actions = {
    data: 'book_id',
    type: 'string',
    render(id, use, { title }) {
      if (use !== 'display') return id;
      const nodes = document.createDocumentFragment();
      nodes.append(
        element('input', { type: 'checkbox', name: 'id', value: id, form: 'picked', 'aria-label': `Select ${title}` }), ' ',
        element('a', { href: addressOf(`/update/${encode(id)}`, viewOf()), 'aria-label': `Edit ${title}` }, 'Edit'),
      );
      return nodes;
    },
  };
  return mayEdit ? [...text, actions] : text;
}
