#include "view/rows.h"

#include <string.h>

/* A placeholder is three bytes: BEGIN, specimen, value. User input never contains control characters. */
enum { BEGIN = '\x01', SPECIMEN = '\x02', VALUE = '\x10', PLACEHOLDER_BYTES = 3, PIECES_MOST = 64 };

/* Literal text and the value that follows it. */
struct piece {
    struct text literal;
    int value;      /* -1: none, at the end */
    bool is_in_tag; /* the value is in a tag, so no <mark> can go there */
};

struct pattern {
    struct piece pieces[PIECES_MOST];
    size_t count;
};

char *rows_placeholder(struct arena *arena, int specimen, int value)
{
    const char placeholder[PLACEHOLDER_BYTES] = {BEGIN, (char)(SPECIMEN + specimen), (char)(VALUE + value)};

    return arena_copy(arena, placeholder, PLACEHOLDER_BYTES);
}

/* Returns the next placeholder in text, or NULL. */
static const char *next_placeholder(struct text text)
{
    return text.len >= PLACEHOLDER_BYTES ? memchr(text.at, BEGIN, text.len - PLACEHOLDER_BYTES + 1) : NULL;
}

/* Returns whether `at` is in a tag of the page that starts at begin. */
static bool is_in_tag(const char *begin, const char *at)
{
    while (at > begin && at[-1] != '<' && at[-1] != '>')
        at--;
    return at > begin && at[-1] == '<';
}

/*
 * Splits text, a part of page, into pieces. Returns false if there are too many, or if a placeholder belongs to another
 * specimen.
 */
static bool read_pattern(struct text text, struct text page, int specimen, struct pattern *pattern)
{
    for (pattern->count = 0; pattern->count < PIECES_MOST;) {
        const char *placeholder = next_placeholder(text);
        struct piece *piece = &pattern->pieces[pattern->count++];

        if (placeholder == NULL) {
            *piece = (struct piece){text, -1, false};
            return true;
        }
        *piece = (struct piece){
            {text.at, (size_t)(placeholder - text.at)}, placeholder[2] - VALUE, is_in_tag(page.at, placeholder)};
        if (placeholder[1] != SPECIMEN + specimen || piece->value < 0 || piece->value >= ROWS_VALUES)
            return false;
        text.len -= (size_t)(placeholder - text.at) + PLACEHOLDER_BYTES;
        text.at = placeholder + PLACEHOLDER_BYTES;
    }
    return false;
}

/* Returns whether the first count pieces of a and b are equal. */
static bool are_alike(const struct pattern *a, const struct pattern *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i >= a->count || i >= b->count || a->pieces[i].value != b->pieces[i].value ||
            !text_equal(a->pieces[i].literal, b->pieces[i].literal))
            return false;
    return true;
}

/* The escaping of each byte: 0: none; else an index into entities. */
static const unsigned char entity_of[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};
static const char *const entities[] = {"", "&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

enum { ENTITY_MOST = 6 };

/* Appends value, escaped the way ClearSilver does it. */
static void add_escaped(struct buf *out, struct text value)
{
    char *at = buf_reserve(out, value.len * ENTITY_MOST);

    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.at[i];

        if (entity_of[c] == 0)
            *at++ = (char)c;
        else
            at = stpcpy(at, entities[entity_of[c]]);
    }
    out->len = (size_t)(at - out->at);
}

static void add_marked(struct buf *out, struct text value, const struct mark *marks, size_t count)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        add_escaped(out, (struct text){value.at + at, marks[i].at - at});
        buf_add_string(out, "<mark>");
        add_escaped(out, (struct text){value.at + marks[i].at, marks[i].len});
        buf_add_string(out, "</mark>");
        at = marks[i].at + marks[i].len;
    }
    add_escaped(out, (struct text){value.at + at, value.len - at});
}

static void add_row(struct buf *out, const struct pattern *pattern, const struct book *book, const struct marks *marks)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const struct piece *piece = &pattern->pieces[i];
        const struct mark *found = NULL;
        size_t count = 0;

        buf_add(out, piece->literal.at, piece->literal.len);
        if (piece->value == ROWS_ENCODED_ID) {
            text_percent_encode(out, book->field[BOOK_ID]);
        } else if (piece->value >= 0) {
            if (marks != NULL && !piece->is_in_tag)
                count = marks_find(marks, (enum book_field)piece->value, book->field[piece->value], &found);
            add_marked(out, book->field[piece->value], found, count);
        }
    }
}

/*
 * Finds the first placeholder of a specimen in text, which begins where the specimen before it does. Returns NULL if
 * there is none, or one of a later specimen first.
 */
static const char *find_specimen(struct text text, int specimen)
{
    const char *at = next_placeholder(text);

    while (at != NULL && at[1] == SPECIMEN + specimen - 1) {
        text.len -= (size_t)(at + 1 - text.at);
        text.at = at + 1;
        at = next_placeholder(text);
    }
    return at != NULL && at[1] == SPECIMEN + specimen ? at : NULL;
}

bool rows_expand(struct text page, const struct book_list *list, const struct marks *marks, struct buf *out)
{
    const char *at[ROWS_SPECIMENS + 1];
    struct pattern row[ROWS_SPECIMENS];
    struct text rest = page;

    at[ROWS_SPECIMENS] = page.at + page.len;
    for (int i = 0; i < ROWS_SPECIMENS; i++) {
        at[i] = find_specimen(rest, i);
        if (at[i] == NULL)
            return false;
        rest.len -= (size_t)(at[i] - rest.at);
        rest.at = at[i];
    }
    for (int i = 0; i < ROWS_SPECIMENS; i++)
        if (!read_pattern((struct text){at[i], (size_t)(at[i + 1] - at[i])}, page, i, &row[i]))
            return false;
    /* After its last value, the last one runs on to the end of the page. */
    if (row[0].count != row[1].count || row[1].count != row[2].count || !are_alike(&row[0], &row[1], row[0].count) ||
        !are_alike(&row[1], &row[2], row[1].count - 1))
        return false;
    buf_add(out, page.at, (size_t)(at[0] - page.at));
    for (size_t i = 0; i + 1 < list->count; i++)
        add_row(out, &row[0], &list->books[i], marks);
    add_row(out, &row[2], &list->books[list->count - 1], marks);
    return true;
}
