// Opens each address, scripts and all: no complaint on the console, no error.
// Usage: node console.js ADDRESS...

'use strict';

const { assert, open, run, step } = require('./browser');

let page = null;

for (const address of process.argv.slice(2)) {
    step(new URL(address).pathname + new URL(address).search, async browser => {
        page ??= await open(browser);
        page.complaints.clear();
        const answer = await page.goto(address);
        assert.equal(answer.status(), 200);
        assert.deepEqual([...page.complaints], []);
    });
}

run();
