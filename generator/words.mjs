// Writes the word lists of bookshare-generate as a C source file, from the locale data of @faker-js/faker.
//
//     node generator/words.mjs OUTPUT.c
//
// The same version of faker gives the same bytes. A missing list is an error: the patterns in languages.c need it.
// words.h declares what this writes.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { allLocales } from '@faker-js/faker';

// The maximum length of each list: enough for variety, small enough for a file of about 200 KB. English, the language
// of half the books, gets three times as much.
const LONGEST = { given: 120, family: 160, places: 100, nouns: 200, adjectives: 160, titles: 100, publishers: 100 };

// Maximum lengths of words, in characters: they keep three authors and the longest title below 255.
const LONGEST_NAME = 24;
const LONGEST_WORD = 40;

const [output] = process.argv.slice(2);
if (!output) throw new Error('say where to write: node words.mjs OUTPUT.c');

const get = (locale, path) => {
    const value = path.split('.').reduce((node, key) => node?.[key], allLocales[locale]);
    if (!Array.isArray(value) || value.length === 0) throw new Error(`faker has no ${path} in ${locale}`);
    return value;
};

// One word as the table may hold it, or '' if it is unusable. Removes marks that only set the text direction; keeps
// zero-width (non-)joiners that belong to the spelling.
const clean = (word) => {
    const text = word
        .normalize('NFC')
        .replace(/[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
        .replace(/[\s\u200c\u200d]+$/, '')
        .replace(/\s+/g, ' ')
        .trim();
    return /[\p{Cc}()[\]{}<>/\\]/u.test(text) ? '' : text;
};

// Returns at most `most` different words, spread evenly over the list.
const pick = (words, most, longest = LONGEST_WORD) => {
    const all = [...new Set(words.map(clean))].filter((word) => word !== '' && [...word].length <= longest);
    if (all.length <= most) return all;
    return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
};

const capital = (word) => word.replace(/^./u, (letter) => letter.toUpperCase());

// Words for titles: single, capitalised, no abbreviations, none that takes no article, none unfit for a spine.
const CRUDE = /abus|aids|abtreib|fitym|genital|penis|porn|rape|sex|sperm|terrorist|vagina/i;
const DETERMINER = /^(all|another|any|both|each|every|few|my|our|some|that|these|this|those|which|your)$/;
const titleWords = (words) =>
    words
        .filter((word) => !/\s|\d|\p{Lu}\p{Lu}/u.test(word) && !CRUDE.test(word) && !DETERMINER.test(word))
        .map(capital);

// Given and family names, female and male: many languages inflect the family name.
const people = (locale) => {
    const names = (kind) =>
        ['female', 'male'].map((sex) =>
            ['generic', sex].flatMap((list) => allLocales[locale].person[kind][list] ?? []),
        );
    return { given: names('first_name'), family: names('last_name') };
};

// faker's Polish and Greek family names come in one list; their ends tell men's from women's.
const sortedBySex = ({ given, family }, feminine) => ({
    given,
    family: [family[0].filter((name) => feminine.test(name)), family[1].filter((name) => !feminine.test(name))],
});

const places = (locale, kind = 'city_name') => get(locale, `location.${kind}`);

const languages = {
    english: {
        ...people('en'),
        places: places('en'),
        nouns: titleWords([...get('en', 'word.noun'), ...get('en', 'animal.type')]),
        adjectives: titleWords([...get('en', 'word.adjective'), ...get('en', 'color.human')]),
        titles: get('en', 'book.title'),
        publishers: get('en', 'book.publisher'),
    },
    german: { ...people('de'), places: places('de'), nouns: titleWords(get('de', 'word.noun')) },
    french: { ...people('fr'), places: places('fr').filter((name) => !/^Les? /.test(name)) },
    spanish: { ...people('es'), places: places('es') },
    italian: { ...people('it'), places: places('it') },
    portuguese: {
        ...people('pt_BR'),
        places: places('pt_BR', 'state'),
        nouns: titleWords(get('pt_BR', 'word.noun')),
        titles: get('pt_BR', 'book.title'),
        publishers: get('pt_BR', 'book.publisher'),
    },
    polish: {
        ...sortedBySex(people('pl'), /[aą]$/),
        places: places('pl'),
        titles: get('pl', 'book.title'),
        publishers: get('pl', 'book.publisher'),
    },
    russian: {
        ...people('ru'),
        places: places('ru'),
        titles: get('ru', 'book.title'),
        publishers: get('ru', 'book.publisher'),
    },
    ukrainian: { ...people('uk'), places: places('uk') },
    greek: { ...sortedBySex(people('el'), /([αη]|[οό][υύ])$/), places: places('el') },
    turkish: { ...people('tr'), places: places('tr') },
    hungarian: {
        ...people('hu'),
        places: places('hu'),
        nouns: titleWords(get('hu', 'word.noun')),
        adjectives: titleWords(get('hu', 'word.adjective')),
    },
    vietnamese: { ...people('vi'), places: places('vi') },
    chinese: {
        ...people('zh_CN'),
        places: places('zh_CN'),
        nouns: get('zh_CN', 'word.noun'),
        titles: get('zh_CN', 'book.title'),
        publishers: get('zh_CN', 'book.publisher'),
    },
    // The Japanese and Arabic lists mix all kinds of words. The nouns are those of two or more kanji, or with the
    // article.
    japanese: {
        ...people('ja'),
        places: places('ja', 'state'),
        nouns: get('ja', 'lorem.word').filter((word) => /^\p{Script=Han}{2,}$/u.test(word)),
    },
    korean: {
        ...people('ko'),
        places: places('ko').filter((name) => name.length > 1),
        nouns: get('ko', 'word.noun'),
        adjectives: get('ko', 'word.adjective'),
    },
    arabic: {
        ...people('ar'),
        places: places('ar'),
        nouns: get('ar', 'lorem.word').filter((word) => /^ال.{3,}$/u.test(word)),
    },
    hebrew: { ...people('he'), places: places('he') },
    persian: {
        ...people('fa'),
        places: places('fa'),
        nouns: get('fa', 'word.noun'),
        adjectives: get('fa', 'word.adjective'),
    },
    armenian: { ...people('hy'), places: places('hy', 'state') },
    georgian: { ...people('ka_GE'), places: places('ka_GE') },
    thai: { ...people('th'), places: places('th', 'state') },
    nepali: { ...people('ne'), places: places('ne', 'state') },
};

const quote = (text) => `"${text.replace(/["\\]/g, '\\$&').replace(/\?(?=\?)/g, '?""')}"`;

// Breaks a list into lines for readability.
const wrap = (items) => {
    const lines = [''];
    for (const item of items) {
        if (lines.at(-1).length + item.length > 110) lines.push('');
        lines.push(`${lines.pop()}${item}, `);
    }
    return lines.map((line) => `    ${line.trimEnd()}\n`).join('');
};

const out = [];

// Writes one array and returns the initialiser of the struct words that points to it.
const array = (name, words) => {
    if (words.length === 0) throw new Error(`no word is left for ${name}`);
    out.push(`static const char *const ${name}[] = {\n${wrap(words.map(quote))}};\n\n`);
    return `{${name}, ${words.length}}`;
};

// Identical female and male lists are written once.
const pair = (name, [female, male]) => {
    const first = array(`${name}_f`, female);
    return `{${first}, ${female.join('\n') === male.join('\n') ? first : array(`${name}_m`, male)}}`;
};

for (const [language, lists] of Object.entries(languages)) {
    const most = (kind) => LONGEST[kind] * (language === 'english' ? 3 : 1);
    const members = Object.entries(lists).map(([kind, words]) => {
        const name = `${language}_${kind}`;
        const value = Array.isArray(words[0])
            ? pair(name, words.map((list) => pick(list, most(kind), LONGEST_NAME)))
            : array(name, pick(words, most(kind)));
        return `    .${kind} = ${value},\n`;
    });
    out.push(`const struct lexicon ${language}_words = {\n${members.join('')}};\n\n`);
}

// Three kinds of categories, so that a biography gets the title of one.
const LIFE = /Biography|Memoir/;
const STUDY = /Business|Mythology|Philosophy|Psychology|Religion/;
const genres = pick(get('en', 'book.genre'), 40);
const story = genres.filter((genre) => !LIFE.test(genre) && !STUDY.test(genre));
const categories = {
    story: array('story_categories', story),
    life: array('life_categories', genres.filter((genre) => LIFE.test(genre))),
    study: array('study_categories', genres.filter((genre) => STUDY.test(genre))),
};
out.push(`const struct words categories[BOOK_KINDS] = {
    [BOOK_STORY] = ${categories.story},
    [BOOK_LIFE] = ${categories.life},
    [BOOK_STUDY] = ${categories.study},
};\n\n`);
out.push(`const struct words bindings = ${array('binding_words', pick(get('en', 'book.format'), 10))};\n`);

const { version } = createRequire(import.meta.url)('@faker-js/faker/package.json');
writeFileSync(
    output,
    `/* Made by words.mjs from the locale data of @faker-js/faker ${version} (MIT licence). Edit that, not this. */\n\n` +
        `#include "generator/words.h"\n\n${out.join('')}`,
);
