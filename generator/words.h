/* The word lists that words.mjs takes from @faker-js/faker and writes to words.c during make. */

#ifndef GENERATOR_WORDS_H
#define GENERATOR_WORDS_H

#include <stddef.h>

/* The kind of a book decides its title and its category. */
enum book_kind { BOOK_STORY, BOOK_LIFE, BOOK_STUDY, BOOK_KINDS };

enum sex { FEMALE, MALE, SEXES };

/* A list of UTF-8 strings: words here, patterns in languages.c. */
struct words {
    const char *const *at;
    size_t count;
};

/* The words of one language. A list that faker lacks is empty, and no pattern of that language uses it. */
struct lexicon {
    struct words given[SEXES];
    struct words family[SEXES];
    struct words places;
    struct words nouns;
    struct words adjectives;
    struct words titles; /* of real books */
    struct words publishers;
};

extern const struct lexicon english_words, german_words, french_words, spanish_words, italian_words, portuguese_words,
    polish_words, russian_words, ukrainian_words, greek_words, turkish_words, hungarian_words, vietnamese_words,
    chinese_words, japanese_words, korean_words, arabic_words, hebrew_words, persian_words, armenian_words,
    georgian_words, thai_words, nepali_words;

extern const struct words categories[BOOK_KINDS];
extern const struct words bindings; /* Hardcover, Ebook, ... */

#endif
