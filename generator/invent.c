/* See invent.h. Each field of a book is made from the patterns of one language. */

#include "generator/invent.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "generator/languages.h"

enum {
    INITIALS = 6,      /* at most, in an ID */
    FIRST_YEAR = 1800, /* for stories set in a certain year */
    SECONDS_OF_DAY = 86400,
    LAST_DAY = 20818, /* 2026-12-31, in days since 1970-01-01 */
    YEARS = 77,       /* the years before it that books are from */
};

/* A field always has room: words.mjs limits the length of words. */
static void add_bytes(struct text *text, const char *bytes, size_t length)
{
    assert(text->length + length <= TEXT_BYTES);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static void add(struct text *text, const char *string)
{
    add_bytes(text, string, strlen(string));
}

static void add_number(struct text *text, uint64_t number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRIu64, number);
    add(text, digits);
}

static bool one_in(struct random *random, size_t n)
{
    return random_below(random, n) == 0;
}

static const char *draw(struct random *random, const struct words *words)
{
    return words->at[random_below(random, words->count)];
}

/* Returns the length in bytes of the UTF-8 character at s. */
static size_t character_length(const char *s)
{
    unsigned char lead = (unsigned char)*s;

    return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Appends the pattern with its placeholders (see languages.h) replaced by words. */
static void add_pattern(struct text *text, const char *pattern, const struct language *language, struct random *random)
{
    const struct lexicon *words = language->words;
    enum sex sex = one_in(random, 2) ? FEMALE : MALE;
    const char *given;

    for (const char *sign; (sign = strchr(pattern, '%')) != NULL; pattern = sign + 2) {
        add_bytes(text, pattern, (size_t)(sign - pattern));
        switch (sign[1]) {
        case 'n':
            add(text, draw(random, &words->nouns));
            break;
        case 'a':
            add(text, draw(random, &words->adjectives));
            break;
        case 'p':
            add(text, draw(random, &words->places));
            break;
        case 't':
            add(text, draw(random, &words->titles));
            break;
        case 'g':
            add(text, draw(random, &words->given[sex]));
            break;
        case 'f':
            add(text, draw(random, &words->family[sex]));
            break;
        case 'N':
            add_pattern(text, language->name, language, random);
            break;
        case 'd':
            add_number(text, 2 + random_below(random, 8));
            break;
        case 'y':
            add_number(text, FIRST_YEAR + random_below(random, 220));
            break;
        case 'i':
            given = draw(random, &words->given[sex]);
            add_bytes(text, given, character_length(given));
            add(text, ".");
            break;
        default:
            assert(false); /* a placeholder unknown to languages.h */
        }
    }
    add(text, pattern);
}

static const struct language *draw_language(struct random *random)
{
    const struct language *language = languages;

    for (size_t n = random_below(random, LANGUAGES_SHARE); n >= language->share; language++) {
        n -= language->share;
    }
    return language;
}

static void add_authors(struct text *text, const struct language *language, struct random *random)
{
    size_t dice = random_below(random, 20);
    size_t count = dice < 14 ? 1 : dice < 18 ? 2 : 3;

    for (size_t i = 0; i < count; i++) {
        bool rare = language->rare_names.count > 0 && one_in(random, 8);

        if (i > 0) {
            add(text, i + 1 < count ? language->comma : language->and);
        }
        add_pattern(text, rare ? draw(random, &language->rare_names) : language->name, language, random);
    }
}

static void add_publisher(struct text *text, const struct language *language, struct random *random)
{
    const struct words *houses = &language->words->publishers;

    if (houses->count > 0 && !one_in(random, 4)) {
        add(text, houses->at[random_low(random, houses->count)]);
    } else {
        add_pattern(text, draw(random, &language->publishers), language, random);
    }
}

static void add_edition(struct text *text, struct random *random)
{
    static const char *const ordinals[] = {"1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th"};
    static const char *const kinds[] = {"Revised", "Illustrated", "Abridged", "Collector's", "Large print"};

    if (one_in(random, 6)) {
        add(text, kinds[random_low(random, sizeof kinds / sizeof kinds[0])]);
    } else if (one_in(random, 8)) {
        add(text, draw(random, &bindings));
    } else {
        add(text, ordinals[random_low(random, sizeof ordinals / sizeof ordinals[0])]);
    }
}

/* Recent years have more books; within a year all days are equally likely. */
static void add_date(struct text *text, struct random *random)
{
    int day = LAST_DAY - 365 * (int)random_low(random, YEARS) - (int)random_below(random, 365);
    time_t seconds = (time_t)day * SECONDS_OF_DAY;
    struct tm date;
    char digits[16];

    gmtime_r(&seconds, &date);
    strftime(digits, sizeof digits, "%Y-%m-%d", &date);
    add(text, digits);
}

/* Returns whether a word may begin with this character: not with punctuation, which does not belong in an ID. */
static bool is_initial(const char *s)
{
    unsigned char c = (unsigned char)*s;

    if (c < 0x80) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
    return c != 0xc2                          /* U+0080..U+00BF: « ¿ ¡ */
           && strncmp(s, "\xe2\x80", 2) != 0  /* U+2000..U+203F: – „ ” */
           && strncmp(s, "\xe2\x84", 2) != 0  /* U+2100..U+213F: № */
           && strncmp(s, "\xe3\x80", 2) != 0  /* U+3000..U+303F: 「 《 */
           && strncmp(s, "\xef\xbc", 2) != 0; /* U+FF00..U+FF3F: ， */
}

static void add_initials(struct text *text, const struct text *title)
{
    bool between_words = true;
    size_t initials = 0;

    for (size_t i = 0, length; i < title->length && initials < INITIALS; i += length) {
        const char *s = title->bytes + i;

        length = character_length(s);
        if (*s == ' ') {
            between_words = true;
        } else if (between_words && is_initial(s)) {
            add_bytes(text, s, length);
            between_words = false;
            initials++;
        }
    }
}

static enum book_kind draw_kind(struct random *random)
{
    size_t dice = random_below(random, 20);

    return dice < 16 ? BOOK_STORY : dice < 18 ? BOOK_LIFE : BOOK_STUDY;
}

void invent_book(struct book *book, struct random *random, uint64_t row)
{
    const struct language *language = draw_language(random);
    enum book_kind kind = draw_kind(random);
    struct text *fields = book->fields;

    for (size_t i = 0; i < BOOK_FIELDS; i++) {
        fields[i].length = 0;
    }
    add_pattern(&fields[TITLE], draw(random, &language->titles[kind]), language, random);
    add_initials(&fields[BOOK_ID], &fields[TITLE]);
    add_number(&fields[BOOK_ID], 100 + random_below(random, 900));
    add(&fields[BOOK_ID], "-");
    add_number(&fields[BOOK_ID], row);

    if (!one_in(random, 50)) {
        add(&fields[CATEGORY], categories[kind].at[random_low(random, categories[kind].count)]);
    }
    if (!one_in(random, 50)) {
        add_authors(&fields[AUTHORS], language, random);
    }
    if (!one_in(random, 20)) {
        add_publisher(&fields[PUBLISHER], language, random);
    }
    if (!one_in(random, 10)) {
        add_edition(&fields[EDITION], random);
    }
    if (!one_in(random, 15)) {
        add_date(&fields[AVAILABLE_FROM], random);
    }
}
