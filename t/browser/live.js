// Types, sorts, filters, pages, goes back and forward, and loses the server. After each step the page is compared with
// what the server renders for the same URL. Usage: node live.js ADDRESS

'use strict';

const { assert, open, run, step } = require('./browser');

const [address] = process.argv.slice(2);
const odd = `Odd & "sorts" <i>'`;

let page;

const box = () => page.getByRole('searchbox', { name: 'Search all books' });
const head = name => page.getByRole('columnheader', { name }).getByRole('link');
const bar = name => page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name, exact: true });
const choice = name => page.getByRole('combobox', { name });
const rows = () => page.locator('tbody tr');
const asked = () => decodeURIComponent(new URL(page.url()).search);
const heading = () => page.locator('h1').innerText();

// Waits until the page shows what an address asks for; it is in the address bar when the rows are there.
const shows = search => page.waitForURL(url => decodeURIComponent(url.search) === search);

// All texts and links of the list page, except those that differ between loads.
function state() {
    const texts = selector => [...document.querySelectorAll(selector)].map(node => node.textContent.replace(/\s+/g, ' ').trim());
    const links = selector => [...document.querySelectorAll(`${selector} a`)].map(link =>
        [link.textContent.trim(), link.getAttribute('href'), link.getAttribute('aria-current')].join(' | '));
    const fields = [...document.querySelector('#filters').elements].filter(field => field.type !== 'hidden');
    return {
        title: document.title,
        texts: texts('h1, #chips, .pages li, .showing, #books caption, .filters summary').concat(texts('.source')[0].replace(/Time.*/, '')),
        isShown: ['#some', '#none', '#unsure', '.files', '.pages', '#some > .pages'].map(id => !document.querySelector(id).hidden),
        pages: [...document.querySelectorAll('.goto')].map(bar => [bar.elements.page.value, bar.elements.page.max, bar.querySelector('.most').textContent]),
        isCounted: Boolean(document.querySelector('#filters').dataset.counted),
        box: document.querySelector('#search').value,
        links: ['#chips', '.sizes', '.columns', '.pages', '#books thead', '.mast nav', '.files', '#none'].map(links),
        hidden: document.querySelector('#books').dataset.hide,
        sorted: [...document.querySelectorAll('th[aria-sort]')].map(th => [th.textContent.trim(), th.ariaSort]),
        fields: fields.map(field => [field.name, field.value, field.options && [...field.options].map(({ value, text }) => [value, text])]),
        rows: [...document.querySelector('#books').tBodies[0].rows].filter(row => !row.querySelector('.dt-empty'))
            .map(row => [...row.cells].map(cell => `${cell.localName} ${cell.getAttribute('scope')} ${cell.innerHTML}`)),
    };
}

async function isAsSent() {
    const live = await page.evaluate(state);
    const other = await page.context().newPage();
    await other.goto(page.url());
    const sent = await other.evaluate(state);
    await other.close();
    live.isCounted = sent.isCounted; // the whole list is sent without choices, which the script may have fetched
    for (const { fields } of sent.isCounted ? [] : [live, sent])
        for (const field of fields)
            field.splice(2);
    assert.deepEqual(live, sent);
}

step('rows load while typing, without an earlier request to the server', async browser => {
    page = await open(browser);
    const requests = [];
    page.on('request', request => requests.push(request.url()));
    await page.goto(`${address}/list`);
    await page.waitForLoadState();
    assert.equal(await rows().count(), 100);
    assert.deepEqual(requests.filter(url => /\/api\/|dataTables/.test(url)), []);
    await box().pressSequentially('strasse');
    await shows('?search=strasse');
    assert.equal(await heading(), '1 book matches strasse');
    assert.equal(await page.locator('mark').innerText(), 'Straße');
    assert.equal(await page.locator('tbody th').innerText(), 'Ünder <b>the</b> & "Straße" 📚');
    assert.match(await page.locator('.source').innerText(), /^Data loaded from the search index\. Length: 1\. Time took: \d\.\d{4} seconds$/);
    assert.equal(await page.locator('#status').innerText(), '1 book matches strasse');
    assert.equal(await box().evaluate(node => node === document.activeElement), true);
    await isAsSent();
});

