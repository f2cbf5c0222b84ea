// Two users editing one book, a network failure, and the return to the row. Usage: node forms.js ADDRESS js|nojs

'use strict';

const { assert, close, open, patience, run, step } = require('./browser');

const [address, mode] = process.argv.slice(2);
const options = { javaScriptEnabled: mode === 'js' };

const field = (page, name) => page.locator(`form[method=post] [name=${name}]`);
const save = page => page.getByRole('button', { name: 'Save changes' }).click();
const told = page => page.getByRole('status').filter({ hasText: 'Book' }).innerText();

// ---- Two people, one book

const id = `!TWO ${mode}`;
const form = `${address}/update/${encodeURIComponent(id)}?search=${encodeURIComponent(id)}`;

// Opens the form of the book for A and B; both change it, and B saves first.
async function bothEdit(browser, a, b) {
    const pages = [];
    for (const values of [a, b]) {
        const page = await open(browser, options);
        await page.goto(form);
        for (const [name, value] of Object.entries(values))
            await field(page, name).fill(value);
        pages.push(page);
    }
    await save(pages[1]);
    await pages[1].waitForURL(/\/list/);
    await save(pages[0]);
    return pages;
}

// What is stored: the values of a form that is opened now.
async function stored(page) {
    await page.goto(form);
    const values = {};
    for (const name of ['title', 'category', 'authors', 'publisher', 'edition', 'available_from'])
        values[name] = await field(page, name).inputValue();
    return values;
}

async function leave(pages) {
    for (const page of pages) {
        assert.deepEqual([...page.complaints].filter(text => !/409/.test(text)), []);
        await close(page);
    }
}

step('a book for two', async browser => {
    const page = await open(browser, options);
    await page.goto(`${address}/add?search=${encodeURIComponent(id)}`);
    await field(page, 'book_id').fill(id);
    await field(page, 'title').fill('Before');
    await page.getByRole('button', { name: 'Add book' }).click();
    await page.waitForURL(/\/list/);
    await leave([page]);
});

step('they change different fields: both are kept', async browser => {
    const pages = await bothEdit(browser, { edition: '2nd' }, { category: 'Drama', available_from: '2001-02-03' });
    await pages[0].waitForURL(/\/list/);
    assert.match(await told(pages[0]), /was updated\. Changes that someone else made meanwhile were kept\./);
    assert.deepEqual(await stored(pages[0]),
        { title: 'Before', category: 'Drama', authors: '', publisher: '', edition: '2nd', available_from: '2001-02-03' });
    await leave(pages);
});

step('they change the same one: it is asked for, and it alone', async browser => {
    const pages = await bothEdit(browser, { title: 'Mine', edition: '3rd' }, { title: 'Theirs', category: 'Poetry' });
    const [page] = pages;
    await page.getByRole('alert').getByText('Someone else has changed this book since you opened it.').waitFor();
    const group = page.getByRole('group', { name: 'Title' });
    await group.getByText('When you opened it: Before').waitFor();
    assert.equal(await page.getByRole('group').count(), 1);
    assert.equal(await field(page, 'category').inputValue(), 'Poetry');
    await save(page); // without an answer
    await page.getByRole('button', { name: 'Save changes' }).waitFor(); // again, where a script has sent it
    assert.equal(await group.getByLabel('Keep mine').evaluate(radio => radio.validity.valueMissing), true);
    await group.getByLabel('Take theirs: Theirs').check();
    await save(page);
    await page.waitForURL(/\/list/);
    const now = await stored(page);
    assert.deepEqual([now.title, now.category, now.edition], ['Theirs', 'Poetry', '3rd']);
    await leave(pages);
});

step('or mine is kept, edited once more', async browser => {
    const pages = await bothEdit(browser, { title: 'Mine' }, { title: 'Theirs again' });
    const [page] = pages;
    await page.getByRole('group', { name: 'Title' }).getByLabel('Keep mine').check();
    await field(page, 'title').fill('Both');
    await save(page);
    await page.waitForURL(/\/list/);
    assert.equal((await stored(page)).title, 'Both');
    await leave(pages);
});

// ---- The way back to the row

