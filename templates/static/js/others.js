// Says quietly that others have changed what is shown: a list, a book, or the book of a form. While the tab is visible it
// asks for the version of the table every few seconds, which the web server answers from a file. Nothing is held open.
import { $, element, linkTo } from './dom.js';

const EVERY_MS = 5000; // how often it asks

const line = element('p', { class: 'others', role: 'status' });
let latest = ''; // the version of the last answer
let compared = ''; // the one for which the book was last compared, with the tag of the book on the page
let timer = 0;

// A step is what to do about it, a link or a button.
function say(text, step) {
  if (line.firstChild?.data === text) return; // it has been said
  line.replaceChildren(...(text ? [text, ' ', step()] : []));
}

function showStep() {
  const button = element('button', { type: 'button', class: 'btn btn-link' }, 'Show');
  button.addEventListener('click', () => {
    $('#main').focus({ preventScroll: true }); // the button goes
    say('');
    if (dispatchEvent(new Event('bookshare:show', { cancelable: true }))) location.reload();
  });
  return button;
}

// Beside a form, so that what was typed stays.
function lookStep() {
  return element('a', { href: $('#main').dataset.book.replace('/api/', '/'), target: '_blank', rel: 'noopener' }, 'See it in a new tab');
}

// A version is EPOCH-NUMBER-TOKEN; each write adds one to the number, of one book or of many (src/book/version.h).
function compareList() {
  const shown = $('.source').dataset.version ?? latest;
  const [now, then] = [latest, shown].map((text) => text.split('-'));
  if (latest === shown || (now[0] === then[0] && Number(now[1]) < Number(then[1]))) say('');
  else say('The books have changed since you opened this.', showStep);
}

async function compareBook() {
  const { book, tag } = $('#main').dataset;
  const version = latest;
  const compares = `${version} ${tag}`;
  if (!book || compares === compared) return;
  const { status, headers } = await fetch(book, { method: 'HEAD', cache: 'no-store' });
  if (version !== latest || (status !== 200 && status !== 404)) return; // a later look compares again
  compared = compares;
  if (status === 200 && headers.get('ETag').includes(tag)) say('');
  else if (status === 404) say('Someone has deleted this book.', showStep);
  else if ($('#main form[data-draft]')) say('Someone has just changed this book. Your changes will be merged with theirs when you save.', lookStep);
  else say('Someone has changed this book.', showStep);
}

const compare = $('.source') ? compareList : compareBook;

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const answer = await fetch(linkTo('/api/version'), { cache: 'no-cache' });
    if (answer.status < 500 && !answer.ok) return; // it may not be read any more
    latest = answer.ok ? (await answer.json()).version : latest;
    if (latest) await compare();
  } catch {
    // a server that is away is no news: it is said when somebody needs it
  }
  clearTimeout(timer);
  timer = setTimeout(look, EVERY_MS);
}

document.body.append(line);
document.addEventListener('visibilitychange', look);
document.addEventListener('bookshare:drawn', () => latest && compare()); // other rows (list.js)
timer = setTimeout(look, EVERY_MS);
