#include "index/index_words_build.h"

#include <string.h>

#include "base/buf.h"
#include "index/index_file.h"
#include "index/sort_keys.h"

/* Stands after the words of each value. */
#define VALUE_END SORT_KEYS_NONE

/* Adds the number of each word of a folded value, and VALUE_END, to numbers. word: room for one. */
static enum err_code number_words(struct words_build *build, struct text folded, struct buf *word,
                                  struct spill *numbers, const char *folder, struct err *err)
{
    static const uint32_t value_end = VALUE_END;
    enum err_code code = ERR_OK;

    while (code == ERR_OK && folded.len > 0) {
        const char *blank = memchr(folded.at, ' ', folded.len);
        const size_t len = blank != NULL ? (size_t)(blank - folded.at) : folded.len;
        uint32_t number;

        if (len > 0) {
            buf_clear(word);
            buf_add(word, folded.at, len);
            buf_add_char(word, (char)INDEX_END);
            code = texts_number(&build->words, (struct text){word->at, word->len}, folder, &number, err);
            if (code == ERR_OK)
                code = spill_add(numbers, &number, sizeof number, err);
        }
        folded.at += blank != NULL ? len + 1 : len;
        folded.len -= blank != NULL ? len + 1 : len;
    }
    return code == ERR_OK ? spill_add(numbers, &value_end, sizeof value_end, err) : code;
}

/* Opens the numbers of the words of all values. */
static enum err_code split_values(struct words_build *build, const struct column_build *column, struct spill *numbers,
                                  struct err *err)
{
    struct buf word = {0};
    enum err_code code = spill_open(numbers, column->folder, err);

    for (uint32_t c = 0; code == ERR_OK && c < column->folded.count; c++)
        code = number_words(build, column_folded(column, c), &word, numbers, column->folder, err);
    buf_free(&word);
    texts_forget_seen(&build->words);
    return code;
}

static int compare_words(uint32_t a, uint32_t b, const void *context)
{
    return text_compare(texts_at(context, a), texts_at(context, b));
}

/* Sorts the words and gives each its new number. */
static enum err_code sort_words(struct words_build *build, struct spill *numbers, const char *folder, struct err *err)
{
    struct spill keys;
    enum err_code code = spill_open(&keys, folder, err);

    for (uint32_t w = 0; code == ERR_OK && w < build->words.count; w++) {
        const struct sort_key key = sort_key_of(texts_at(&build->words, w), w);

        code = spill_add(&keys, &key, sizeof key, err);
    }
    if (code == ERR_OK)
        code = sort_keys(&keys, compare_words, &build->words, folder, err);
    if (code == ERR_OK)
        code = sort_keys_renumber(&keys, numbers, folder, err);
    if (code == ERR_OK)
        code = texts_reorder(&build->words, (const void *)keys.at, folder, err);
    spill_close(&keys);
    return code;
}

/*
 * Sets firsts[w] to the number of values that contain the words before w. last: zeros, one for each word: the last
 * value seen with it, plus one.
 */
static void count_values(const uint32_t *number, size_t count, uint32_t *firsts, uint32_t *last, uint32_t words)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++) {
        if (number[i] == VALUE_END) {
            value++;
        } else if (last[number[i]] != value + 1) { /* not again in the same value */
            last[number[i]] = value + 1;
            firsts[number[i] + 1]++;
        }
    }
    for (uint32_t w = 0; w < words; w++)
        firsts[w + 1] += firsts[w];
}

/* Lists the values of each word with a counting sort, which keeps their order. */
static enum err_code list_values(struct words_build *build, const struct spill *numbers, const char *folder,
                                 struct err *err)
{
    const uint32_t words = build->words.count, *number = (const void *)numbers->at;
    const size_t count = numbers->len / sizeof *number;
    struct spill next = {0};
    uint32_t *firsts, *values, *to, value = 0;
    enum err_code code = spill_open_zeros(&build->firsts, folder, ((size_t)words + 1) * sizeof *firsts, err);

