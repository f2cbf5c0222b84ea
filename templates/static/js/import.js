// Shows the progress of an upload while the browser waits for the result page. Without this script only that page
// appears.
'use strict';

for (const form of document.querySelectorAll('form[data-progress]')) {
  const note = document.createElement('p');
  const bar = document.createElement('progress');
  const text = document.createElement('span');
  let timer = 0;

  note.className = 'note import-progress';
  note.hidden = true;
  bar.setAttribute('aria-label', 'Progress of the import');
  note.append(bar, ' ', text);
  form.append(note);

  // The progress belongs to this form if the import is about as long as its file: the rest of the form is small.
  const look = async () => {
    const size = form.querySelector('input[type=file]').files[0]?.size ?? 0;
    try {
      const answer = await fetch(form.dataset.progress, { cache: 'no-store' });
      if (answer.status === 200) {
        const progress = await answer.json();
        if (timer && progress.size >= size && progress.size - size < 4096) {
          bar.max = progress.size;
          bar.value = progress.read;
          text.textContent = `${String(progress.books).replace(/\B(?=(\d{3})+$)/g, ',')} lines so far`;
          note.hidden = false;
        }
      }
    } catch {
      // The next poll may succeed.
    }
    if (timer) timer = setTimeout(look, 500);
  };

  form.addEventListener('submit', (event) => {
    if (!event.defaultPrevented && !timer) timer = setTimeout(look, 200);
  });

  // The Back button may restore the page as it was left.
  window.addEventListener('pageshow', () => {
    clearTimeout(timer);
    timer = 0;
    note.hidden = true;
  });
}
