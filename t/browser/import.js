// Checks a file, then imports it, as a person does. Usage: node import.js ADDRESS js|nojs FILE (5,000 books)

'use strict';

const { assert, open, patience, run, step } = require('./browser');

const [address, mode, file] = process.argv.slice(2);
const hasScript = mode === 'js';
const result = name => page.getByText(name, { exact: true }).locator('xpath=following-sibling::dd[1]').innerText();

let page;

async function send(choice) {
    await page.getByLabel(choice).check();
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    const press = page.getByRole('button', { name: 'Send file' }).click({ noWaitAfter: true });
    await Promise.all([page.waitForNavigation(), press]);
}

step('the file is checked', async browser => {
    page = await open(browser, { javaScriptEnabled: hasScript });
    page.setDefaultTimeout(20000 * patience);
    await page.goto(`${address}/import`);
    await page.getByText('40,000 books and 30 seconds').waitFor();
    await send('Check the file without changing anything');
    await page.getByText('The file is valid').waitFor();
    assert.equal(await result('Added'), '5,000');
});

step('it is imported, and progress is shown meanwhile', async () => {
    // While a form is on its way the page cannot be asked: it notes for the next one what it shows.
    if (hasScript)
        await page.evaluate(() => new MutationObserver(() => {
            const bar = document.querySelector('.import-progress:not([hidden]) progress');
            if (bar)
                sessionStorage.setItem('shown', `${bar.value > 0 && bar.value <= bar.max} ${bar.nextElementSibling.textContent}`);
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true }));
    await send('Import it');
    await page.getByText('The file was imported.').waitFor();
    assert.equal(await result('Added'), '5,000');
    if (hasScript)
        assert.match(await page.evaluate(() => sessionStorage.getItem('shown')), /^true [\d,]+ lines so far$/);
    assert.equal(await page.getByRole('progressbar').count(), 0);
});

step('once more: the books are there', async () => {
    await send('Import it');
    assert.equal(await result('Unchanged'), '5,000');
    assert.deepEqual([...page.complaints], []);
});

step('the list of lines that would be skipped is plain text', async () => {
    await page.getByLabel('as plain text').check();
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Send file' }).click();
    await page.getByText('would be added 0, replaced 0, unchanged 5000, skipped 0, bad 0').waitFor();
});

run();