// Whether an element is in sight as a whole, with nothing over its middle.
function isInSight(node) {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && node.contains(over);
}

const until = async (locator, test) => {
    await locator.evaluate((node, [source, most]) => new Promise((resolve, reject) => {
        const isDone = eval(source); // eslint-disable-line no-eval
        const end = performance.now() + most;
        const look = () => (isDone(node) ? resolve() : performance.now() > end ? reject(new Error(source)) : setTimeout(look, 20));
        look();
    }), [`(${test})`, 8000 * patience]);
};

const view = '/list?page=8&per_page=25&sort=-title';

for (const width of [360, 768, 1280]) {
    step(`${width} wide: after a save the row is in sight and marked, the message too`, async browser => {
        const page = await open(browser, { ...options, viewport: { width, height: 700 } });
        await page.goto(address + view);
        const row = page.locator('tbody tr:has(th)').nth(17);
        const title = await row.locator('th').innerText();
        await row.getByRole('link', { name: 'Edit' }).click();
        await field(page, 'edition').fill(`${width} ${mode}`);
        await save(page);
        await page.waitForURL(url => url.pathname + url.search === view);
        const back = page.locator('tbody tr:has(th)', { hasText: `${width} ${mode}` });
        assert.equal(await back.locator('th').innerText(), title);
        await until(back, isInSight);
        await until(page.getByRole('status').filter({ hasText: 'was updated.' }), isInSight);
        assert.equal(await back.evaluate(node => getComputedStyle(node).animationName), 'here');
        if (mode === 'js') {
            await until(back, node => node.contains(document.activeElement));
            assert.equal(await back.evaluate(node => node.nextElementSibling.className), 'said', 'beside it');
            await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Next', exact: true }).click();
            await page.waitForURL(/page=9/);
            await page.getByText('was updated.').waitFor({ state: 'detached' }); // it goes with the next step
            assert.equal(new URL(page.url()).hash, '');
        }
        await leave([page]);
    });
}

for (const [way, back] of [['an update', 'Cancel'], ['a deletion', 'Keep it']]) {
    step(`turning back from ${way} leads to the row, too`, async browser => {
        const page = await open(browser, { ...options, viewport: { width: 360, height: 700 } });
        await page.goto(address + view);
        const row = page.locator('tbody tr:has(th)').nth(20);
        const title = await row.locator('th').innerText();
        await row.getByRole('link', { name: 'Edit' }).click();
        if (way === 'a deletion')
            await page.getByRole('link', { name: 'Delete this book' }).click();
        await page.getByRole('link', { name: back }).click();
        await page.waitForURL(url => url.pathname + url.search === view);
        assert.equal(await row.locator('th').innerText(), title);
        await until(row, isInSight);
        await leave([page]);
    });
}

step('rows that are selected are changed together, and changed back', async browser => {
    const page = await open(browser, options);
    const bar = page.locator('#picked');
    const box = row => page.locator('#books tbody tr').nth(row).getByRole('checkbox');
    const pick = page.getByRole('button', { name: 'Change or delete' });
    await page.goto(`${address}/list?page=3&per_page=25`);
    assert.equal(await bar.isVisible(), false);
    const title = await page.locator('#books tbody th').nth(2).innerText();
    await box(2).check();
    assert.equal(await box(2).getAttribute('aria-label'), `Select ${title}`);
    await bar.waitFor();
    await bar.getByRole('button', { name: 'Clear' }).click();
    await bar.waitFor({ state: 'hidden' });
    if (mode === 'js') {
        await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Next', exact: true }).click();
        await page.waitForURL(/page=4/); // rows that a script has drawn
        await box(0).check();
        await bar.getByText('1 selected').waitFor();
        await bar.getByRole('button', { name: 'Whole page' }).click();
        await bar.getByText('25 selected').waitFor();
        await pick.click();
        await page.getByRole('heading', { name: 'Change 25 books' }).waitFor();
        await page.getByRole('link', { name: 'Cancel' }).click();
        await page.waitForURL(url => url.search === '?page=4&per_page=25');
        await page.goto(`${address}/list?page=3&per_page=25`);
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).waitFor();
        for (const key of ['j', 'x', 'j', 'j', 'x'])
            await page.keyboard.press(key);
        await bar.getByText('2 selected').waitFor();
    } else {
        await box(0).check();
        await box(2).check();
    }
    await pick.click();
    await page.getByRole('heading', { name: 'Change 2 books' }).waitFor();
    await page.getByLabel('Set a field').check();
    await page.getByLabel('Field', { exact: true }).selectOption('Edition');
    await page.getByLabel('New value').fill('Picked');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('2 books will be changed').waitFor();
    await page.getByRole('button', { name: 'Change 2 books' }).click();
    await page.waitForURL(/\/edits\//);
    await page.goto(`${address}/list?search=edition:picked`);
    assert.ok((await page.locator('#books tbody th').allInnerTexts()).includes(title));
    await page.goBack();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Undo' }).waitFor();
    await page.goto(`${address}/list?search=edition:picked`);
    await page.getByRole('heading', { name: 'No book matches' }).waitFor();
    await leave([page]);
});

