// What the browser tests share: steps with a plan up front (TAP), one Chromium, and an eye on its console.

'use strict';

const assert = require('node:assert/strict');
const { chromium } = require('playwright-core');

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];
const patience = Number(process.env.BOOKSHARE_TEST_PATIENCE || 1); // see BookShare::Stack::Patience
const steps = [];

function step(name, code) {
    steps.push([name, code]);
}

// Runs the steps in turn, each given the browser. A step that fails does not keep the next from its turn.
async function run() {
    const executablePath = process.env.BOOKSHARE_CHROMIUM || '/usr/bin/chromium-headless-shell';
    const browser = await chromium.launch({ executablePath, args, timeout: 30000 * patience });
    console.log(`1..${steps.length}`);
    try {
        for (const [index, [name, code]] of steps.entries()) {
            let error = null;
            try {
                await code(browser);
            } catch (caught) {
                error = caught;
                process.exitCode = 1;
            }
            console.log(`${error ? 'not ok' : 'ok'} ${index + 1} - ${name}`);
            if (error)
                console.log(String(error.stack || error).replace(/\x1b\[[0-9;]*m/g, '').replace(/^/gm, '# '));
        }
    } finally {
        await browser.close();
    }
}

const left = new Map(); // the pages that were closed, by the options of their contexts

// Opens a page of its own context, or one that was closed, as good as new: a context takes longer than a page to load.
// What its console and its scripts complain of is gathered in page.complaints; that a page was answered with an error
// status is no complaint.
async function open(browser, { viewport = { width: 1280, height: 900 }, ...options } = {}) {
    const kind = JSON.stringify(options);
    const page = left.get(kind)?.pop() ?? await create(browser, kind, options);
    await page.setViewportSize(viewport);
    return page;
}

// Clears all that a page and its context remember, except what the browser has cached.
async function close(page) {
    const context = page.context();
    await context.setOffline(false);
    await page.unrouteAll();
    await page.evaluate(() => sessionStorage.clear());
    await context.clearCookies();
    await page.goto('about:blank');
    page.complaints.clear();
    page.asked = 0;
    left.get(page.kind).push(page);
}

async function create(browser, kind, options) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(8000 * patience);
    page.kind = kind;
    if (!left.has(kind))
        left.set(kind, []);
    page.complaints = new Set();
    page.asked = 0; // how often it has asked whether to leave it; the answer is yes
    page.on('dialog', dialog => {
        page.asked++;
        dialog.accept();
    });
    const forms = new Set(); // addresses that a script has sent a form to, as a browser does without one
    page.on('request', request => {
        if (request.headers()['bookshare-form'])
            forms.add(request.url());
    });
    const isAsking = url => url.endsWith('/api/version'); // now and then, by itself: a server that is away is no news
    page.on('pageerror', error => page.complaints.add(`script: ${error.message}`));
    page.on('requestfailed', request => {
        const { errorText } = request.failure();
        if (errorText !== 'net::ERR_ABORTED' && !isAsking(request.url())) // which is what leaving a page early comes to
            page.complaints.add(`not loaded: ${request.url()}: ${errorText}`);
    });
    page.on('console', message => {
        const isAnswer = message.text().startsWith('Failed to load resource') && 
            (message.location().url === page.url() || forms.has(message.location().url));
        if (['error', 'warning'].includes(message.type()) && !isAnswer && !isAsking(message.location().url))
            page.complaints.add(`${message.type()}: ${message.text()}`);
    });
    page.on('response', response => {
        if (response.status() >= 400 && !response.request().isNavigationRequest() && !forms.has(response.url()) && !isAsking(response.url()))
            page.complaints.add(`${response.status()}: ${response.url()}`);
    });
    return page;
}

module.exports = { assert, close, open, patience, run, step };
