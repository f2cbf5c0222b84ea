// What people can see at each width: the first row after a page was turned, the page bar wherever they have scrolled to,
// every letter of a card; and in the dark, what a form is made of.
// Usage: node layout.js ADDRESS ID (of a book whose every value is long)

'use strict';

const { assert, close, open, run, step } = require('./browser');

const [address, id] = process.argv.slice(2);

const bar = (page, name) => page.getByRole('navigation', { name: 'Pages, below' }).getByRole('link', { name, exact: true });
const toTheEnd = page => page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));

// Whether an element is in sight as a whole, with nothing over its middle.
function isInSight(selector) {
    const node = document.querySelector(selector);
    const { left, top, right, bottom } = node.getBoundingClientRect();
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && node.contains(over);
}

const ways = [
    ['a click', link => link.click()],
    ['the keyboard', link => link.press('Enter')],
];

for (const [width, height] of [[360, 640], [768, 1024], [1100, 700], [1280, 800]]) {
    for (const [way, press] of ways) {
        step(`${width} wide: Next at the end of a page, by ${way}, leads to the first row of the next one`, async browser => {
            const page = await open(browser, { viewport: { width, height }, reducedMotion: 'no-preference' });
            await page.goto(`${address}/list?per_page=25`);
            await page.waitForLoadState();
            await toTheEnd(page);
            await press(bar(page, 'Next'));
            await page.waitForURL(/page=2&/);
            await page.waitForFunction(isInSight, '#books tbody tr:first-child th');
            assert.match(await page.locator('.showing').innerText(), /^Showing 26 to 50/);
            await close(page);
        });
    }
}

for (const [width, height] of [[360, 640], [800, 360], [1023, 700], [1024, 700], [1100, 700], [1215, 700], [1216, 700], [1280, 400]]) {
    for (const javaScriptEnabled of [true, false]) {
        step(`${width} x ${height}, ${javaScriptEnabled ? 'with' : 'without'} script: the page bar is in sight at the end of the list`, async browser => {
            const page = await open(browser, { viewport: { width, height }, javaScriptEnabled });
            await page.goto(`${address}/list?page=2&per_page=25`);
            await toTheEnd(page);
            await page.waitForFunction(isInSight, '#books ~ .pages .next a, #books_wrapper ~ .pages .next a');
            await close(page);
        });
    }
}

for (const width of [360, 768, 1023]) {
    step(`${width} wide: no letter of a card is cut off`, async browser => {
        const page = await open(browser, { viewport: { width, height: 800 } });
        await page.goto(`${address}/list?search=${encodeURIComponent(id)}`);
        const cut = await page.evaluate(() => {
            const found = [];
            for (const row of document.querySelectorAll('#books tbody tr')) {
                const inset = getComputedStyle(row).clipPath.match(/[\d.-]+(?=px\)?$)/);
                const edge = row.getBoundingClientRect().left + Number(inset?.[0] ?? 0);
                const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) {
                    const range = document.createRange();
                    range.selectNodeContents(walk.currentNode);
                    for (const { left, width } of range.getClientRects())
                        if (width > 0 && left < edge - 0.5)
                            found.push(`${walk.currentNode.data.slice(0, 20)}: ${left} < ${edge}`);
                }
            }
            return found;
        });
        assert.deepEqual(cut, []);
        await close(page);
    });
}

// The contrast of two colours as browsers compute them (WCAG 2.2), without transparency.
function contrast(one, other) {
    const [lighter, darker] = [one, other].map(colour => {
        const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map(Number)
            .map(c => c / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }).sort((a, b) => b - a);
    return (lighter + 0.05) / (darker + 0.05);
}

for (const colorScheme of ['light', 'dark']) {
    step(`${colorScheme}: what the import form is made of can be told from what is behind it`, async browser => {
        const page = await open(browser, { colorScheme });
        await page.goto(`${address}/import`);
        const styles = await page.evaluate(() => {
            const style = (selector, part) => {
                const { color, backgroundColor, borderTopColor } = getComputedStyle(document.querySelector(selector), part);
                return { color, backgroundColor, borderTopColor };
            };
            return {
                page: style('body'),
                button: style('input[type=file]', '::file-selector-button'),
                radio: style('input[type=radio]:not(:checked)'),
                checked: style('input[type=radio]:checked'),
                field: style('input[type=file]'),
            };
        });
        const behind = styles.page.backgroundColor;
        assert.ok(contrast(styles.button.color, styles.button.backgroundColor) >= 4.5, JSON.stringify(styles.button));
        for (const [name, colour] of Object.entries({
            radio: styles.radio.borderTopColor, checked: styles.checked.backgroundColor, field: styles.field.borderTopColor }))
            assert.ok(contrast(colour, behind) >= 3, `${name}: ${colour} on ${behind}`);
        await close(page);
    });

    step(`${colorScheme}: a warning is as light or dark as the page around it`, async browser => {
        const page = await open(browser, { colorScheme });
        await page.goto(`${address}/list?per_page=25`);
        await page.evaluate(() => { document.querySelector('#unsure').hidden = false; });
        const [behind, box, text] = await page.evaluate(() => {
            const warning = getComputedStyle(document.querySelector('#unsure'));
            return [getComputedStyle(document.body).backgroundColor, warning.backgroundColor, warning.color];
        });
        assert.ok(contrast(box, behind) < 1.5, `${box} on ${behind}`);
        assert.ok(contrast(text, box) >= 4.5, `${text} on ${box}`);
        await close(page);
    });
}

run();
