// The live list below a base path: what the scripts ask for and link to lies below it. Usage: node base.js ADDRESS

'use strict';

const { assert, open, run, step } = require('./browser');

const [address] = process.argv.slice(2);
const base = new URL(address).pathname;

step('a search, a page, a step back', async browser => {
    const page = await open(browser);
    const requests = [];
    page.on('request', request => requests.push(new URL(request.url()).pathname));
    const shows = search => page.waitForURL(`${address}/list${search}`);
    await page.goto(`${address}/list`);
    await page.getByRole('searchbox').fill('a');
    await shows('?search=a');
    await page.getByRole('link', { name: 'Next', exact: true }).first().click();
    await shows('?page=2&search=a');
    await page.getByRole('link', { name: 'Show all books' }).first().click();
    await shows('');
    await page.goBack();
    await shows('?page=2&search=a');
    await page.waitForFunction(() => document.querySelector('#search').value === 'a');
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href]:not([href^="#"])')].map(link => link.pathname));
    assert.ok(links.length > 100);
    assert.deepEqual([...links, ...requests].filter(path => !path.startsWith(`${base}/`)), []);
    assert.deepEqual(requests.filter(path => path === `${base}/list`).length, 1, 'links are followed in place');
    assert.deepEqual([...page.complaints], []);
});

step('a form', async browser => {
    const page = await open(browser);
    await page.goto(`${address}/add`);
    await page.getByLabel('Book ID').fill('!BROWSER');
    await page.getByLabel('Title').fill('Below');
    await page.getByRole('button', { name: 'Add book' }).click();
    await page.waitForURL(`${address}/list#b-%21BROWSER`);
    await page.getByRole('link', { name: 'Show it' }).waitFor();
    assert.deepEqual([...page.complaints], []);
});

run();
