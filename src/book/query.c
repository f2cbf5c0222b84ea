#include "book/query.h"

#include <string.h>

#include "base/fold.h"

const struct query query_whole = {.limit = LIMIT_PAGE_ROWS};

bool query_choice_has(const struct query_choice *choice, struct text value)
{
    for (size_t i = 0; i < choice->count; i++)
        if (text_equal(choice->values[i], value))
            return true;
    return false;
}

bool query_is_whole(const struct query *query)
{
    if (query->search.len > 0 || query->from.len > 0 || query->until.len > 0)
        return false;
    for (int i = 0; i < BOOK_FIELDS; i++)
        if (query->choice[i].count > 0)
            return false;
    return true;
}

void query_order_by(struct query *query, enum book_field field, bool is_descending)
{
    query->order[0] = (struct query_order){field, is_descending};
    query->further = 0;
    query->is_best_first = false;
}

bool query_is_by_id(const struct query *query)
{
    return query->order[0].field == BOOK_ID && !query->order[0].is_descending && !query->is_best_first;
}

bool query_is_list(const struct query *query)
{
    return query_is_whole(query) && query_is_by_id(query) && query->after.len == 0 && !query->wants_facets;
}

/* Drops the first len bytes of text. */
static void skip(struct text *text, size_t len)
{
    text->at += len;
    text->len -= len;
}

/* Removes the word before the next blank from rest and returns it. */
static struct text take_word(struct text *rest)
{
    struct text word = {rest->at, 0};

    while (rest->len > 0 && text_space(*rest) == 0)
        skip(rest, 1);
    word.len = (size_t)(rest->at - word.at);
    return word;
}

/* Returns the length in bytes of a quotation mark of any kind (base/fold.h) at the start of text; 0: none. */
static size_t quote_at(struct text text)
{
    static const char *const quotes[] = {"\"", "“", "”", "„", "‟", "«", "»"};

    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        const size_t len = strlen(quotes[i]);

        if (text.len >= len && memcmp(text.at, quotes[i], len) == 0)
            return len;
    }
    return 0;
}

/* Returns whether text starts with a doubled quotation mark. *len is the length of one, 0 if there is none. */
static bool is_doubled_quote(struct text text, size_t *len)
{
    *len = quote_at(text);
    return *len > 0 && text.len >= 2 * *len && memcmp(text.at, text.at + *len, *len) == 0;
}

/*
 * Removes a quoted string from the start of rest and returns its content. It ends at the next single quotation mark or
 * at the end; a doubled quotation mark is a literal one.
 */
static struct text take_phrase(struct text *rest, struct arena *arena)
{
    struct buf unquoted = {0};
    struct text phrase;
    size_t len;

    skip(rest, quote_at(*rest));
    phrase = *rest;
    while (rest->len > 0) {
        const bool is_doubled = is_doubled_quote(*rest, &len);

        if (len > 0 && !is_doubled)
            break;
        buf_add(&unquoted, rest->at, is_doubled ? len : 1);
        skip(rest, is_doubled ? 2 * len : 1);
    }
    phrase.len = (size_t)(rest->at - phrase.at);
    if (unquoted.len < phrase.len)
        phrase = (struct text){arena_copy(arena, unquoted.at, unquoted.len), unquoted.len};
    buf_free(&unquoted);
    skip(rest, quote_at(*rest));
    return phrase;
}

void query_fold_add(struct buf *out, int field, struct text text)
{
    if (field != QUERY_ANY && book_fields[field].type == BOOK_DATE)
        fold_characters(out, text);
    else
        fold_add(out, text);
}

struct text query_fold(struct arena *arena, int field, struct text text)
{
    struct buf out = {0};
    struct text folded;

    query_fold_add(&out, field, text);
    folded = text_copy(arena, (struct text){buf_string(&out), out.len});
    buf_free(&out);
    return folded;
}

