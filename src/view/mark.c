#include "view/mark.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/fold.h"
#include "book/match.h"

struct word {
    struct text text, folded;
    int field; /* these two: as in struct query_clause */
    bool is_exact;
};

struct marks {
    struct arena *arena;
    struct text whole; /* the search, which may be an ID */
    struct word words[LIMIT_SEARCH_WORDS];
    size_t count;
};

struct marks *marks_new(struct arena *arena, const struct query *query)
{
    struct marks *marks;

    if (query->clauses == NULL)
        return NULL;
    marks = arena_alloc(arena, sizeof *marks);
    *marks = (struct marks){.arena = arena, .whole = query->search};
    for (size_t i = 0; i < query->clauses->count; i++) {
        const struct query_clause *clause = &query->clauses->all[i];
        const struct text folded = query_fold(arena, clause->field, clause->text);

        if (!clause->is_excluded && folded.len > 0)
            marks->words[marks->count++] = (struct word){clause->text, folded, clause->field, clause->is_exact};
    }
    return marks;
}

/* A value: its folded form, and for each byte of that the character of the value that it came from. */
struct folded {
    struct text text;
    struct mark *characters; /* NULL: one to one */
};

/* Returns whether each byte of a value is one byte of its folded form. */
static bool is_one_to_one(struct text value, struct text folded)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] >= 0x80)
            return false;
    return value.len == folded.len; /* ASCII only gets shorter */
}

/* Returns the length in bytes of the first character of text, as readers see it (a grapheme). text is not empty. */
static size_t character_len(struct text text)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.at;
    utf8proc_int32_t before, next, state = 0;
    utf8proc_ssize_t len = utf8proc_iterate(at, (utf8proc_ssize_t)text.len, &before);
    utf8proc_ssize_t more;

    if (len <= 0)
        return 1; /* no UTF-8 */
    while ((size_t)len < text.len) {
        more = utf8proc_iterate(at + len, (utf8proc_ssize_t)text.len - len, &next);
        if (more <= 0 || utf8proc_grapheme_break_stateful(before, next, &state))
            break;
        before = next;
        len += more;
    }
    return (size_t)len;
}

/*
 * Folds value character by character, then joins them. The result equals that of folding it at once, which has len
 * bytes.
 */
static struct mark *map_characters(struct arena *arena, struct text value, size_t len)
{
    struct buf folded = {0}, origins = {0};
    struct mark *characters = arena_alloc(arena, len * sizeof *characters);
    size_t *kept, count;

    for (size_t at = 0; at < value.len;) {
        const struct text rest = {value.at + at, value.len - at};
        const struct mark character = {at, character_len(rest)};
        const size_t before = folded.len;

        fold_characters(&folded, (struct text){rest.at, character.len});
        for (size_t i = before; i < folded.len; i++)
            buf_add(&origins, &character, sizeof character);
        at += character.len;
    }
    kept = arena_alloc(arena, (folded.len + 1) * sizeof *kept);
    count = folded.len > 0 ? fold_join(folded.at, folded.len, kept) : 0;
    for (size_t i = 0; i < len; i++) {
        if (i < count)
            memcpy(&characters[i], origins.at + kept[i] * sizeof *characters, sizeof *characters);
        else /* never shorter; if it were, nothing is marked there */
            characters[i] = (struct mark){value.len, 0};
    }
    buf_free(&folded);
    buf_free(&origins);
    return characters;
}

/* Sets is_hit for the bytes of the value that are len bytes of its folded form. */
static void hit(struct folded *folded, size_t at, size_t len, struct text value, struct arena *arena, bool *is_hit)
{
    struct mark first = {at, 1}, last = {at + len - 1, 1};

    if (folded->characters == NULL && !is_one_to_one(value, folded->text))
        folded->characters = map_characters(arena, value, folded->text.len);
    if (folded->characters != NULL) {
        first = folded->characters[at];
        last = folded->characters[at + len - 1];
    }
    memset(is_hit + first.at, true,
           last.at + last.len - first.at); /* including characters between that fold to nothing */
}

/* Sets is_hit for each byte of the value where word occurs. */
static void hit_word(struct folded *folded, struct text word, struct text value, struct arena *arena, bool *is_hit)
{
    const struct text text = folded->text;

    for (const char *at = text.at; (at = memmem(at, (size_t)(text.at + text.len - at), word.at, word.len)) != NULL;
         at++)
        hit(folded, (size_t)(at - text.at), word.len, value, arena, is_hit);
}

/* The same for an ID, of which a word is the start, or which is the search or a word in full. */
static void hit_id(const struct marks *marks, struct folded *folded, struct text id, bool *is_hit)
{
    bool is_whole = text_equal(id, marks->whole);

    for (size_t i = 0; i < marks->count && !is_whole; i++) {
        const struct word *word = &marks->words[i];

        if (word->field != QUERY_ANY && word->field != BOOK_ID)
            continue;
        is_whole = text_equal(id, word->text);
        if (!word->is_exact && match_begins(folded->text, word->folded))
            hit(folded, 0, word->folded.len, id, marks->arena, is_hit);
    }
    if (is_whole)
        memset(is_hit, true, id.len);
}

/* Returns the runs of hit bytes. */
static size_t gather(struct arena *arena, const bool *is_hit, size_t len, const struct mark **all)
{
    struct mark *marks = arena_alloc(arena, (len / 2 + 1) * sizeof *marks);
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        if (!is_hit[i])
            continue;
        if (i == 0 || !is_hit[i - 1])
            marks[count++] = (struct mark){i, 0};
        marks[count - 1].len++;
    }
    *all = marks;
    return count;
}

/* Returns whether a word is searched in a field. */
static bool looks_at(const struct word *word, enum book_field field)
{
    return word->field == (int)field || (word->field == QUERY_ANY && book_fields[field].type == BOOK_TEXT);
}

size_t marks_find(const struct marks *marks, enum book_field field, struct text value, const struct mark **all)
{
    struct folded folded = {0};
    bool *is_hit;

    if (marks == NULL || value.len == 0)
        return 0;
    folded.text = query_fold(marks->arena, (int)field, value);
    is_hit = arena_alloc(marks->arena, value.len * sizeof *is_hit);
    memset(is_hit, 0, value.len * sizeof *is_hit);
    if (field == BOOK_ID)
        hit_id(marks, &folded, value, is_hit);
    for (size_t i = 0; field != BOOK_ID && i < marks->count; i++)
        if (looks_at(&marks->words[i], field))
            hit_word(&folded, marks->words[i].folded, value, marks->arena, is_hit);
    return gather(marks->arena, is_hit, value.len, all);
}