    if (code == ERR_OK)
        code = spill_open_zeros(&next, folder, ((size_t)words + 1) * sizeof *to, err);
    if (code != ERR_OK) /* then next is closed */
        return code;
    firsts = (void *)build->firsts.at;
    to = (void *)next.at;
    count_values(number, count, firsts, to, words);
    memcpy(to, firsts, words * sizeof *to);
    code = spill_open_zeros(&build->values, folder, firsts[words] * sizeof *values, err);
    values = (void *)build->values.at;
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        if (number[i] == VALUE_END)
            value++;
        else if (to[number[i]] == firsts[number[i]] || values[to[number[i]] - 1] != value)
            values[to[number[i]]++] = value;
    }
    spill_close(&next);
    return code;
}

/* Compares the suffixes at two places. */
static int compare_suffixes(uint32_t a, uint32_t b, const void *context)
{
    const struct texts *words = context;
    const unsigned char *left = (const unsigned char *)words->bytes.at + a,
                        *right = (const unsigned char *)words->bytes.at + b;

    while (*left == *right && *left != INDEX_END) {
        left++;
        right++;
    }
    return *left != *right ? (*left < *right ? -1 : 1) : (a < b ? -1 : a > b);
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* Opens the sorted keys of the suffixes: the number of each is where it begins. */
static enum err_code sort_suffixes(const struct words_build *build, struct spill *keys, const char *folder,
                                   struct err *err)
{
    enum err_code code = spill_open(keys, folder, err);
    uint32_t place = 0;

    for (uint32_t w = 0; w < build->words.count; w++) {
        const struct text word = texts_at(&build->words, w);

        for (size_t i = 0; code == ERR_OK && i + 1 < word.len; i++) {
            const struct sort_key key = sort_key_of((struct text){word.at + i, word.len - i}, place + (uint32_t)i);

            if (begins_character(word.at[i]))
                code = spill_add(keys, &key, sizeof key, err);
        }
        place += (uint32_t)word.len;
    }
    return code == ERR_OK ? sort_keys(keys, compare_suffixes, &build->words, folder, err) : code;
}

/* Sets word_at[place] to the word in which each place of words is. */
static void map_places(const struct texts *words, uint32_t *word_at)
{
    const uint32_t *start = (const void *)words->starts.at;

    for (uint32_t w = 0; w < words->count; w++)
        for (uint32_t place = start[w]; place < start[w + 1]; place++)
            word_at[place] = w;
}

static enum err_code list_suffixes(struct words_build *build, const char *folder, struct err *err)
{
    struct spill keys, word_at = {0};
    enum err_code code = sort_suffixes(build, &keys, folder, err);
    const struct sort_key *key = (const void *)keys.at;
    const size_t count = keys.len / sizeof *key;

    if (code == ERR_OK)
        code = spill_open_zeros(&word_at, folder, build->words.bytes.len * sizeof(uint32_t), err);
    if (code == ERR_OK)
        code = spill_open_zeros(&build->suffixes, folder, count * sizeof(uint32_t), err);
    if (code == ERR_OK)
        code = spill_open_zeros(&build->suffix_words, folder, count * sizeof(uint32_t), err);
    if (code == ERR_OK) {
        map_places(&build->words, (void *)word_at.at);
        for (size_t i = 0; i < count; i++) {
            ((uint32_t *)(void *)build->suffixes.at)[i] = key[i].number;
            ((uint32_t *)(void *)build->suffix_words.at)[i] =
                ((const uint32_t *)(const void *)word_at.at)[key[i].number];
        }
    }
    spill_close(&keys);
    spill_close(&word_at);
    return code;
}

enum err_code words_build_make(struct words_build *build, const struct column_build *column, struct err *err)
{
    struct spill numbers = {0};
    enum err_code code;

    *build = (struct words_build){0};
    code = texts_open(&build->words, column->folder, err);
    if (code == ERR_OK)
        code = split_values(build, column, &numbers, err);
    if (code == ERR_OK)
        code = sort_words(build, &numbers, column->folder, err);
    if (code == ERR_OK)
        code = list_values(build, &numbers, column->folder, err);
    spill_close(&numbers);
    return code == ERR_OK ? list_suffixes(build, column->folder, err) : code;
}

void words_build_close(struct words_build *build)
{
    texts_close(&build->words);
    spill_close(&build->firsts);
    spill_close(&build->values);
    spill_close(&build->suffixes);
    spill_close(&build->suffix_words);
}
