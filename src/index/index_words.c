#include "index/index_words.h"

#include <string.h>

#include "base/bits.h"
#include "index/index_file.h"

/* A range of suffixes or of words, before `to`. */
struct range {
    uint32_t from, to;
};

/*
 * Compares the bytes at a place of words with text: 0 if they begin with it. No text contains INDEX_END, so the
 * comparison goes no further than the word.
 */
static int compare_at(const struct index_words *words, uint32_t place, struct text text)
{
    const uint32_t left = words->word_starts[words->count] - place;
    const int order = memcmp(words->words + place, text.at, text.len < left ? text.len : left);

    return order != 0 || text.len <= left ? order : -1;
}

/* Returns the range of sorted places where text begins. */
static struct range range_of(const struct index_words *words, const uint32_t *places, uint32_t count, struct text text)
{
    struct range range = {0, count};
    uint32_t high = count;

    while (range.from < high) {
        const uint32_t middle = range.from + (high - range.from) / 2;

        if (compare_at(words, places[middle], text) < 0)
            range.from = middle + 1;
        else
            high = middle;
    }
    for (uint32_t low = range.from; low < range.to;) {
        const uint32_t middle = low + (range.to - low) / 2;

        if (compare_at(words, places[middle], text) <= 0)
            low = middle + 1;
        else
            range.to = middle;
    }
    return range;
}

struct text index_word(const struct index_words *words, uint32_t word)
{
    return (struct text){words->words + words->word_starts[word],
                         words->word_starts[word + 1] - words->word_starts[word] - 1};
}

struct values index_words_values(const struct index_words *words, uint32_t word)
{
    const uint32_t first = words->word_firsts[word];

    return (struct values){words->word_values + first, words->word_firsts[word + 1] - first};
}

/* Adds a word to the result. */
static void add_word(const struct index_words *words, uint32_t word, struct words_found *found)
{
    found->words[found->count++] = word;
    found->values += index_words_values(words, word).count;
}

/* Returns the words from range.from on. */
static struct words_found words_of_range(const struct index_words *words, struct range range, struct arena *arena)
{
    struct words_found found = {.words = arena_alloc(arena, (range.to - range.from + 1) * sizeof(uint32_t))};

    for (uint32_t word = range.from; word < range.to; word++)
        add_word(words, word, &found);
    return found;
}

/* Returns the words of suffixes, each once. */
static struct words_found words_of_suffixes(const struct index_words *words, struct range range, struct arena *arena)
{
    struct words_found found = {.words = arena_alloc(arena, (range.to - range.from + 1) * sizeof(uint32_t))};
    uint64_t *set = bits_new(arena, words->count);

    for (uint32_t i = range.from; i < range.to; i++)
        bits_set(set, words->suffix_words[i]);
    for (size_t i = 0; i < bits_words(words->count); i++)
        for (uint64_t word = set[i]; word != 0; word &= word - 1)
            add_word(words, (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word), &found);
    return found;
}

struct words_found index_words_with(const struct index_words *words, struct words_piece piece, uint32_t most,
                                    struct arena *arena)
{
    struct text text = piece.text;
    struct range range;

    if (piece.is_end) {
        char *ended = arena_alloc(arena, text.len + 1);

        memcpy(ended, text.at, text.len);
        ended[text.len] = (char)INDEX_END;
        text = (struct text){ended, text.len + 1};
    }
    range = piece.is_start ? range_of(words, words->word_starts, words->count, text)
                           : range_of(words, words->suffixes, words->suffix_count, text);
    if (range.to - range.from > most)
        return (struct words_found){0};
    return piece.is_start ? words_of_range(words, range, arena) : words_of_suffixes(words, range, arena);
}

bool index_words_find(const struct index_words *words, struct text text, bool at_start, struct arena *arena,
                      struct words_found *found)
{
    const char *at = text.at, *const end = text.at + text.len;
    bool is_found = false;

    /* Of several pieces the one with the fewest values decides. */
    while (at < end) {
        const char *blank = memchr(at, ' ', (size_t)(end - at));
        const struct text bytes = {at, (size_t)((blank != NULL ? blank : end) - at)};
        const struct words_piece piece = {bytes, at_start || at > text.at, blank != NULL};

        if (piece.text.len > 0) {
            const struct words_found words_found = index_words_with(words, piece, UINT32_MAX, arena);

            if (!is_found || words_found.values < found->values)
                *found = words_found;
            is_found = true;
        }
        at = blank != NULL ? blank + 1 : end;
    }
    if (is_found)
        found->is_candidate = memchr(text.at, ' ', text.len) != NULL;
    return is_found;
}
