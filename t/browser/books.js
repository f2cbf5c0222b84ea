// Adds, finds, updates and deletes a book, as a person does: by links, labels and buttons.
// Usage: node books.js ADDRESS js|nojs

'use strict';

const { assert, open, run, step } = require('./browser');

const [address, mode] = process.argv.slice(2);
const hasScript = mode === 'js';
const id = `"B&/${mode}" ?é`;
const book = {
    book_id: id,
    title: `Wandering <b>${mode}</b> Peacock`,
    category: 'Travel & Nature',
    authors: `Zoë O'Neill`,
    publisher: 'Müller "Söhne"',
    edition: '2nd',
    available_from: '2024-02-29',
};
const title = 'Wandering Peacock, the second';

let page;

const field = name => page.locator(`form[method=post] [name=${name}]`);
const button = name => page.getByRole('button', { name, exact: true });
const row = text => page.locator('tbody tr', { hasText: text });
const told = () => page.getByRole('status').filter({ hasText: 'Book' }).innerText();

async function search(term) {
    await page.getByRole('searchbox', { name: 'Search all books' }).fill(term);
    await button('Search').click();
    await page.waitForURL(url => url.searchParams.get('search') === term);
}

step('the home page leads to the form', async browser => {
    page = await open(browser, { javaScriptEnabled: hasScript });
    await page.goto(address);
    await page.getByRole('main').getByRole('link', { name: 'Add a book' }).click();
    assert.equal(new URL(page.url()).pathname, '/add');
});

step('a book without a title is sent back, with what was typed', async () => {
    await field('book_id').fill(id);
    await field('title').fill('   ');
    await field('authors').fill(book.authors);
    await button('Add book').click();
    await page.getByRole('alert').waitFor();
    assert.equal(await field('title').getAttribute('aria-invalid'), 'true');
    assert.equal(await field('authors').inputValue(), book.authors);
    assert.equal(await field('book_id').inputValue(), id);
});

step('a book is added', async () => {
    for (const [name, value] of Object.entries(book))
        await field(name).fill(value);
    await button('Add book').click();
    await page.waitForURL(/\/list/);
    assert.equal((await told()).startsWith(`Book ${id} was added.`), true);
});

step('the message is gone with the next page', async () => {
    await page.reload();
    assert.equal(await page.getByText('was added').count(), 0);
});

step('the book is found, by a part of its title', async () => {
    await search('RING <b>' + mode);
    assert.equal(await page.locator('tbody tr').count(), 1);
    const cells = await row(id).locator('td, th').allInnerTexts();
    assert.deepEqual(cells.slice(0, 7), Object.values(book));
});

step('and by its ID', async () => {
    await search(id);
    assert.equal(await row(book.title).count(), 1);
});

step('the book is updated', async () => {
    await row(id).getByRole('link', { name: `Edit ${book.title}` }).click();
    await field('title').waitFor();
    for (const [name, value] of Object.entries(book).slice(1))
        assert.equal(await field(name).inputValue(), value);
    await field('title').fill(title);
    await button('Save changes').click();
    await page.waitForURL(/\/list\?.*search=/);
    assert.equal((await told()).startsWith(`Book ${id} was updated.`), true);
    assert.equal(await row(title).count(), 1);
});

step('one can turn back from deleting it', async () => {
    await row(id).getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('link', { name: 'Delete this book' }).click();
    await button('Delete book').waitFor();
    assert.equal(await page.getByText(title).count(), 1);
    await page.getByRole('link', { name: 'Keep it' }).click();
    await page.waitForURL(/\/list/);
    assert.equal(await row(id).count(), 1);
});

step('the book is deleted', async () => {
    await row(id).getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('link', { name: 'Delete this book' }).click();
    await button('Delete book').click();
    await page.waitForURL(/\/list\?.*search=/);
    assert.equal((await told()).startsWith(`Book ${id} was deleted.`), true);
    assert.equal(await row(id).count(), 0);
});

step('the page bar leads on and back', async () => {
    await page.goto(`${address}/list?per_page=25`);
    const first = await page.locator('tbody tr').first().innerText();
    await page.getByRole('link', { name: 'Next' }).first().click();
    await page.waitForURL(/page=2&/);
    assert.notEqual(await page.locator('tbody tr').first().innerText(), first);
    await page.getByRole('link', { name: 'Previous' }).last().click();
    await page.waitForURL(/\/list\?per_page=25$/);
    assert.equal(await page.locator('tbody tr').first().innerText(), first);
});

step('the heads of the columns sort, both ways', async () => {
    const first = () => page.locator('tbody tr th').first().innerText();
    const press = async (address, direction) => {
        await page.getByRole('columnheader', { name: 'Title' }).getByRole('link').click();
        await page.waitForURL(address);
        await page.locator(`thead th[aria-sort=${direction}]`, { hasText: 'Title' }).waitFor();
        return first();
    };
    const up = await press(/sort=title$/, 'ascending');
    const down = await press(/sort=-title$/, 'descending');
    assert.equal(up.localeCompare(down) < 0, true, `${up} < ${down}`);
});

step('a filter narrows the list down, and a chip takes it back', async () => {
    if (!hasScript) // the whole list comes without choices
        await page.goto(`${address}/list?per_page=25&sort=-title&filters=open`);
    await page.locator('#filters').hover();
    const category = page.getByRole('combobox', { name: 'Category' });
    const option = category.locator('option').nth(1);
    await option.waitFor({ state: 'attached' });
    const value = await option.getAttribute('value');
    const [, count] = /\((\d+)\)$/.exec(await option.innerText());
    await category.selectOption(value);
    if (!hasScript)
        await button('Apply').click();
    await page.waitForURL(url => url.searchParams.get('category') === value && url.searchParams.get('sort') === '-title');
    assert.equal(await page.locator('h1').innerText(), `${count} books`);
    await page.getByRole('link', { name: `Remove Category: ${value}` }).click();
    await page.waitForURL(url => !url.searchParams.has('category'));
    await page.getByRole('heading', { name: /^1,05\d books$/ }).waitFor();
});

if (hasScript) {
    step('an impatient double click sends a form once', async () => {
        let posts = 0;
        page.on('request', request => { posts += request.method() === 'POST'; });
        await page.goto(`${address}/add`);
        await field('book_id').fill('!TWICE');
        await field('title').fill('Twice');
        await button('Add book').dblclick();
        await page.waitForURL(/\/list/);
        assert.equal(posts, 1);
        assert.match(await told(), /^Book !TWICE was added\./);
    });
}

step('nothing was complained of', async () => {
    assert.deepEqual([...page.complaints], []);
});

run();
