// Makes requests from the OpenAPI file of a Book Share, the same ones for the same seed, and holds each answer against
// it: status, headers, type and body; that what is valid is not refused, and that what is not valid is.
//
//     node openapi.js http://127.0.0.1:8080 SEED REQUESTS

'use strict';

const http = require('node:http');
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

const [base, seed, wanted] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// ---- Chance

let state = seed >>> 0;

function random() {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const upTo = (n) => Math.floor(random() * n);
const pick = (list) => list[upTo(list.length)];
const chance = (p) => random() < p;

// ---- The description

let api;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validators = new Map();

const resolve = (part) => (part && part.$ref ? part.$ref.slice(2).split('/').reduce((at, key) => at[key], api) : part);

function validate(schema, value) {
    if (!validators.has(schema)) {
        validators.set(schema, ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'))));
    }
    const check = validators.get(schema);
    return check(value) ? null : ajv.errorsText(check.errors);
}

// ---- Values

const ids = ['f1', 'f2', 'f3', 'f/4', 'ü 5', '%6', 'f7?', '🎉'];
const letters = ['a', 'Z', '0', ' ', '-', '%', '_', '"', "'", '<', '&', '\\', '/', '=', '+', ';', ',', ':', 'ü', 'ß', 'İ', 'é',
    '漢', '🎉', 'ﬁ', '\u200b', '\u00a0'];
const controls = ['\u0000', '\n', '\u007f', '\u0085'];

function text(length, from = letters) {
    return Array.from({ length }, () => pick(from)).join('');
}

const asDay = () => `${String(1 + upTo(9999)).padStart(4, '0')}-${String(1 + upTo(12)).padStart(2, '0')}-${String(1 + upTo(28)).padStart(2, '0')}`;

// A value that a schema takes, often at its limits. undefined: it could not think of one.
function good(schema) {
    schema = resolve(schema);
    if (schema.enum) return pick(schema.enum);
    const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type;
    if (type === 'null') return null;
    if (type === 'integer') return pick([schema.minimum, schema.minimum + 1, schema.maximum, 3, 50].filter((n) => !validate(schema, n)));
    if (schema.format === 'date') return pick(['0001-01-01', '9999-12-31', '2020-02-29', asDay()]);
    for (let i = 0; i < 50; i++) {
        const most = schema.maxLength ?? 20;
        const value = chance(0.2) && schema.examples ? pick(schema.examples)
            : text(pick([schema.minLength ?? 0, most, most - 1, 1 + upTo(8), 1 + upTo(8)]));
        if (!validate(schema, value)) return value;
    }
    return undefined;
}

// A value that a schema does not take.
function wrong(schema, inAddress) {
    schema = resolve(schema);
    const values = ['x'.repeat((schema.maxLength ?? 5000) + 1), text(1, controls), `a${pick(controls)}b`, '2021-02-29', 'soon', '-1', '0', '1.5', '1e3',
        '99999999999999999999', `${text(1, letters.filter((c) => c.trim()))}x`, '', ' '];
    if (!inAddress) values.push(7, -1.5, true, [], ['x'], {}, { a: { b: [null] } });
    const refused = values.filter((value) => validate(schema, schema.type === 'integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value)
        // An empty value, after trimming blanks, counts as absent, if that is allowed.
        && !((inAddress || schema.format === 'date') && String(value).trim() === ''));
    return refused.length > 0 ? pick(refused) : undefined;
}

function goodBody(schema) {
    const body = {};
    for (const [name, part] of Object.entries(schema.properties)) {
        if (!(schema.required ?? []).includes(name) && chance(0.4)) continue;
        const value = good(part);
        if (value !== undefined) body[name] = value;
    }
    return body;
}

// Bytes that are not what a schema takes.
function wrongBody(schema) {
    const body = goodBody(schema);
    const name = pick(Object.keys(schema.properties));
    const whole = JSON.stringify(body);
    const required = pick(schema.required ?? [null]);
    const value = wrong(schema.properties[name], false);
    return pick([
        () => JSON.stringify({ ...body, [text(1 + upTo(5), ['x', 'ü', '/', '~', '🎉'])]: good(schema.properties.edition) ?? 'x' }),
        () => (value === undefined ? '{' : JSON.stringify({ ...body, [name]: value })),
        () => (value === undefined ? '[' : JSON.stringify({ ...body, [name]: value })),
        () => (required ? JSON.stringify({ ...body, [required]: undefined }) : '[]'),
        () => `{"edition":"1","edition":"1"${whole.length > 2 ? ',' : ''}${whole.slice(1)}`,
        () => whole.slice(0, upTo(whole.length)),
        () => whole + pick(['x', '{}', ',', '\u0000']),
        () => pick(['', ' ', 'null', '1', '"x"', '[]', '[{}]', 'nul', '\ufeff{}', '{"title":"\\ud800"}', '{"title":"\\u0000"}', '{"title":01}']),
        () => Buffer.from('{"title":"\xff"}', 'latin1'),
        () => Buffer.from(whole.length > 2 ? whole.replace(/[a-z]/, '\xc0') : '{\xc0}', 'latin1'),
        () => '['.repeat(1 + upTo(30000)),
        () => `{"title":${'{"a":'.repeat(1 + upTo(9000))}`,
        () => JSON.stringify({ ...body, title: 'x'.repeat(pick([65_536, 90_000, 120_000])) }),
    ])();
}

// ---- Requests

let keys = 0;
const etags = ['*', '"x"', 'W/"x"', '"0123456789abcdef"', ''];

const table = '/api/books/datatable'; // its POST changes nothing, and its errors have status 200

// Parameters that may have any value: only 1 means yes, or it matters together with another one.
const harmless = ['bom', 'raw', 'columns[0][data]'];

// What the description says in words about parameters together.
function agree(pairs) {
    const given = new Map(pairs);
    const words = ['search', 'search[value]'].map((name) => String(given.get(name) ?? '').trim());
    const inColumn = String(given.get('columns[0][search][value]') ?? '').trim();
    return !(given.has('after') && (given.has('page') || given.has('sort')))
        && words.every((value) => value.split(/[\s\u200b]+/).length <= 15)
        && (inColumn === '' || (given.has('columns[0][data]') && inColumn.length < 200 && words[1] === ''));
}

const lengthOf = (pairs) => pairs.reduce((length, [name, value]) => length + name.length + encodeURIComponent(value).length + 2, 0);

// Makes a request for an operation. isValid: all of it is as described; isWrong: something certainly is not.
function makeRequest(path, method, operation) {
    const request = { path, method, headers: {}, isValid: true, isWrong: false, body: undefined };
    const query = [];
    const isBad = chance(0.3);
    const parameters = [...(api.paths[path].parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const chosen = parameters.filter((parameter) => parameter.in === 'path' || chance(0.25));
    const victim = isBad && !operation.requestBody ? pick(chosen) : undefined;

    for (const parameter of chosen) {
        if (parameter.schema?.type === 'array') {
            addList(request, query, parameter, parameter === victim);
            continue;
        }
        let value = parameter.in === 'path' ? pick([...ids, good(parameter.schema)]) : good(parameter.schema);
        if (parameter === victim && parameter.in === 'query') {
            const other = wrong(parameter.schema, true);
            if (other !== undefined && parameter.name !== 'after') {
                value = other;
                request.isWrong = !harmless.includes(parameter.name);
                request.isValid = false;
            }
        }
        if (value === undefined) continue;
        if (parameter.in === 'path') {
            if (isBad && chance(0.3)) [value, request.isValid] = [pick(['x'.repeat(31), ' ', '.', '..', 'a/../b', 'a\tb', `${text(3)} `]), false];
            request.path = request.path.replace(`{${parameter.name}}`, isBad && chance(0.1) ? pick(['%ff', '%00', '%zz', '%c0%af', 'a%']) : encodeURIComponent(value));
            if (!/^(%[0-9A-F]{2}|[^%])*$/.test(request.path) || /%00/.test(request.path)) request.isValid = false;
        } else if (parameter.in === 'query') {
            query.push([parameter.name, value]);
            if (lengthOf(query) > 7500) { // nginx takes no longer URLs
                query.pop();
                if (parameter === victim) request.isWrong = false;
            }
        } else if (parameter.name === 'Idempotency-Key') {
            addKey(request, isBad);
        } else {
            request.headers[parameter.name] = pick(etags);
        }
    }
    if (!agree(query)) request.isValid = false;
    if (chance(0.05)) query.push(['unknown', text(3)]);
    if (chance(0.01) && operation.responses[400]) [query.length, request.isValid] = [query.push(...Array.from({ length: 129 }, () => ['x', ''])), false];
    if (query.length > 0) request.path += `?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
    if (operation.requestBody) addBody(request, operation.requestBody, isBad);
    if (['post', 'put', 'patch', 'delete'].includes(method) && path !== table && chance(0.05)) {
        Object.assign(request.headers, pick([{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'http://evil.example' }]));
        [request.isValid, request.isWrong] = [false, true];
    }
    if (chance(0.2)) request.headers.Accept = pick(['application/json', 'text/html', '*/*', 'application/problem+json', 'x']);
    return request;
}

// Adds a parameter that may be repeated: one to three values, also the same ones, or one wrong one, or too many.
function addList(request, query, { name, schema }, isVictim) {
    const values = Array.from({ length: 1 + upTo(3) }, () => good(schema.items));
    if (isVictim) {
        values.push(...pick([[wrong(schema.items, true)], Array.from({ length: schema.maxItems + 1 }, (_, i) => `v${i}`)]));
        request.isValid = false;
    }
    for (const value of values) if (value !== undefined && lengthOf([...query, [name, value]]) <= 7500) query.push([name, value]);
}

// A key that is new, or was perhaps used by another request, or is none.
function addKey(request, isBad) {
    const key = pick([`new-${++keys}`, `"new-${++keys}"`, 'old-1', '"old-2"']);

    request.headers['Idempotency-Key'] = isBad ? pick(['', 'x'.repeat(129), '"x', 'a b']) : key;
    if (isBad || /old/.test(key)) request.isValid = false;
    if (isBad) request.isWrong = true;
}

function addBody(request, requestBody, isBad) {
    const [type, media] = Object.entries(requestBody.content)[0];
    const schema = resolve(media.schema);

    request.headers['Content-Type'] = type + pick(['', '', '; charset=utf-8']);
    if (type === 'application/x-www-form-urlencoded') {
        addForm(request, schema, isBad);
    } else if (isBad && chance(0.8)) {
        request.body = wrongBody(schema);
        request.isWrong = true;
    } else {
        const body = goodBody(schema);
        // The ID that a body may have is the one of the address.
        if (request.path.startsWith('/api/books/')) {
            delete body.book_id;
            if (chance(0.3)) body.book_id = decode(request.path.split('?')[0].slice('/api/books/'.length));
        } else if (chance(0.5)) {
            body.book_id = pick(ids);
        }
        if (/(^|\/)\.\.?(\/|$)/.test(body.book_id ?? '')) request.isValid = false;
        request.body = JSON.stringify(body);
        if (isBad) {
            request.headers['Content-Type'] = pick(['text/plain', '', 'application/jsonx', 'multipart/form-data; boundary=x']);
            request.isWrong = true;
        }
    }
    if (request.isWrong) request.isValid = false;
}

function addForm(request, schema, isBad) {
    const form = goodBody(schema);
    const name = pick(Object.keys(schema.properties));
    const value = wrong(schema.properties[name], true);

    if (!agree(Object.entries(form))) request.isValid = false;
    if (isBad && chance(0.8)) {
        if (value !== undefined) [form[name], request.isWrong] = [value, !harmless.includes(name)];
        if (chance(0.1)) [form.x, request.isWrong] = ['x'.repeat(65_536), true];
        request.isValid = false;
    } else if (isBad) {
        form.x = '';
        request.headers['Content-Type'] = pick(['text/plain', '', 'application/json']);
        request.isWrong = true;
    }
    request.body = new URLSearchParams(form).toString();
}

function decode(segment) {
    try {
        return decodeURIComponent(segment);
    } catch {
        return segment;
    }
}

function send(request) {
    return new Promise((done, fail) => {
        const body = request.body === undefined ? undefined : Buffer.from(request.body);
        const headers = { ...request.headers, ...(body ? { 'Content-Length': body.length } : {}) };
        const sent = http.request(base + '/', { agent, path: request.path, method: request.method.toUpperCase(), headers }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
            answer.on('error', fail);
        });
        sent.on('error', fail);
        sent.end(body);
    });
}

// ---- Answers

// Headers that every answer may have: HTTP's own, the stages' times, and what keeps browsers safe.
const common = new Set(['date', 'server', 'connection', 'keep-alive', 'content-type', 'content-length', 'transfer-encoding', 'vary',
    'server-timing', 'content-security-policy', 'x-content-type-options', 'referrer-policy', 'cache-control']);

function headerFaults(described, answer) {
    const faults = [];
    const known = new Set(common);
    for (const [name, part] of Object.entries(described.headers ?? {})) {
        const value = answer.headers[name.toLowerCase()];
        known.add(name.toLowerCase());
        if (value === undefined && resolve(part).required === false) continue;
        if (value === undefined) faults.push(`no header ${name}`);
        else if (validate(resolve(part).schema, value)) faults.push(`${name}: ${value}`);
    }
    for (const name of Object.keys(answer.headers)) if (!known.has(name)) faults.push(`undescribed header ${name}`);
    return faults;
}

function bodyFaults(described, answer, isHead) {
    const type = (answer.headers['content-type'] ?? '').replace(/;.*/, '');
    const content = described.content ?? {};
    if (isHead || Object.keys(content).length === 0) return answer.body.length > 0 ? ['a body where there is none'] : [];
    if (!content[type]) return [`undescribed type '${type}'`];
    let value = answer.body.toString();
    if (/json$/.test(type) && type !== 'application/x-ndjson') {
        try {
            value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
        } catch (error) {
            return [`no JSON: ${error.message}`];
        }
    }
    const fault = validate(content[type].schema, value);
    return fault ? [`body: ${fault}`] : [];
}

// What is wrong with an answer, as a list.
function faultsOf(operation, request, answer) {
    const described = resolve(operation.responses[answer.status]);
    if (!described) return [`undescribed status ${answer.status}`];
    const faults = [...headerFaults(described, answer), ...bodyFaults(described, answer, request.method === 'head')];
    if (answer.status >= 500) faults.push(`${answer.status}`);
    if (request.isValid && [400, 403, 413, 415, 422].includes(answer.status)) faults.push(`valid, but ${answer.status}`);
    const refusal = request.path.startsWith(table) && answer.status === 200 && request.method !== 'head' ? JSON.parse(answer.body).error : undefined;
    if (request.isValid && refusal) faults.push('valid, but an error');
    if (request.isWrong && answer.status < 400 && !refusal && !(request.path.startsWith(table) && request.method === 'head')) faults.push(`not valid, but ${answer.status}`);
    return faults;
}

// A method that is not described: 405, and Allow has those that are.
async function tryOtherMethod(path, report) {
    const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace', 'frob'];
    const known = Object.keys(api.paths[path]).filter((name) => methods.includes(name));
    const method = pick(methods.filter((name) => !known.includes(name)));
    const request = { path: path.replace('{book_id}', 'f1'), method, headers: {} };
    const answer = await send(request);
    const allowed = (answer.headers.allow ?? '').toLowerCase().split(', ').sort().join(' ');
    const faults = [];
    if (answer.status !== 405) faults.push(`undescribed method, but ${answer.status}`);
    else if (method !== 'trace' && allowed !== known.sort().join(' ')) faults.push(`Allow: ${allowed}`);
    report(request, answer, faults);
}

async function main() {
    api = JSON.parse((await send({ path: '/api/openapi.json', method: 'get', headers: {} })).body);
    ajv.addSchema({ $id: 'openapi', components: api.components });
    // An edit changes many books, of which other requests would not know: t/http/edit-page.t makes some.
    const paths = Object.entries(api.paths).filter(([path]) => !path.startsWith('/api/edits'));
    const operations = paths.flatMap(([path, item]) => Object.entries(item)
        .filter(([method]) => method !== 'parameters').map(([method, operation]) => [path, method, operation]));
    const seen = new Set();
    let faulty = 0;

    function report(request, answer, faults) {
        const etag = answer.headers.etag;
        if (etag && !etags.includes(etag)) etags[etags.length < 15 ? etags.length : 5 + upTo(10)] = etag;
        seen.add(`${request.operation ?? request.method} ${answer.status}`);
        if (faults.length === 0) return;
        faulty++;
        if (faulty <= 20) {
            console.log(`${request.method} ${request.path.slice(0, 200)} ${JSON.stringify(request.headers)} ${String(request.body ?? '').slice(0, 300)}`);
            console.log(`    ${answer.status}: ${faults.join('; ')}\n    ${answer.body.toString().slice(0, 300)}`);
        }
    }

    for (let tried = 0; tried < wanted; tried++) {
        const [path, method, operation] = pick(operations);
        if (chance(0.03) && path !== '/api/openapi.json') {
            await tryOtherMethod(path, report);
            continue;
        }
        const request = makeRequest(path, method, operation);
        request.operation = operation.operationId;
        const answer = await send(request);
        report(request, answer, faultsOf(operation, request, answer));
    }
    for (const [, , operation] of operations) {
        const missed = Object.keys(operation.responses).filter((status) => status < 500 && !seen.has(`${operation.operationId} ${status}`));
        if (missed.length > 0) console.log(`${operation.operationId}: never met ${missed.join(' ')}`);
    }
    console.log(`requests tried ${wanted}, undocumented answers ${faulty}`);
    process.exit(faulty > 0 ? 1 : 0);
}

main();
