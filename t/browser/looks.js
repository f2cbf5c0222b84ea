// How every page looks to axe-core, to a phone and to a dark room: no finding, no sideways scroll, no complaint.
// With BOOKSHARE_SCREENSHOTS=FOLDER each is photographed as well.
// Usage: node looks.js ADDRESS ID           the pages of an open site, with a book
//        node looks.js ADDRESS NAME KEY COOKIE   those of people: a user, an invitation, the session of an admin

'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { assert, open, run, step } = require('./browser');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [address, id, key, cookie] = process.argv.slice(2);
const photographs = process.env.BOOKSHARE_SCREENSHOTS;

// Name, address, and what to do there first. Who looks at the pages of strangers is not signed in.
const ofPeople = [
    ['stranger-list', '/list?per_page=25'],
    ['stranger-refused', '/sign-in', page => signIn(page)],
    ['stranger-invitation', `/invitation?key=${key}`],
    ['account', '/account'],
    ['users', '/users'],
    ['user-link', `/users/${encodeURIComponent(id)}`, page => invite(page)],
];

const pages = cookie ? ofPeople : [
    ['home', '/'],
    ['list', '/list?per_page=25'],
    ['middle', '/list?page=20&per_page=25'],
    ['last', '/list?page=43&per_page=25'],
    ['search', `/list?search=${encodeURIComponent(id)}`],
    ['filtered', '/list?search=the&category=Adventure&from=1950-01-01&sort=-title&per_page=25'],
    ['keys', '/list?per_page=25', page => page.keyboard.press('?')],
    ['filters', '/list?search=the&filters=open&per_page=25'],
    ['nothing', '/list?search=no+such+thing'],
    ['columns', '/list?per_page=25&hide=category&hide=edition', page => page.getByText('Columns', { exact: true }).click()],
    ['typed', '/list?per_page=25', page => type(page)],
    ['away', '/list?per_page=25', page => lose(page)],
    ['add', '/add'],
    ['refused', '/add', page => refuse(page)],
    ['import', '/import'],
    ['imported', '/import', page => upload(page)],
    ['update', `/update/${encodeURIComponent(id)}?page=2`],
    ['changed', `/update/${encodeURIComponent(id)}?page=2`, page => overtake(page)],
    ['book', `/books/${encodeURIComponent(id)}`],
    ['history', `/books/${encodeURIComponent(id)}/history`],
    ['changes', '/changes'],
    ['delete', `/delete/${encodeURIComponent(id)}?page=2`],
    ['edit', '/edit?search=the'],
    ['preview', '/edit?search=the', page => preview(page)],
    ['edited', '/edit?search=the', page => change(page)],
    ['timings', '/timings'],
    ['measured', '/timings', page => measure(page)],
    ['error', '/nope'],
    ['past', '/list?page=5000'],
    ['bad', '/list?page=0'],
];

async function preview(page) {
    await page.locator('[name=new]').fill('Poetry');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'Preview' }).waitFor();
}

// Each time to another value, so that there is something to change.
async function change(page) {
    await page.locator('#field').selectOption('edition');
    await page.locator('[name=new]').fill(`${Date.now()}`);
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: /^Change \d+ books$/ }).click();
    await page.waitForURL('**/edits/*');
    await page.getByText('books were changed').waitFor();
}

async function signIn(page) {
    await page.locator('[name=name]').fill('nobody');
    await page.locator('[name=password]').fill('not the password');
    await page.locator('[name=password]').press('Enter');
    await page.getByRole('alert').waitFor();
}

async function invite(page) {
    await page.getByRole('button', { name: /^Make a link/ }).click();
    await page.getByRole('status').waitFor();
}

async function refuse(page) {
    await page.locator('[name=title]').fill(' ');
    await page.locator('[name=book_id]').fill('A'.repeat(30));
    await page.locator('[name=title]').press('Enter');
    await page.getByRole('alert').waitFor();
}

