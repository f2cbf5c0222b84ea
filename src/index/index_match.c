/* The part of the index that finds the books of a query: rows of the index as sets, changed books one by one. */
#include <string.h>

#include "base/fold.h"
#include "index/index_parts.h"

enum {
    FEW = 64,             /* one of this many rows left: checking each is faster than scanning all values */
    PIECE = 64 * 1024,    /* bytes of values searched between two looks at the deadline */
    LOOK_EVERY = 256,     /* rows or changed books between two looks */
    SHORT_US = 20000,     /* processor time of a search that is never long, and more for each */
    SHORT_US_FOR_MB = 500 /* megabyte of folded values: scanning all of them once takes less than half of it */
};

/* Returns the code of the value that contains the byte at place of the folded values; it is not below from. */
static uint32_t code_at(const struct index_column *column, uint32_t from, uint32_t place)
{
    uint32_t step = 1, low = from, high;

    /* Hits are sorted and usually close: gallop, then bisect. */
    while (column->values - low > step && column->folded_starts[low + step] <= place) {
        low += step;
        step *= 2;
    }
    high = column->values - low > step ? low + step : column->values;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;

        if (column->folded_starts[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Adds the rows of the values with codes from from to before to. */
static void add_rows(uint64_t *rows, const struct index_column *column, uint32_t from, uint32_t to)
{
    for (uint32_t i = column->firsts[from]; i < column->firsts[to]; i++)
        bits_set(rows, column->order[i]);
}

/* Adds the rows whose value in a column contains what, which is not empty. */
static void add_containing(uint64_t *rows, const struct index_column *column, struct text what,
                           struct deadline *deadline)
{
    const char *at = column->folded, *const end = at + column->folded_starts[column->values];
    uint32_t code = 0;

    while ((size_t)(end - at) >= what.len && !deadline_passed(deadline)) {
        const char *const piece = (size_t)(end - at) > PIECE + what.len ? at + PIECE + what.len : end;
        const char *hit;

        while (at < piece && (hit = memmem(at, (size_t)(piece - at), what.at, what.len)) != NULL) {
            code = code_at(column, code, (uint32_t)(hit - column->folded));
            add_rows(rows, column, code, code + 1);
            at = column->folded + column->folded_starts[++code];
        }
        if (piece == end)
            break;
        if (at < piece - (what.len - 1)) /* a match may end in the next piece */
            at = piece - (what.len - 1);
    }
}

static void add_id(uint64_t *rows, const struct index_file *file, struct text id)
{
    uint32_t row;

    if (index_find_id(file, id, &row))
        bits_set(rows, row);
}

/* Returns whether a clause applies to the text of a field. */
static bool looks_at(const struct query_clause *clause, int field)
{
    return clause->field == QUERY_ANY ? book_fields[field].type == BOOK_TEXT
                                      : clause->field == field && field != BOOK_ID;
}

static bool looks_at_id(const struct query_clause *clause)
{
    return clause->field == QUERY_ANY || clause->field == BOOK_ID;
}

static bool contains(struct text text, struct text what)
{
    return text.len >= what.len && memmem(text.at, text.len, what.at, what.len) != NULL;
}

static bool row_satisfies(const struct index_file *file, uint32_t row, const struct query_clause *clause,
                          struct text folded)
{
    if (looks_at_id(clause) && text_equal(index_value(file, BOOK_ID, row), clause->text))
        return true;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (looks_at(clause, field) &&
            contains(index_folded(&file->column[field], file->column[field].codes[row]), folded))
            return true;
    return false;
}

/* Does the work of match_clause() by checking each remaining row. */
static void match_few(struct found *found, const struct query_clause *clause, struct text folded)
{
    const struct index_file *file = &found->index->file;
    size_t looked = 0;

    for (size_t i = 0; i < bits_words(file->rows); i++)
        for (uint64_t word = found->base[i]; word != 0; word &= word - 1) {
            const uint32_t row = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word);

            if (++looked % LOOK_EVERY == 0 && deadline_passed(found->query.deadline))
                return;
            if (row_satisfies(file, row, clause, folded) == clause->is_excluded)
                bits_unset(found->base, row);
        }
}

/* Returns the rows that have a clause's text in one of its fields. */
static uint64_t *rows_with(const struct found *found, const struct query_clause *clause, struct text folded)
{
    const struct index_file *file = &found->index->file;
    const uint64_t *known = clause->field == QUERY_ANY ? index_letter_rows(file, folded) : NULL;
    uint64_t *rows = bits_new(found->arena, file->rows, false);

    if (known != NULL)
        memcpy(rows, known, bits_words(file->rows) * sizeof *rows);
    for (int field = 0; known == NULL && field < BOOK_FIELDS; field++)
        if (looks_at(clause, field))
            add_containing(rows, &file->column[field], folded, found->query.deadline);
    return rows;
}

/* Keeps the rows that satisfy a clause, or excludes them. with: the result of rows_with(). */
static void match_clause(struct found *found, const struct query_clause *clause, const uint64_t *with)
{
    const struct index_file *file = &found->index->file;
    const size_t words = bits_words(file->rows);
    uint32_t row;
    /* The row whose ID equals the clause, if it is not in the set anyway. */
    const bool is_id = looks_at_id(clause) && index_find_id(file, clause->text, &row) && bits_has(found->base, row);

    if (clause->is_excluded)
        bits_remove(found->base, with, words);
    else
        bits_keep(found->base, with, words);
    if (is_id && clause->is_excluded)
        bits_unset(found->base, row);
    else if (is_id)
        bits_set(found->base, row);
}

/* Keeps the rows from the first to the last day. Books without a date are in no range. */
static void match_days(struct found *found)
{
    const struct index_file *file = &found->index->file;
    const struct index_column *column = &file->column[BOOK_AVAILABLE_FROM];
    const struct text from = found->query.from, until = found->query.until;
    uint64_t *rows = bits_new(found->arena, file->rows, false);
    uint32_t first, last;

    if (index_find_value(column, from, from, &first) && from.len == 0)
        first++;
    if (until.len == 0)
        last = column->values;
    else if (index_find_value(column, until, until, &last))
        last++;
    if (first < last)
        add_rows(rows, column, first, last);
    bits_keep(found->base, rows, bits_words(file->rows));
}

/* Finds the rows that satisfy the choice of a field. */
static uint64_t *match_choice(const struct found *found, int field, struct text folded)
{
    const struct index_file *file = &found->index->file;
    const struct index_column *column = &file->column[field];
    uint64_t *rows = bits_new(found->arena, file->rows, false);
    uint32_t code, home;

    if (!index_find_value(column, found->query.choice[field], folded, &code))
        return rows;
    /* The rows are mixed with those of other values with the same folded form, in the range of the last of these. */
    for (home = code; home + 1 < column->values && column->firsts[home] == column->firsts[home + 1]; home++)
        continue;
    for (uint32_t i = column->firsts[home]; i < column->firsts[home + 1]; i++)
        if (column->codes[column->order[i]] == code)
            bits_set(rows, column->order[i]);
    return rows;
}

/* ---- Changed books */

static bool satisfies_clause(const struct overlay_book *book, const struct query_clause *clause, struct text folded)
{
    if (looks_at_id(clause) && text_equal(book->id, clause->text))
        return true;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (looks_at(clause, field) && contains(book->folded[field], folded))
            return true;
    return false;
}

static bool is_within_days(const struct query *query, struct text day)
{
    if (query->from.len == 0 && query->until.len == 0)
        return true;
    return day.len > 0 && text_compare(day, query->from) >= 0 &&
           (query->until.len == 0 || text_compare(day, query->until) <= 0);
}

/* Returns whether a changed book satisfies everything except the choices. folded: of each clause; empty: no effect. */
static bool satisfies(const struct overlay_book *book, const struct query *query, const struct query_clauses *clauses,
                      const struct text *folded)
{
    bool is_found = true;

    if (book->is_deleted || !is_within_days(query, book->book.field[BOOK_AVAILABLE_FROM]))
        return false;
    for (size_t i = 0; i < clauses->count && is_found; i++)
        is_found =
            folded[i].len == 0 || satisfies_clause(book, &clauses->all[i], folded[i]) != clauses->all[i].is_excluded;
    return is_found || (clauses->whole.len > 0 && text_equal(book->id, clauses->whole));
}

static unsigned refused_choices(const struct overlay_book *book, const struct query *query)
{
    unsigned refused = 0;

    for (int field = 0; field < BOOK_FIELDS; field++)
        if (query->choice[field].len > 0 && !text_equal(query->choice[field], book->book.field[field]))
            refused |= 1u << field;
    return refused;
}

static void match_changed(struct found *found, const struct query_clauses *clauses, const struct text *folded)
{
    const struct overlay *overlay = &found->index->overlay;

    found->changed = arena_alloc(found->arena, (overlay->count + 1) * sizeof *found->changed);
    for (size_t i = 0; i < overlay->count; i++) {
        struct overlay_book *book = overlay->books[i];

        if (i % LOOK_EVERY == 0 && deadline_passed(found->query.deadline))
            return;
        if (book->row != OVERLAY_NO_ROW)
            bits_unset(found->base, book->row);
        if (satisfies(book, &found->query, clauses, folded))
            found->changed[found->changed_count++] = (struct found_book){book, refused_choices(book, &found->query)};
    }
}

/* ---- All clauses */

/* Returns whether two clauses have the same folded text and fields: then they match the same rows. */
static bool are_alike(const struct query_clause *a, struct text a_folded, const struct query_clause *b,
                      struct text b_folded)
{
    return a->field == b->field && text_equal(a_folded, b_folded);
}

/* Returns whether the distinct clauses have so much to read that the search is long from its start. */
static bool is_long(const struct found *found, const struct query_clauses *clauses, const struct text *folded)
{
    const struct index_file *file = &found->index->file;
    uint64_t bytes = 0;
    int different = 0;

    for (size_t i = 0; i < clauses->count; i++) {
        const struct query_clause *clause = &clauses->all[i];
        size_t like = 0;

        while (like < i && !are_alike(clause, folded[i], &clauses->all[like], folded[like]))
            like++;
        if (like < i || folded[i].len == 0 || index_letter_rows(file, folded[i]) != NULL)
            continue;
        different++;
        for (int field = 0; field < BOOK_FIELDS; field++)
            if (looks_at(clause, field))
                bytes += file->column[field].folded_starts[file->column[field].values];
    }
    return different > LIMIT_SHORT_SEARCH_WORDS && bytes > (uint64_t)LIMIT_SHORT_SEARCH_MB * 1000000;
}

/* Sets how long the search may take without a slot for long work; takes the slot now if it will surely need it. */
static void allow(const struct found *found, const struct query_clauses *clauses, const struct text *folded)
{
    struct deadline *deadline = found->query.deadline;
    const struct index_file *file = &found->index->file;
    int64_t bytes = 0;

    if (deadline == NULL)
        return;
    for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++)
        bytes += file->column[field].folded_starts[file->column[field].values];
    deadline_allow(deadline, SHORT_US + bytes * SHORT_US_FOR_MB / 1000000);
    if (is_long(found, clauses, folded) && !deadline_take_share(deadline))
        deadline_refuse(deadline);
}

/*
 * Keeps the rows that satisfy all clauses, longest clause first, since it usually leaves the fewest rows for the
 * others. Equal clauses are searched once, but each may name a different ID, which is case-sensitive.
 */
static void match_clauses(struct found *found, const struct query_clauses *clauses, const struct text *folded)
{
    const uint32_t rows = found->index->file.rows;
    bool is_done[LIMIT_SEARCH_WORDS] = {false};

    for (size_t i = 0; i < clauses->count; i++) {
        size_t next = clauses->count;
        const uint64_t *with;

        for (size_t j = 0; j < clauses->count; j++)
            if (!is_done[j] && (next == clauses->count || folded[j].len > folded[next].len))
                next = j;
        if (next == clauses->count || folded[next].len == 0 || deadline_passed(found->query.deadline))
            break;
        is_done[next] = true;
        if (bits_count(found->base, bits_words(rows)) < rows / FEW) {
            match_few(found, &clauses->all[next], folded[next]);
            continue;
        }
        with = rows_with(found, &clauses->all[next], folded[next]);
        match_clause(found, &clauses->all[next], with);
        for (size_t j = 0; j < clauses->count; j++)
            if (!is_done[j] && are_alike(&clauses->all[next], folded[next], &clauses->all[j], folded[j])) {
                match_clause(found, &clauses->all[j], with);
                is_done[j] = true;
            }
    }
}

void index_match(struct found *found)
{
    const struct query_clauses *clauses = query_clauses(&found->query);
    const struct index_file *file = &found->index->file;
    const size_t words = bits_words(file->rows);
    struct text folded[LIMIT_SEARCH_WORDS];

    found->base = bits_new(found->arena, file->rows, true);
    for (size_t i = 0; i < clauses->count; i++)
        folded[i] = fold_text(found->arena, clauses->all[i].text);
    allow(found, clauses, folded);
    match_clauses(found, clauses, folded);
    if (clauses->count > 0)
        add_id(found->base, file, clauses->whole);
    if (found->query.from.len > 0 || found->query.until.len > 0)
        match_days(found);
    match_changed(found, clauses, folded);
    found->rows = bits_new(found->arena, file->rows, false);
    memcpy(found->rows, found->base, words * sizeof *found->rows);
    for (int field = 0; field < BOOK_FIELDS; field++) {
        if (found->query.choice[field].len == 0)
            continue;
        found->choice[field] = match_choice(found, field, fold_text(found->arena, found->query.choice[field]));
        bits_keep(found->rows, found->choice[field], words);
    }
    found->total = bits_count(found->rows, words);
    for (size_t i = 0; i < found->changed_count; i++)
        found->total += found->changed[i].refused == 0 ? 1 : 0;
}