step('many steps of typing are one step back', async () => {
    await page.goBack();
    await page.getByRole('heading', { name: '1,051 books' }).waitFor();
    assert.equal(asked(), '');
    assert.equal(await box().inputValue(), '');
    await page.goForward();
    await page.getByRole('heading', { name: '1 book matches' }).waitFor();
    assert.equal(await box().inputValue(), 'strasse');
    await isAsSent();
});

step('an answer that was overtaken is not shown', async () => {
    let held;
    await page.route(/value%5D=th&/, route => { held = route; });
    await box().fill('th');
    await page.locator('#books[aria-busy]').waitFor();
    while (!held)
        await page.waitForTimeout(5);
    await box().fill('the');
    await shows('?search=the');
    await page.unroute(/value%5D=th&/);
    await isAsSent();
});

step('marks stand where they stood in the text', async () => {
    await box().fill('📚 ete odd');
    await shows('?search=📚 ete odd');
    assert.deepEqual(await page.locator('mark').allInnerTexts(), ['📚', 'Odd', 'été']);
    await isAsSent();
});

step('nothing found, and back to everything', async () => {
    await box().fill('no such thing');
    await shows('?search=no such thing');
    assert.equal(await heading(), 'No book matches no such thing');
    assert.equal(await page.locator('#books').isVisible(), false);
    await isAsSent();
    await box().fill('');
    await shows('');
    assert.equal(await rows().count(), 100);
    await page.getByText('Showing 1 to 100 of 1,051 books').waitFor();
});

step('heads sort, by mouse and by keyboard', async () => {
    await head('Title').click();
    await shows('?sort=title');
    await isAsSent();
    await head('Title').press('Enter');
    await shows('?sort=-title');
    assert.equal(await head('Title').evaluate(node => node === document.activeElement), true);
    await isAsSent();
    await head('Available').click();
    await shows('?sort=available_from');
    await isAsSent();
});

step('pages and their size', async () => {
    await page.locator('.sizes').getByRole('link', { name: '25' }).click();
    await shows('?per_page=25&sort=available_from');
    assert.equal(await rows().count(), 25);
    await bar('Next').press('Enter');
    await shows('?page=2&per_page=25&sort=available_from');
    assert.equal(await bar('Next').evaluate(node => node === document.activeElement), true, 'the focus stays');
    await isAsSent();
    await bar('Last').click();
    await shows('?page=43&per_page=25&sort=available_from');
    assert.equal(await rows().count(), 1);
    await isAsSent();
});

step('columns are hidden and shown in place', async () => {
    const heads = async () => (await page.getByRole('columnheader').allInnerTexts()).filter(text => /^(Book ID|Authors)/.test(text));
    await page.getByText('Columns', { exact: true }).click();
    await page.getByRole('link', { name: 'Hide Authors' }).click();
    await shows('?page=43&per_page=25&sort=available_from&hide=authors');
    await page.getByRole('link', { name: 'Hide Book ID' }).click();
    await shows('?page=43&per_page=25&sort=available_from&hide=book_id&hide=authors');
    assert.deepEqual(await heads(), []);
    assert.equal(await page.evaluate(() => document.querySelector('#books').rows[0].getBoundingClientRect().right >= innerWidth - 24), true,
        'the others have its room');
    await isAsSent();
    await page.getByRole('link', { name: 'Show Book ID' }).press('Escape');
    assert.equal(await page.getByRole('link', { name: 'Show Book ID' }).isVisible(), false);
    await page.goBack();
    await page.goBack();
    await shows('?page=43&per_page=25&sort=available_from');
    await page.locator('#books:not([data-hide])').waitFor();
    assert.equal((await heads()).length, 2);
});

step('a page by its number, above and below', async () => {
    const field = label => page.getByRole('navigation', { name: label, exact: true }).getByRole('spinbutton', { name: 'Page of' });
    await field('Pages, below').fill('7');
    await field('Pages, below').press('Enter');
    await shows('?page=7&per_page=25&sort=available_from');
    assert.equal(await field('Pages').evaluate(node => node === document.activeElement), true, 'where the rows begin');
    assert.equal(await page.evaluate('scrollY'), 0);
    await isAsSent();
    await field('Pages').fill('99');
    await field('Pages').press('Enter');
    assert.equal(await field('Pages').evaluate(node => node.validity.rangeOverflow), true);
    await field('Pages').fill('43');
    await head('Title').focus(); // without a key to submit it
    await shows('?page=43&per_page=25&sort=available_from');
    await isAsSent();
});

