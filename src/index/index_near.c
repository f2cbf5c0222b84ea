/*
 * Words that share groups of characters with the one typed (trigrams; pairs for short words; both also at the start and
 * the end of a word) are candidates. Their distance decides: optimal string alignment, see Boytsov, "Indexing methods
 * for approximate dictionary searching", 2011, section 2.1.
 */
#include "index/index_near.h"

#include <string.h>
#include <utf8proc.h>

enum {
    TINY = 4,          /* characters of a word that must share one group; a longer one, two */
    SHORT = 5,         /* characters of a word whose groups are pairs; those of a longer one are trigrams */
    MEDIUM = 7,        /* characters of a word whose near ones have a distance of 2 at most */
    MANY = 200000,     /* words that share one group: it says nothing */
    CANDIDATES = 20000 /* words whose distance is computed */
};

/* Returns whether a character is a letter, a mark or a digit: the categories from LU to NO. */
static bool is_letter(utf8proc_int32_t c)
{
    utf8proc_category_t category;

    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* Reads the character at the start of a text. Returns its length in bytes, less than 1 if it is none. */
static utf8proc_ssize_t read_letter(struct text text, utf8proc_int32_t *c)
{
    *c = (unsigned char)text.at[0];
    return *c < 0x80 ? 1 : utf8proc_iterate((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, c);
}

/* Returns false if the word has more than most characters, or a sign in it. */
static bool read_letters(struct text word, size_t most, struct near_letters *letters)
{
    size_t at = 0;

    letters->count = 0;
    while (at < word.len) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t len = read_letter((struct text){word.at + at, word.len - at}, &c);

        if (len <= 0 || letters->count == most || !is_letter(c))
            return false;
        letters->starts[letters->count] = at;
        letters->at[letters->count++] = c;
        at += (size_t)len;
    }
    letters->starts[letters->count] = at;
    return true;
}

/* Returns the greatest distance of a word that is near to one with this many characters. */
static unsigned allowed(size_t count)
{
    return count < 3 ? 0 : count <= TINY ? 1 : count <= MEDIUM ? 2 : 3;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const struct near_letters *a, const struct near_letters *b)
{
    unsigned rows[3][NEAR_LONGEST + 1]; /* of the matrix: the last three, taken in turn */

    for (size_t j = 0; j <= b->count; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a->count; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b->count; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a->at[i - 1] != b->at[j - 1]));
            if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1])
                row[j] = least(row[j], higher[j - 2] + 1);
        }
    }
    return rows[a->count % 3][b->count];
}

void near_begin(struct near *near, struct text folded)
{
    *near = (struct near){.folded = folded};
    if (read_letters(folded, NEAR_LONGEST, &near->letters))
        near->farthest = allowed(near->letters.count);
}

static bool is_nearer(const struct near_word *a, const struct near_word *b)
{
    return a->distance != b->distance ? a->distance < b->distance : a->values > b->values;
}

/* Puts a word in its place among the nearest, unless it is there. */
static void put(struct near *near, struct near_word word)
{
    size_t place = near->count;

    for (size_t i = 0; i < near->count; i++)
        if (text_equal(near->all[i].word, word.word))
            return;
    while (place > 0 && is_nearer(&word, &near->all[place - 1]))
        place--;
    if (place == NEAR_MOST)
        return;
    near->count += near->count < NEAR_MOST;
    memmove(&near->all[place + 1], &near->all[place], (near->count - 1 - place) * sizeof *near->all);
    near->all[place] = word;
}

/* Returns whether a word was looked at closely: its length was right. */
static bool consider(struct near *near, struct text word, uint64_t values)
{
    const size_t longest = near->letters.count + near->farthest;
    struct near_word one = {word, 0, values};
    struct near_letters letters;

    if (near->farthest == 0 || word.len + near->farthest < near->letters.count ||
        !read_letters(word, longest < NEAR_LONGEST ? longest : NEAR_LONGEST, &letters) ||
        near->letters.count > letters.count + near->farthest)
        return false;
    one.distance = distance(&near->letters, &letters);
    if (one.distance > 0 && one.distance <= near->farthest)
        put(near, one);
    return true;
}

void near_consider(struct near *near, struct text word, uint64_t values)
{
    consider(near, word, values);
}

/* The words that share groups with the one typed. */
struct candidates {
    const struct index_words *words;
    struct arena *arena;
    uint8_t *shared; /* the number of groups of each word */
    uint32_t *list;
    size_t count;
};

static void add_group(struct candidates *candidates, struct words_piece piece)
{
    const struct words_found found = index_words_with(candidates->words, piece, MANY, candidates->arena);

    for (size_t i = 0; i < found.count; i++)
        if (candidates->shared[found.words[i]]++ == 0)
            candidates->list[candidates->count++] = found.words[i];
}

/* Adds all groups of a word. */
static void add_groups(struct candidates *candidates, struct text folded, const struct near_letters *letters)
{
    const size_t size = letters->count <= SHORT ? 2 : 3, *starts = letters->starts;
    const struct text first = {folded.at, starts[size - 1]}, last = {folded.at + starts[letters->count - size + 1],
                                                                     folded.len - starts[letters->count - size + 1]};

    add_group(candidates, (struct words_piece){.text = first, .is_start = true});
    add_group(candidates, (struct words_piece){.text = last, .is_end = true});
    for (size_t i = 0; i + size <= letters->count; i++)
        add_group(candidates, (struct words_piece){.text = {folded.at + starts[i], starts[i + size] - starts[i]}});
}

void near_look_up(struct near *near, const struct index_words *words, struct arena *arena)
{
    const unsigned needed = near->letters.count <= TINY ? 1 : 2;
    struct candidates candidates = {.words = words, .arena = arena};
    size_t looked = 0;

    if (near->farthest == 0)
        return;
    candidates.shared = arena_alloc(arena, words->count + 1);
    memset(candidates.shared, 0, words->count + 1);
    candidates.list = arena_alloc(arena, (words->count + 1) * sizeof *candidates.list);
    add_groups(&candidates, near->folded, &near->letters);
    for (size_t i = 0; i < candidates.count && looked < CANDIDATES; i++) {
        const uint32_t w = candidates.list[i];

        if (candidates.shared[w] >= needed)
            looked += consider(near, index_word(words, w), index_words_values(words, w).count);
    }
}