void query_add_phrase(struct buf *out, enum book_field field, struct text value)
{
    size_t len;

    buf_add_format(out, "%s:\"", book_fields[field].short_name);
    while (value.len > 0) {
        len = quote_at(value);
        buf_add(out, value.at, len);
        len = len > 0 ? len : 1;
        buf_add(out, value.at, len);
        skip(&value, len);
    }
    buf_add_char(out, '"');
}

/* Returns whether take_clause() reads text as one word. */
static bool is_word(struct text text)
{
    bool is_one = quote_at(text) == 0;

    for (; text.len > 0 && is_one; skip(&text, 1))
        is_one = text_space(text) == 0;
    return is_one;
}

void query_add_term(struct buf *out, enum book_field field, struct text value)
{
    if (!is_word(value)) {
        query_add_phrase(out, field, value);
        return;
    }
    buf_add_format(out, "%s:", book_fields[field].short_name);
    buf_add(out, value.at, value.len); /* not with %s, which would drop what follows a NUL */
}

/* Returns whether text, which is not empty, starts with a '-' that excludes what follows. Dashes alone are text. */
static bool excludes(struct text text)
{
    return text.at[0] == '-' && text.len > 1 && text.at[1] != '-' &&
           text_space((struct text){text.at + 1, text.len - 1}) == 0;
}

/* Drops the blanks at the start of text. Returns whether there were any. */
static bool skip_space(struct text *text)
{
    const char *const start = text->at;
    size_t space;

    while ((space = text_space(*text)) > 0)
        skip(text, space);
    return text->at > start;
}

/*
 * Removes "field:" and blanks after it from the start of rest, if text for the field follows. After blanks, a clause
 * that excludes is not text for it. Returns the field, or QUERY_ANY if there is none.
 */
static int take_field(struct text *rest)
{
    const char *colon = memchr(rest->at, ':', rest->len);
    const struct text name = {rest->at, colon != NULL ? (size_t)(colon - rest->at) : 0};
    struct text value = {rest->at + name.len + 1, colon != NULL ? rest->len - name.len - 1 : 0};

    for (int field = 0; field < BOOK_FIELDS; field++) {
        bool is_apart;

        if (!text_equal_caseless(name, book_fields[field].name) &&
            !text_equal_caseless(name, book_fields[field].short_name))
            continue;
        is_apart = skip_space(&value);
        if (value.len == 0 || (is_apart && excludes(value)))
            return QUERY_ANY;
        *rest = value;
        return field;
    }
    return QUERY_ANY;
}

/* Removes the next clause from rest, which does not start with a blank. */
static struct query_clause take_clause(struct text *rest, struct arena *arena)
{
    struct query_clause clause = {.field = QUERY_ANY, .is_excluded = excludes(*rest)};

    if (clause.is_excluded)
        skip(rest, 1);
    clause.field = take_field(rest);
    clause.is_exact = clause.field == BOOK_ID && quote_at(*rest) > 0;
    clause.text = quote_at(*rest) > 0 ? take_phrase(rest, arena) : take_word(rest);
    return clause;
}

/* Returns false if there are too many clauses. */
static bool split(struct text search, struct arena *arena, struct query_clauses *clauses)
{
    struct text rest = search;

    *clauses = (struct query_clauses){.whole = search};
    while (rest.len > 0) {
        struct query_clause clause;

        if (skip_space(&rest))
            continue;
        clause = take_clause(&rest, arena);
        if (text_trim(clause.text).len == 0) /* "" has no effect */
            continue;
        if (clauses->count == LIMIT_SEARCH_WORDS)
            return false;
        clauses->all[clauses->count++] = clause;
    }
    return true;
}

bool query_set_search(struct query *query, struct text search, struct arena *arena)
{
    struct query_clauses *clauses = NULL;

    if (search.len > 0) {
        clauses = arena_alloc(arena, sizeof *clauses);
        if (!split(search, arena, clauses))
            return false;
    }
    query->search = search;
    query->clauses = clauses;
    return true;
}

const struct query_clauses *query_clauses(const struct query *query)
{
    static const struct query_clauses none;

    return query->clauses != NULL ? query->clauses : &none;
}
