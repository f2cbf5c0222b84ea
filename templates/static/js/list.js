// Sorts and filters the rows of this page, in place. The server has already searched and paged.
'use strict';

if (window.DataTable && document.getElementById('books')) {
  DataTable.ext.errMode = 'none'; // no alert boxes: the table reads well without us

  const table = new DataTable('#books', {
    paging: false,
    info: false,
    autoWidth: false, // the style sheet sets the widths
    order: [], // the server's order, until a column's head is pressed
    layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
    // The cells hold plain text from the server: sort it by the reader's alphabet, and 2nd before 10th.
    columnDefs: [
      { targets: -1, orderable: false, searchable: false },
      { targets: '_all', type: 'string-utf8' },
    ],
    language: { zeroRecords: 'No row on this page has that. The search at the top looks through all books.' },
  });

  const filter = document.getElementById('filter');
  const filtered = document.getElementById('filtered');
  filter.addEventListener('input', () => {
    table.search(filter.value).draw();
    filtered.textContent = filter.value ? table.rows({ search: 'applied' }).count() + ' rows shown' : '';
  });
  filter.closest('[hidden]').hidden = false;
}

// A page from a file cannot know how long this load of it took; the browser does.
addEventListener('load', () => {
  const took = document.getElementById('took');
  const [load] = performance.getEntriesByType('navigation');
  if (!took || !load) return;
  took.querySelector('span').textContent = ((load.responseEnd - load.requestStart) / 1000).toFixed(4);
  took.hidden = false;
});