step('the order is a chip', async () => {
    await page.getByRole('link', { name: 'Remove Order: Available from, oldest first' }).click();
    await shows('?per_page=25');
    await isAsSent();
    await head('Available').click();
    await shows('?per_page=25&sort=available_from');
});

step('filters, and chips that take them back', async () => {
    await box().fill('the');
    await shows('?per_page=25&search=the&sort=available_from');
    const first = await choice('Category').locator('option').nth(1).getAttribute('value');
    await choice('Category').selectOption(first);
    await shows(`?per_page=25&search=the&category=${first}&sort=available_from`);
    await isAsSent();
    await page.getByLabel('Available from', { exact: true }).fill('2001-01-01');
    await shows(`?per_page=25&search=the&category=${first}&from=2001-01-01&sort=available_from`);
    await isAsSent();
    await page.getByRole('link', { name: `Remove Category: ${first}` }).press('Enter');
    await shows('?per_page=25&search=the&from=2001-01-01&sort=available_from');
    assert.equal(await choice('Category').inputValue(), '');
    assert.notEqual(await page.evaluate('document.activeElement.localName'), 'body');
    await page.locator('#chips').getByRole('link', { name: 'Show all books' }).click();
    await shows('?per_page=25&sort=available_from');
    assert.equal(await box().inputValue(), '');
    await isAsSent();
});

step('several values of a filter', async () => {
    const values = await page.evaluate(async () => {
        const reply = await (await fetch('/api/books/datatable?length=1&facets=1')).json();
        return reply.facets.category.values.slice(0, 3).map(({ value }) => value);
    });
    const other = await page.context().newPage();
    const steps = page;
    page = other; // not in the history of the steps that follow
    await page.goto(`${address}/list?per_page=25&${values.slice(0, 2).map(value => `category=${encodeURIComponent(value)}`).join('&')}`);
    await box().fill('the');
    await shows(`?per_page=25&search=the&category=${values[0]}&category=${values[1]}`);
    await isAsSent();
    await choice('Category').selectOption(values[2]); // the first gives way
    await shows(`?per_page=25&search=the&category=${values[2]}&category=${values[1]}`);
    await isAsSent();
    await page.getByRole('link', { name: `Remove Category: ${values[2]}` }).click();
    await shows(`?per_page=25&search=the&category=${values[1]}`);
    await isAsSent();
    await other.close();
    page = steps;
});

step('with Shift, a head adds an order, or turns it round', async () => {
    const other = await page.context().newPage();
    const steps = page;
    page = other;
    await page.goto(`${address}/list?per_page=25`);
    await head('Category').click({ modifiers: ['Shift'] }); // to the order of the IDs nothing can be added
    await shows('?per_page=25&sort=category');
    await head('Title').click({ modifiers: ['Shift'] });
    await shows('?per_page=25&sort=category,title');
    await isAsSent();
    await head('Category').press('Shift+Enter');
    await shows('?per_page=25&sort=-category,title');
    await isAsSent();
    await bar('Next').click();
    await shows('?page=2&per_page=25&sort=-category,title');
    await box().fill('the');
    await shows('?per_page=25&search=the&sort=-category,title');
    await isAsSent();
    await page.locator('#chips').getByText('Category, Z to A; Title, A to Z').click();
    await shows('?per_page=25&search=the');
    await isAsSent();
    await other.close();
    page = steps;
});

step('all of that can be gone back and forward through', async () => {
    for (const expected of ['?per_page=25&search=the&from=2001-01-01&sort=available_from', /category=.*from=/, /category=/, /search=the/,
        /per_page=25&sort=available_from/, '?per_page=25', /page=43/, /page=7/, /page=43/, /page=2&/, /per_page=25/, '?sort=available_from', '?sort=-title']) {
        await page.goBack();
        assert.ok(expected instanceof RegExp ? expected.test(asked()) : expected === asked(), `${asked()}: ${expected}`);
    }
    await page.locator('th[aria-sort=descending]', { hasText: 'Title' }).waitFor();
    await isAsSent();
    for (let i = 0; i < 9; i++)
        await page.goForward();
    await page.getByRole('heading', { name: /books match/ }).waitFor();
    await isAsSent();
});