for (const width of [360, 1280]) {
    step(`${width} wide: a deletion and its undoing lead to the place where the row was`, async browser => {
        const page = await open(browser, { ...options, viewport: { width, height: 700 } });
        await page.goto(address + view);
        const row = page.locator('tbody tr:has(th)').nth(20);
        const title = await row.locator('th').innerText();
        const next = await page.locator('tbody tr:has(th)').nth(21).getAttribute('id');
        await row.getByRole('link', { name: `Edit ${title}` }).click();
        await page.getByRole('link', { name: 'Delete this book' }).click();
        await page.getByRole('button', { name: 'Delete book' }).click();
        await page.waitForURL(url => url.pathname + url.search === view && url.hash === `#${next}`);
        assert.equal(await row.getAttribute('id'), next);
        await until(row, isInSight);
        assert.equal(await row.evaluate(node => getComputedStyle(node).animationName), 'none', 'nothing happened to that one');
        await until(page.getByRole('status').filter({ hasText: 'was deleted.' }), isInSight);
        if (mode === 'js') {
            await until(row, node => node.contains(document.activeElement));
            assert.equal(await row.evaluate(node => node.previousElementSibling.className), 'said', 'the message is where the book was');
        }
        await page.getByRole('button', { name: 'Undo' }).click();
        await page.getByText('was restored.').waitFor();
        assert.equal(await row.locator('th').innerText(), title);
        await until(row, isInSight);
        assert.equal(await row.evaluate(node => getComputedStyle(node).animationName), 'here');
        await leave([page]);
    });
}

