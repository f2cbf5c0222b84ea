// The table of books. DataTables draws the rows of each reply. It makes up more than half of all the scripts, so it is
// loaded when somebody begins to use the list, not with the page, whose first rows the server sends.
import { $, element } from './dom.js';
import { columns, keyOf } from './rows.js';
import { FIELDS } from './view.js';

const SCRIPT = new URL('../vendor/dataTables.min.js', import.meta.url).href;

let loading = null; // a promise, once DataTables was asked for
let table = null; // DataTables' object, from the first reply on
let next; // the reply to draw

// Loads DataTables if it is not there. Returns a promise: whether it is there. The next call after a failure tries
// again.
export function loadTable() {
  loading ??= new Promise((resolve) => {
    const script = element('script', { src: SCRIPT });
    script.addEventListener('load', () => resolve(true));
    script.addEventListener('error', () => {
      script.remove();
      loading = null;
      resolve(false);
    });
    document.head.append(script);
  });
  return loading;
}

function create(viewOf) {
  DataTable.ext.errMode = 'none'; // no alert boxes
  const mayEdit = document.querySelectorAll('#books thead th').length > FIELDS.length;
  $('#books tbody').replaceChildren(); // DataTables need not read the rows that the server has sent
  return new DataTable('#books', {
    serverSide: true,
    paging: false, // the page bar, the heads and the search box are the page's own, and work without script:
    ordering: false, // they change the view
    searching: false,
    info: false,
    autoWidth: false, // the style sheet sets the widths
    layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
    columns: columns(viewOf, mayEdit),
    createdRow(row, book) {
      row.id = keyOf(book);
    },
    ajax: ({ draw }, show) => show({ ...next, draw }),
  });
}

// Draws the rows of a reply; viewOf returns the view to which the links of the rows return. Needs loadTable().
export function drawRows(reply, viewOf) {
  next = reply;
  if (table) table.draw();
  else table = create(viewOf);
}