step('back and forward lead to the place that was left, to the pixel', async () => {
    const scroll = y => page.evaluate(top => scrollTo(0, top), y);
    const isAt = y => page.waitForFunction(top => scrollY === top && document.querySelector('#books').ariaBusy !== 'true', y);
    await page.goto(`${address}/list`);
    await scroll(1501);
    await bar('Last').evaluate(link => link.click()); // a click by hand would scroll
    await shows('?page=11');
    await scroll(203);
    await page.goBack();
    await shows('');
    await isAt(1501);
    await page.goForward();
    await shows('?page=11');
    await isAt(203);
    await page.goBack();
    await isAt(1501);
    await rows().nth(30).getByRole('link').first().evaluate(link => link.click()); // another document
    await page.getByRole('link', { name: 'History' }).waitFor();
    await page.goBack();
    await isAt(1501);
    assert.equal(await rows().count(), 100);
});

step('keys: to the search, through the rows, to a book and its form', async () => {
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    const focused = () => page.evaluate(() => [...document.querySelectorAll('#books tbody tr')].indexOf(document.activeElement));
    await page.goto(`${address}/list?per_page=25&sort=title`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    await press('j', 'j', 'j', 'k', 'ArrowDown');
    assert.equal(await focused(), 2);
    const title = await rows().nth(2).locator('th').innerText();
    await press('Control+j', 'Alt+k', 'Meta+e', 'J');
    assert.equal(await focused(), 2, 'not with a modifier');
    await press('Enter');
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await page.waitForLoadState(); // the page may be in sight before its scripts have run
    await press('e');
    await page.getByRole('button', { name: 'Save changes' }).waitFor();
    await page.goto(`${address}/list?per_page=25&sort=title`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    await press('j', 'j', 'e');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.locator('tr.here').waitFor();
    await page.waitForLoadState();
    assert.equal(await focused(), 1);
    await press('k', 'n');
    await page.getByRole('button', { name: 'Add book' }).waitFor();
    assert.equal(asked(), '?per_page=25&sort=title');
    await page.locator('[name=title]').pressSequentially('jk/?ne');
    assert.equal(await page.locator('[name=title]').inputValue(), 'jk/?ne', 'not in a field');
    await page.goto(`${address}/list?per_page=25&sort=title`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    await press('/');
    await page.keyboard.type('the?');
    await shows('?per_page=25&search=the?&sort=title');
});

step('keys: shortcuts work after a row is selected, and do nothing on a page without a list', async browser => {
    const inTable = () => page.evaluate(() => [...document.querySelectorAll('#books tbody tr')].indexOf(document.activeElement.closest('tr')));
    await page.goto(`${address}/list?per_page=25`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    await rows().nth(4).getByRole('checkbox').click();
    await page.keyboard.press('j');
    assert.equal(await inTable(), 5);
    await page.locator('#picked').getByRole('button', { name: 'Clear' }).click();
    assert.equal(await inTable(), 4, 'the focus goes back to what was selected');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
    await page.goto(`${address}/changes`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    for (const key of ['j', 'k', 'e', 'x'])
        await page.keyboard.press(key); // an error in the page fails at the end
});

for (const [width, height] of [[320, 640], [375, 812], [640, 360], [660, 500], [1280, 720]]) {
    step(`${width} wide: the focus is never behind the bars`, async browser => {
        const narrow = await open(browser, { viewport: { width, height } });
        await narrow.goto(`${address}/list?per_page=25&search=the`);
        await narrow.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
        await narrow.locator('#books tbody input').first().check();
        const isHidden = () => narrow.evaluate(() => {
            const at = document.activeElement.getBoundingClientRect();
            const covers = bar => bar && !bar.contains(document.activeElement) && ['sticky', 'fixed'].includes(getComputedStyle(bar).position) &&
                bar.getBoundingClientRect().top < at.bottom - 1 && bar.getBoundingClientRect().bottom > at.top + 1;
            return covers(document.querySelector('.mast')) || covers(document.querySelector('#picked'));
        });
        for (const key of [...Array(60).fill('Tab'), ...Array(40).fill('Shift+Tab')]) {
            await narrow.keyboard.press(key);
            assert.equal(await isHidden(), false, await narrow.evaluate(() => document.activeElement.outerHTML.slice(0, 200)));
        }
        await narrow.close();
    });
}

step('keys: shown, switched off and on', async () => {
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await page.goto(`${address}/list?per_page=25`);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
    for (const on of [false, true]) {
        if (on)
            await page.getByRole('button', { name: 'Keyboard shortcuts' }).press('Enter');
        else
            await page.keyboard.press('?');
        await dialog.getByLabel('Use these shortcuts').setChecked(on);
        await dialog.getByRole('button', { name: 'Close' }).click();
        await page.reload();
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
        await page.keyboard.press('?');
        assert.equal(await dialog.count(), Number(on));
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
});

step('what there is to choose from comes when somebody comes near', async () => {
    await page.goto(`${address}/list`);
    const options = choice('Category').locator('option');
    assert.equal(await options.count(), 1);
    await choice('Category').hover();
    await options.nth(5).waitFor({ state: 'attached' });
    await choice('Category').selectOption(odd);
    await shows(`?category=${odd}`);
    assert.equal(await rows().count(), 1);
    assert.equal(await choice('Category').locator('option:checked').innerText(), `${odd} (1)`);
    await isAsSent();
});

step('an edit leads back to the view it was begun in', async () => {
    await box().fill('the');
    await shows(`?search=the&category=${odd}`);
    await head('Title').click();
    await shows(`?search=the&category=${odd}&sort=title`);
    await rows().getByRole('link', { name: 'Edit' }).click();
    await page.locator('[name=edition]').fill('2nd');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Book !M was updated').waitFor();
    assert.equal(asked(), `?search=the&category=${odd}&sort=title`);
});

step('a server that is down: a message, the old rows, a retry button', async () => {
    await page.goto(`${address}/list?search=the&per_page=25`);
    await page.context().setOffline(true);
    await head('Title').click();
    const alert = page.getByRole('alert');
    await alert.getByText('The books could not be loaded.').waitFor();
    assert.equal(await rows().count(), 25);
    assert.equal(asked(), '?search=the&per_page=25');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.locator('#books:not([aria-busy])').waitFor();
    await page.context().setOffline(false);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Try again', 'pressed in vain, it keeps the focus');
    await alert.getByRole('button', { name: 'Try again' }).press('Enter');
    await shows('?per_page=25&search=the&sort=title');
    assert.equal(await alert.isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'it has gone, and the focus is where the list is');
    await isAsSent();
});

step('an invalid search shows its error', async () => {
    await box().fill('x '.repeat(17));
    await page.getByRole('alert').getByText('A search may have 16 words.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
    await box().fill('the');
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    assert.equal(asked(), '?per_page=25&search=the&sort=title');
});

step('a page that has gone meanwhile: the last one', async () => {
    await page.goto(`${address}/list?per_page=25`);
    await page.evaluate(() => { document.querySelector('.pages .next a').search = '?per_page=25&page=500'; });
    await bar('Next').click();
    await shows('?page=43&per_page=25');
    await isAsSent();
});

step('a link opened with a key held down is left to the browser', async () => {
    const [other] = await Promise.all([page.context().waitForEvent('page'), head('Title').click({ modifiers: ['Control'] })]);
    await other.waitForURL(/sort=title/);
    await other.close();
    assert.equal(asked(), '?page=43&per_page=25');
});

step('back after a step that failed: the rows are those of the address', async () => {
    await page.goto(`${address}/list`);
    await bar('Next').click();
    await shows('?page=2');
    await page.context().setOffline(true);
    await bar('First').click();
    await page.getByRole('alert').getByText('The books could not be loaded.').waitFor();
    await page.context().setOffline(false);
    await page.goBack();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    assert.equal(asked(), '');
    await isAsSent();
    await page.goForward();
    await shows('?page=2');
    await page.waitForFunction(() => document.querySelector('[name=page]').value === '2');
    await isAsSent();
});

step('a date that was just entered is not lost over the next step', async () => {
    await page.goto(`${address}/list?search=the`);
    await page.getByLabel('Available from', { exact: true }).fill('2001-01-01');
    await head('Title').click();
    await shows('?search=the&from=2001-01-01&sort=title');
    await isAsSent();
});

step('the focus stays on the page that was turned to, and what is shown is said', async () => {
    await page.goto(`${address}/list`);
    await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Page 3', exact: true }).press('Enter');
    await shows('?page=3');
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Page 3');
    assert.match(await page.locator('#status').innerText(), /^[\d,]+ books, page 3 of [\d,]+$/);
    await box().fill('no such thing at all');
    await page.locator('#none').getByRole('link', { name: 'Show all books' }).press('Enter');
    await shows('');
    await page.locator('#some').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
});

// Makes a page look for changes at once, as it does when its tab is shown.
const look = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

step('what others change is said quietly, and shown when asked for', async () => {
    const change = async title => assert.equal((await page.request.patch(`${address}/api/books/!M`, {
        data: { title }, headers: { 'Content-Type': 'application/merge-patch+json' },
    })).status(), 200);
    const line = page.locator('.others');
    await page.goto(`${address}/list?search=straße`);
    await look();
    const place = await page.locator('.pages').first().boundingBox();
    await change('Straße one');
    await look();
    await line.getByText('The books have changed since you opened this. Show').waitFor();
    await change('Straße two');
    await look();
    assert.deepEqual(await page.locator('.pages').first().boundingBox(), place, 'it moves nothing');
    await line.getByRole('button', { name: 'Show' }).click();
    await rows().getByText('Straße two').waitFor();
    assert.equal(await line.innerText(), '');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'the focus did not go with the button');
    await change('Straße three');
    await look();
    await line.getByText('The books have changed since you opened this. Show').waitFor();
    await head('Title').click();
    await rows().getByText('Straße three').waitFor();
    await page.waitForFunction(() => document.querySelector('.others').textContent === '');

    await page.goto(`${address}/update/!M`);
    await page.getByLabel('Edition').fill('9th');
    await change('Straße four');
    await look();
    await line.getByText('Someone has just changed this book.').waitFor();
    const [other] = await Promise.all([page.context().waitForEvent('page'), line.getByRole('link').click()]);
    await other.getByRole('heading', { name: 'Straße four' }).waitFor();
    await other.close();
    assert.equal(await page.getByLabel('Edition').inputValue(), '9th');

    await page.goto(`${address}/books/!M`);
    await look();
    await change('Straße five');
    await look();
    await line.getByText('Someone has changed this book.').waitFor();
    await line.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('heading', { name: 'Straße five' }).waitFor();
    assert.equal((await page.request.patch(`${address}/api/books/${encodeURIComponent('!M')}`, {
        data: { title: 'Ünder <b>the</b> & "Straße" 📚' }, headers: { 'Content-Type': 'application/merge-patch+json' },
    })).status(), 200);
});

step('a table of DataTables as it comes: POST, searches in columns, and an error that it shows', async () => {
    await page.goto(`${address}/list`);
    await page.mouse.move(1, 1);
    await page.waitForFunction(() => window.DataTable);
    const [titles, same, error] = await page.evaluate(async () => {
        document.querySelector('#main').insertAdjacentHTML('beforeend', '<table id="own"></table>');
        const columns = ['title', 'category', 'authors', 'book_id'].map(data => ({ data, title: data, render: DataTable.render.text() }));
        const table = new DataTable('#own', { serverSide: true, ajax: { url: '/api/books/datatable', type: 'POST' }, columns, order: [[0, 'desc']] });
        const redraw = change => new Promise(done => table.one('draw', done) && change?.draw());
        await redraw();
        table.column(0).search('the');
        table.column(2).search('a');
        await redraw(table.search('-poetry'));
        const titles = table.column(0).data().toArray();
        const reply = await (await fetch('/api/books?search=-poetry+title:the+author:a&sort=-title&per_page=10')).json();
        table.column(0).search('');
        table.column(2).search('');
        table.page.len(-1);
        let error = '';
        DataTable.ext.errMode = (settings, note, message) => { error = message; };
        await new Promise(done => table.one('xhr', done) && table.search('').draw());
        return [titles, reply.books.map(({ title }) => title), error];
    });
    assert.ok(titles.length > 1);
    assert.deepEqual(titles, same);
    assert.match(error, /1051 rows were requested; an answer has at most 1000\./);
});

step('after an upgrade, which has taken the old script away: the next step loads the page again', async () => {
    await page.route(/dataTables/, route => route.fulfill({ status: 404 }));
    await page.goto(`${address}/list?search=the`);
    await bar('Next').click();
    await page.waitForURL(/page=2/);
    await page.unroute(/dataTables/);
    await page.waitForLoadState();
    for (const text of [...page.complaints].filter(text => /404/.test(text)))
        page.complaints.delete(text);
    assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation')[0].name), page.url());
    await bar('Next').click();
    await shows('?page=3&search=the');
    await isAsSent();
});

step('nothing was complained of but what was brought about', async () => {
    const unexpected = [...page.complaints].filter(text => !/ERR_INTERNET_DISCONNECTED/.test(text));
    assert.deepEqual(unexpected, []);
});

run();