// A file with good lines and bad ones, checked.
async function upload(page) {
    const buffer = Buffer.from(`ID,Title\nA,${'W'.repeat(255)}\nB,\n${'C'.repeat(200)},C\n`);
    await page.locator('[name=file]').setInputFiles({ name: `${'long'.repeat(50)}.csv`, mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Send file' }).click();
    await page.getByRole('status').waitFor();
}

// A form that was opened before somebody else saved: in two fields they collide.
async function overtake(page) {
    for (const name of ['title', 'edition'])
        await page.locator(`[name=base_${name}]`).evaluate(field => { field.value = 'Before'; });
    await page.locator('[name=edition]').fill('2nd');
    await page.locator('[name=title]').fill('Another title');
    await page.locator('[name=title]').press('Enter');
    await page.getByRole('alert').waitFor();
}

async function type(page) {
    await page.locator('#search').pressSequentially('the press');
    await page.waitForURL(/search=the%20press/);
}

// The server is away while somebody sorts.
async function lose(page) {
    await page.route(/datatable/, route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }));
    await page.locator('#search').fill('the');
    await page.getByRole('alert').waitFor();
    page.complaints.clear();
}

async function measure(page) {
    await page.getByRole('button', { name: /^Measure/ }).click();
    await page.getByRole('button', { name: 'Measure again' }).waitFor();
}

// Rows are alike, and axe-core takes longest for them: it looks at every one on the first page alone.
const looked = name =>
    ({ include: ['html'], exclude: /^(stranger-)?list$/.test(name) ? [] : ['#books tbody tr:nth-child(n + 4):not(:last-child)'] });

async function findings(page, name, colorScheme) {
    await page.emulateMedia({ colorScheme });
    // All that darkness can change is the contrast.
    const options = { preload: false, resultTypes: ['violations'], ...colorScheme === 'dark' && { runOnly: ['color-contrast'] } };
    // What it did not find stays in the page: a list of 100 books passes some 10,000 times.
    const violations = await page.evaluate(`axe.run(${JSON.stringify(looked(name))}, ${JSON.stringify(options)}).then(({ violations }) => violations)`);
    return violations.map(({ id, help, nodes }) => `${id} (${nodes.length}): ${help}: ${nodes[0].html.slice(0, 160)}`);
}

// One tab for all: a new one for each page takes as long as the page.
let page = null;

for (const width of [360, 1280]) {
    for (const [name, where, before] of pages) {
        step(`${name}, ${width} wide: light and dark`, async browser => {
            page ??= await open(browser, { reducedMotion: 'reduce' });
            await page.setViewportSize({ width, height: 800 });
            await page.emulateMedia({ colorScheme: 'light' });
            await page.unrouteAll();
            await page.goto('about:blank');
            page.complaints.clear();
            await page.context().clearCookies();
            if (cookie && !name.startsWith('stranger'))
                await page.context().addCookies([{ name: 'bookshare_session', value: cookie, url: address }]);
            await page.goto(address + where);
            if (before)
                await before(page);
            assert.deepEqual([...page.complaints], []); // before axe adds its own
            await page.evaluate(axe);
            for (const colorScheme of ['light', 'dark']) {
                assert.deepEqual(await findings(page, name, colorScheme), [], colorScheme);
                if (photographs)
                    await page.screenshot({ path: path.join(photographs, `${name}-${width}-${colorScheme}.png`) });
            }
            const [inside, outside] = await page.evaluate(
                '(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.documentElement)');
            assert.ok(inside <= outside, `scrolls sideways: ${inside} > ${outside}`);
        });
    }
}

// The colour of the page's ground, as it is painted.
const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = 'rgb(255, 255, 255)', DARK = 'rgb(18, 25, 24)';

if (!cookie) {
    step('the theme: that of the system, or one that is chosen and kept; paper is white', async () => {
        const choose = theme => page.getByLabel('Theme').selectOption(theme);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(`${address}/list?per_page=25`);
        assert.equal(await ground(), LIGHT);
        await choose('Dark');
        assert.equal(await ground(), DARK);
        await page.goto(`${address}/add`);
        assert.equal(await ground(), DARK);
        assert.equal(await page.locator('head > script').first().evaluate(script => !script.defer && !script.async), true, 'before the page is painted');
        await page.emulateMedia({ media: 'print' });
        assert.equal(await ground(), LIGHT);
        await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
        await choose('Light');
        assert.equal(await ground(), LIGHT);
        await choose('System');
        assert.equal(await ground(), DARK);
    });
}

run();
