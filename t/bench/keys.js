// Types 50 keys into the search of the list, one after the other has been answered, and times each until its rows are
// painted. Usage: node keys.js ADDRESS

'use strict';

const { open, run, step } = require('../browser/browser');

const [address] = process.argv.slice(2);
const texts = ['shakespeare', 'the art of war', 'garcia marquez', 'press 1984 x', 'éditions'];

// In the page: presses a key, and waits for the frame that follows the rows of its answer.
async function press(text) {
    const box = document.querySelector('#search');
    const body = document.querySelector('#books tbody');
    const drawn = new Promise(resolve => {
        new MutationObserver((_, observer) => {
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(resolve));
        }).observe(body, { childList: true });
    });
    performance.clearResourceTimings();
    const began = performance.now();
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await drawn;
    const took = performance.now() - began;
    const [answer] = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/books/datatable'));
    return { took, server: answer.serverTiming.find(({ name }) => name === 'total').duration, fetched: answer.duration };
}

const median = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const line = (name, numbers) => console.log(`# ${name}: median ${median(numbers).toFixed(1)} ms, ` +
    `${Math.min(...numbers).toFixed(1)} to ${Math.max(...numbers).toFixed(1)}`);

step('50 keys', async browser => {
    const page = await open(browser);
    await page.goto(`${address}/list?search=warm`);
    while (await page.getByText(/search index/).count() === 0) { // it is being made
        await page.waitForTimeout(500);
        await page.reload();
    }
    const keys = texts.flatMap(text => [...text].map((_, index) => text.slice(0, index + 1)))
        .filter(text => !text.endsWith(' ')); // which asks for nothing new
    const all = [];
    for (const text of keys.slice(0, 51))
        all.push(await page.evaluate(press, text));
    all.shift(); // the first one warms up
    line('from a key to its rows', all.map(({ took }) => took));
    line('the request in it', all.map(({ fetched }) => fetched));
    line('the server in that', all.map(({ server }) => server));
});

run();
