// A person at work: signs in on the way to a form, loses the session, and keeps what was typed.
// Usage: node people.js ADDRESS NAME PASSWORD

'use strict';

const { assert, close, open, run, step } = require('./browser');

const [address, name, password] = process.argv.slice(2);

async function signIn(page) {
    await page.locator('[name=name]').fill(name);
    await page.locator('[name=password]').fill(password);
    await page.locator('[name=password]').press('Enter');
}

for (const javaScriptEnabled of [true, false]) {
    step(`signs in on the way to a form, ${javaScriptEnabled ? 'with' : 'without'} script`, async browser => {
        const page = await open(browser, { javaScriptEnabled });
        await page.goto(`${address}/add?page=2`);
        await signIn(page);
        await page.waitForURL(`${address}/add?page=2`);
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('link', { name: 'Sign in' }).waitFor();
        assert.deepEqual([...page.complaints], []);
        await close(page);
    });
}

step('the session ends while a form is filled in: it stays, and can be sent again', async browser => {
    const page = await open(browser);
    await page.goto(`${address}/add`);
    await signIn(page);
    await page.waitForURL(`${address}/add`);
    await page.locator('[name=book_id]').fill('!KEPT');
    await page.locator('[name=title]').fill('Kept');
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await page.locator('[name=title]').press('Enter');
    await page.getByText('You are not signed in any more.').waitFor();
    assert.equal(await page.locator('[name=title]').inputValue(), 'Kept');
    await page.context().addCookies(cookies);
    await page.locator('[name=title]').press('Enter');
    await page.waitForURL(/\/list/);
    await close(page);
});

step('the live list has actions for an editor, and none for a stranger', async browser => {
    const page = await open(browser);
    for (const [start, actions] of [['/sign-in?to=/list', 1], ['/list', 0]]) {
        await page.context().clearCookies();
        await page.goto(address + start);
        if (actions)
            await signIn(page);
        await page.waitForURL(/\/list/);
        await page.locator('#search').fill('kept');
        await page.locator('tbody th mark').waitFor();
        assert.equal(await page.locator('tbody td a').count(), actions);
    }
    assert.deepEqual([...page.complaints], []);
    await close(page);
});

run();