step('a book that is added is shown on the page that one comes back to, if it is there', async browser => {
    const page = await open(browser, options);
    await page.goto(`${address}/add?search=zzzz`);
    await field(page, 'book_id').fill(`"zz" #1 ${mode}`);
    await field(page, 'title').fill('zzzz');
    await page.getByRole('button', { name: 'Add book' }).click();
    await page.waitForURL(/\/list\?.*#b-%22zz%22%20%231/);
    await until(page.locator('tbody tr:has(th)', { hasText: `"zz" #1 ${mode}` }), isInSight);
    await leave([page]);
});

// ---- A network that is away

if (mode === 'js') {
    const alert = page => page.locator('form[method=post]').getByRole('alert');
    const entries = page => page.locator('form[method=post]').evaluate(form => new URLSearchParams(new FormData(form)).toString());

    step('offline, a form stays as it is, says so, and can be sent again', async browser => {
        const page = await open(browser, options);
        await page.goto(form);
        await field(page, 'authors').fill('Typed "at" length');
        await field(page, 'available_from').fill('2024-02-29');
        const typed = await entries(page);
        await page.context().setOffline(true);
        for (let i = 0; i < 2; i++) {
            await save(page);
            await alert(page).getByText('You are offline. Nothing was sent').waitFor();
            assert.equal(await alert(page).count(), 1);
        }
        assert.equal(page.url(), form);
        assert.equal(await entries(page), typed);
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Save changes');
        await page.context().setOffline(false);
        await save(page);
        await page.waitForURL(/\/list\?search=.*#b-/);
        assert.match(await told(page), /was updated\./);
        assert.equal((await stored(page)).authors, 'Typed "at" length');
        await close(page);
    });

    step('an answer that is lost: it may have been saved, and sent again it does no harm', async browser => {
        const page = await open(browser, options);
        await page.goto(form);
        await field(page, 'edition').fill('Lost');
        await page.route(/\/update\//, async route => {
            await route.fetch({ maxRedirects: 0 });
            await route.abort('connectionreset');
        }, { times: 1 });
        await save(page);
        await alert(page).getByText('The server did not respond. Your input is kept: save again. It is not saved twice.').waitFor();
        assert.equal(await field(page, 'edition').inputValue(), 'Lost');
        await save(page);
        await page.waitForURL(/\/list/);
        assert.equal((await stored(page)).edition, 'Lost');
        await close(page);
    });

    step('the same for a book that is added: it is there once', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/add`);
        await field(page, 'book_id').fill('!LOST');
        await field(page, 'title').fill('Lost');
        await page.route(/\/add$/, async route => {
            await route.fetch({ maxRedirects: 0 });
            await route.abort('connectionreset');
        }, { times: 1 });
        const add = page.getByRole('button', { name: 'Add book' });
        await add.click();
        await alert(page).getByText('The server did not respond.').waitFor();
        await add.click();
        await page.waitForURL(/\/list/);
        assert.match(await told(page), /Book !LOST was added\./);
        await close(page);
    });

    step('a page that no worker made does not take the place of the form', async browser => {
        const page = await open(browser, options);
        await page.goto(form);
        const typed = await entries(page);
        for (const answer of [{ status: 503, body: '<main id="main"><p class="lead">Away</p></main>' }, { status: 502, body: '' }, { status: 200, body: 'Log in' }]) {
            await page.route(/\/update\//, route => route.fulfill({ contentType: 'text/html', ...answer }), { times: 1 });
            await save(page);
            await alert(page).getByText('The server is unavailable. Your input is kept: save again. It is not saved twice.').waitFor();
            assert.equal(await entries(page), typed);
        }
        await close(page);
    });

    step('a book that is deleted while one is offline, and online again', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/delete/${encodeURIComponent('!LOST')}`);
        await page.context().setOffline(true);
        await page.getByRole('button', { name: 'Delete book' }).click();
        await alert(page).getByText('You are offline').waitFor();
        await page.context().setOffline(false);
        await page.getByRole('button', { name: 'Delete book' }).click();
        await page.waitForURL(/\/list#b-/);
        assert.match(await told(page), /Book !LOST was deleted\./);
        await close(page);
    });

    // ---- What is typed

    const draft = page => page.getByText('What you had typed here is back.');
    const typeTitle = async (page, text) => {
        await field(page, 'title').focus();
        await page.keyboard.type(text);
    };

    step('what was typed survives the page, until it is saved or discarded', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/add`);
        await page.reload();
        assert.equal(page.asked, 0, 'a form without changes is left at once');
        await typeTitle(page, 'Half a');
        await page.reload();
        assert.equal(page.asked, 1, 'leaving asks');
        await draft(page).waitFor();
        assert.equal(await field(page, 'title').inputValue(), 'Half a');
        await page.getByRole('button', { name: 'Discard it' }).click();
        assert.equal(await field(page, 'title').inputValue(), '');
        await page.reload();
        assert.equal(page.asked, 1);
        assert.equal(await draft(page).count(), 0);

        await typeTitle(page, 'Whole');
        const key = await field(page, 'once').inputValue();
        await page.reload();
        assert.equal(await field(page, 'once').inputValue(), key, 'it has its key again: it may have been sent');
        await page.getByRole('button', { name: 'Add book' }).click();
        await page.waitForURL(/\/list/);
        assert.equal(page.asked, 2, 'not after it is saved');
        await page.goto(`${address}/add`);
        assert.equal(await draft(page).count(), 0);

        await typeTitle(page, 'Given up');
        await page.getByRole('link', { name: 'Cancel' }).click();
        await page.waitForURL(/\/list/);
        assert.equal(page.asked, 3);
        await page.goto(`${address}/add`);
        assert.equal(await draft(page).count(), 0, 'Cancel gives it up');
        await leave([page]);
    });

    step('a draft of an update keeps what the other one has changed since', async browser => {
        const [page, other] = [await open(browser, options), await open(browser, options)];
        await page.goto(form);
        await field(page, 'edition').fill('draft');
        await other.goto(form);
        await field(other, 'publisher').fill('Others');
        await save(other);
        await other.waitForURL(/\/list/);
        await page.reload();
        await draft(page).waitFor();
        await save(page);
        await page.waitForURL(/\/list/);
        const now = await stored(page);
        assert.deepEqual([now.edition, now.publisher], ['draft', 'Others']);
        await leave([page, other]);
    });

    step('a draft of a form with a question is asked again', async browser => {
        const pages = await bothEdit(browser, { title: 'My draft' }, { title: 'Their draft' });
        const [page] = pages, group = page.getByRole('group', { name: 'Title' });
        await group.waitFor();
        await page.reload();
        await draft(page).waitFor();
        assert.equal(await field(page, 'title').inputValue(), 'My draft');
        await save(page);
        await group.getByText('Take theirs: Their draft').waitFor();
        await leave(pages);
    });

    step('values are suggested, and it says whether an ID is taken', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/add`);
        const placeOfSave = () => page.getByRole('button', { name: 'Add book' }).boundingBox();
        const place = await placeOfSave();
        await field(page, 'book_id').fill(id);
        await page.getByText('This ID is taken:').waitFor();
        assert.deepEqual(await placeOfSave(), place, 'nothing moves under a finger that presses it');
        assert.equal(await page.getByRole('status').getByRole('link').getAttribute('href'), `/books/${encodeURIComponent(id)}`);
        await field(page, 'book_id').fill('!FREE');
        await page.getByText('This ID is free.').waitFor();
        await field(page, 'publisher').fill('othe');
        await page.locator('#l-publisher option[value=Others]').waitFor({ state: 'attached' });
        await leave([page]);
    });

    step('three books in a row, by keys', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/add`);
        for (const title of ['One of three', 'Two of three', 'And the last']) {
            await page.waitForFunction(() => document.activeElement.name === 'title' && document.activeElement.value === '');
            if (title !== 'One of three') assert.equal(await field(page, 'authors').inputValue(), 'Homer');
            await page.keyboard.type(title);
            await field(page, 'authors').fill('Homer');
            await page.getByRole('button', { name: 'Save and add another' }).focus();
            await page.keyboard.press('Enter');
            const initials = title.split(' ').map(word => word[0]).join('');
            await page.getByText(new RegExp(`Book ${initials}\\d{3}-\\d{5} was added`)).waitFor();
        }
        assert.equal(page.asked, 0);
        await leave([page]);
    });

    step('errors come all at once, and a date that is not complete is not lost', async browser => {
        const page = await open(browser, options);
        await page.goto(`${address}/add`);
        await field(page, 'edition').evaluate(node => node.removeAttribute('maxlength'));
        await field(page, 'edition').fill('x'.repeat(51));
        await page.getByRole('button', { name: 'Add book' }).click();
        await page.getByRole('alert').getByRole('link', { name: 'Edition' }).waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert');
        await page.getByRole('alert').getByRole('link', { name: 'Title' }).click();
        assert.equal(await page.evaluate(() => document.activeElement.name), 'title');
        await page.keyboard.type('x');
        await field(page, 'edition').fill('');
        await field(page, 'available_from').focus();
        await page.keyboard.type('02');
        await page.getByRole('button', { name: 'Add book' }).click();
        assert.equal(await page.evaluate(() => document.activeElement.name), 'available_from');
        assert.match(page.url(), /\/add(#|$)/);
        await leave([page]);
    });

    step('who edits one of two values has chosen it', async browser => {
        const pages = await bothEdit(browser, { title: 'Mine at last' }, { title: 'Theirs at last' });
        const [page] = pages;
        await page.getByRole('group', { name: 'Title' }).waitFor();
        await field(page, 'title').fill('Mine, edited');
        await save(page);
        await page.waitForURL(/\/list/);
        assert.equal((await stored(page)).title, 'Mine, edited');
        await leave(pages);
    });
}

run();
