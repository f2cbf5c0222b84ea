/* The part of the index that finds the books of a query: rows of the index as sets, changed books one by one. */
#include <string.h>

#include "base/buf.h"
#include "book/rank.h"
#include "index/index_parts.h"

enum {
    CHECK_COST = 50,           /* checking a row or a value takes as long as adding this many rows to a set */
    LOOK_EVERY = 256,          /* rows, values or changed books checked between two looks at the deadline */
    LOOK_AFTER = 65536,        /* values added between two looks */
    MANY = 64,                 /* one of this many values: read them in their order, not word by word */
    SHORT_US = 20000,          /* processor time of a search that is never long, and more for each */
    SHORT_US_FOR_1000_ROWS = 5 /* thousand rows: enough to find and count most of them once */
};

/* A clause and where its text may be. */
struct sought {
    const struct query_clause *clause;
    struct text folded;                    /* empty: the clause has no effect */
    const uint64_t *rows[BOOK_FIELDS];     /* those of a field that the index knows; NULL: to be found by its words */
    struct words_found words[BOOK_FIELDS]; /* none if the clause does not look at the field */
    bool is_scan[BOOK_FIELDS];             /* words cannot tell: look at each value */
    const uint32_t *ids;                   /* the rows whose ID the clause matches */
    uint32_t id_count;
    uint64_t cost; /* of finding the rows, in rows added to a set */
    bool is_done;
};

void index_add_rows(struct row_set *rows, const struct index_column *column, uint32_t from, uint32_t to)
{
    const uint32_t count = column->firsts[to] - column->firsts[from];

    row_set_expect(rows, count);
    row_set_add_all(rows, column->order + column->firsts[from], count);
}

/* Adds the rows of one value. Call row_set_expect() before adding many values. */
static inline void add_rows_of(struct row_set *rows, const struct index_column *column, uint32_t value)
{
    row_set_add_all(rows, column->order + column->firsts[value], column->firsts[value + 1] - column->firsts[value]);
}

void index_add_id(struct row_set *rows, const struct index_file *file, struct text id)
{
    uint32_t row;

    if (index_find_id(file, id, &row))
        row_set_add(rows, row);
}

/* Returns the rows that satisfy what was looked at so far: all at first. */
static struct row_set *base_of(struct found *found)
{
    if (found->is_whole)
        row_set_fill(&found->base);
    found->is_whole = false;
    return &found->base;
}

static bool row_satisfies(const struct index_file *file, uint32_t row, const struct query_clause *clause,
                          struct text folded, struct buf *room)
{
    const struct text id = index_value(file, BOOK_ID, row);

    if (match_looks_at_id(clause) && !clause->is_exact) {
        buf_clear(room);
        query_fold_add(room, BOOK_ID, id);
        if (match_begins((struct text){room->at, room->len}, folded))
            return true;
    } else if (match_looks_at_id(clause) && text_equal(id, clause->text)) {
        return true;
    }
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (match_looks_at(clause, field) &&
            match_contains(index_folded(&file->column[field], file->column[field].codes[row]), folded))
            return true;
    return false;
}

/* Does the work of match_clause() by checking each remaining row. */
static void match_few(struct found *found, const struct query_clause *clause, struct text folded)
{
    struct row_set *base = base_of(found);
    struct row_set_reader reader = {.set = base};
    struct buf room = {0};
    size_t looked = 0;
    uint32_t row;

    while (row_set_next(&reader, &row)) {
        if (++looked % LOOK_EVERY == 0 && deadline_passed(found->query.deadline))
            break;
        if (row_satisfies(&found->index->file, row, clause, folded, &room) == clause->is_excluded)
            row_set_remove(base, row);
    }
    buf_free(&room);
}

/* Whether a folded value has a text as required: match_contains() or rank_begins_word(). */
typedef bool value_test(struct text folded, struct text what);

static void add_if(struct row_set *rows, const struct index_column *column, uint32_t value, value_test *test,
                   struct text folded)
{
    if (test(index_folded(column, value), folded))
        add_rows_of(rows, column, value);
}

/* Adds the rows of those values with some words that pass a test. */
static void add_candidates(struct row_set *rows, const struct index_column *column, const struct words_found *found,
                           value_test *test, struct text folded, struct deadline *deadline)
{
    size_t looked = 0;

    for (size_t i = 0; i < found->count; i++) {
        const struct values values = index_words_values(&column->words, found->words[i]);

        for (uint32_t j = 0; j < values.count; j++) {
            if (++looked % LOOK_EVERY == 0 && deadline_passed(deadline))
                return;
            add_if(rows, column, values.values[j], test, folded);
        }
    }
}

/* Adds the rows of the values with some words, word by word. */
static void add_few(struct row_set *rows, const struct index_column *column, const struct words_found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct values values = index_words_values(&column->words, found->words[i]);

        for (uint32_t j = 0; j < values.count; j++)
            add_rows_of(rows, column, values.values[j]);
    }
}

/* The same for many values: as a set first, since their rows are close to each other in the file. */
static void add_many(struct row_set *rows, const struct index_column *column, const struct words_found *found,
                     struct arena *arena, struct deadline *deadline)
{
    uint64_t *set = bits_new(arena, column->values), added = 0;

    for (size_t i = 0; i < found->count; i++) {
        const struct values values = index_words_values(&column->words, found->words[i]);

        for (uint32_t j = 0; j < values.count; j++)
            bits_set(set, values.values[j]);
        added += values.count;
        if (added >= LOOK_AFTER && deadline_passed(deadline))
            return;
        added %= LOOK_AFTER;
    }
    for (size_t i = 0; i < bits_words(column->values); i++) {
        for (uint64_t word = set[i]; word != 0; word &= word - 1) {
            const uint32_t value = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word);

            add_rows_of(rows, column, value);
        }
        if (i % (LOOK_AFTER / 64) == 0 && deadline_passed(deadline))
            return;
    }
}

/* Adds the rows of a column whose values have a text in the words found, and pass the test. */
static void add_found(struct row_set *rows, const struct index_column *column, const struct words_found *found,
                      const struct found *query, value_test *test, struct text folded)
{
    if (!found->is_candidate)
        row_set_expect(rows, found->values);
    if (found->is_candidate)
        add_candidates(rows, column, found, test, folded, query->query.deadline);
    else if (found->count > 1 && found->values > column->values / MANY)
        add_many(rows, column, found, query->arena, query->query.deadline);
    else
        add_few(rows, column, found);
}

/* The same by a look at each value. */
static void scan_column(struct row_set *rows, const struct index_column *column, value_test *test, struct text folded,
                        struct deadline *deadline)
{
    for (uint32_t value = 0; value < column->values; value++) {
        if (value % LOOK_EVERY == 0 && deadline_passed(deadline))
            return;
        add_if(rows, column, value, test, folded);
    }
}

void index_add_field(struct row_set *rows, const struct found *found, int field, struct text folded)
{
    const struct index_file *file = &found->index->file;
    const struct index_column *column = &file->column[field];
    const uint64_t *common = index_common_rows(&column->common, folded, file->rows);
    struct words_found words;

    if (common != NULL)
        row_set_add_bits(rows, common);
    else if (index_words_find(&column->words, folded, false, found->arena, &words))
        add_found(rows, column, &words, found, match_contains, folded);
    else
        scan_column(rows, column, match_contains, folded, found->query.deadline);
}

void index_add_starts(struct row_set *rows, const struct found *found, int field, struct text folded)
{
    const struct index_column *column = &found->index->file.column[field];
    struct words_found words;

    if (index_words_find(&column->words, folded, true, found->arena, &words))
        add_found(rows, column, &words, found, rank_begins_word, folded);
    else
        scan_column(rows, column, rank_begins_word, folded, found->query.deadline);
}

/* Returns the rows that have the text in one of the fields of the clause. */
static struct row_set rows_with(const struct found *found, const struct sought *sought)
{
    const struct index_file *file = &found->index->file;
    struct deadline *deadline = found->query.deadline;
    struct row_set rows = row_set_new(found->arena, file->rows);

    for (int field = 0; field < BOOK_FIELDS; field++) {
        if (sought->rows[field] != NULL)
            row_set_add_bits(&rows, sought->rows[field]);
        else if (sought->is_scan[field])
            scan_column(&rows, &file->column[field], match_contains, sought->folded, deadline);
        else
            add_found(&rows, &file->column[field], &sought->words[field], found, match_contains, sought->folded);
    }
    for (uint32_t i = 0; i < sought->id_count; i++)
        row_set_add(&rows, sought->ids[i]);
    return rows;
}

/* Keeps the rows that satisfy a clause, or excludes them. with: the result of rows_with(). */
static void match_clause(struct found *found, const struct query_clause *clause, const struct row_set *with)
{
    if (clause->is_excluded)
        row_set_exclude(base_of(found), with);
    else if (found->is_whole)
        row_set_copy(&found->base, with);
    else
        row_set_keep(&found->base, with);
    found->is_whole = false;
}

/* Removes the rows of the values with codes from `from` to before `to`. */
static void remove_rows(struct row_set *rows, const struct index_column *column, uint32_t from, uint32_t to)
{
    for (uint32_t i = column->firsts[from]; i < column->firsts[to]; i++)
        row_set_remove(rows, column->order[i]);
}

/*
 * Keeps the rows with the values from `from` to before `to`: looks at those that are left, gathers those with the
 * values, or removes those with others, whichever are the fewest.
 */
static void match_range(struct row_set *rows, struct arena *arena, const struct index_column *column, uint32_t from,
                        uint32_t to)
{
    const uint32_t left = row_set_count(rows), within = column->firsts[to] - column->firsts[from];
    const uint32_t without = rows->rows - within;
    struct row_set_reader reader = {.set = rows};
    uint32_t row;

    if (left < within && left < without) {
        while (row_set_next(&reader, &row)) {
            const uint32_t home = index_home(column, column->codes[row]);

            if (home < from || home >= to)
                row_set_remove(rows, row);
        }
    } else if (within < without) {
        struct row_set with = row_set_new(arena, rows->rows);

        index_add_rows(&with, column, from, to);
        row_set_keep(rows, &with);
    } else {
        remove_rows(rows, column, 0, from);
        remove_rows(rows, column, to, column->values);
    }
}

/* Keeps the rows from the first to the last day. Books without a date are in no range. */
static void match_days(struct found *found)
{
    const struct index_column *column = &found->index->file.column[BOOK_AVAILABLE_FROM];
    const struct text from = found->query.from, until = found->query.until;
    uint32_t first, last;

    if (index_find_value(column, from, from, &first) && from.len == 0)
        first++;
    if (until.len == 0)
        last = column->values;
    else if (index_find_value(column, until, until, &last))
        last++;
    if (first < last)
        match_range(base_of(found), found->arena, column, first, last);
    else
        row_set_clear(base_of(found));
}

/* Adds the rows that have a value in a field. */
static void add_value(const struct found *found, int field, struct text value, struct row_set *rows)
{
    const struct index_column *column = &found->index->file.column[field];
    uint32_t code, home;

    if (!index_find_value(column, value, query_fold(found->arena, field, value), &code))
        return;
    home = index_home(column, code); /* where they may be mixed with those of values with the same folded form */
    if (column->counts[code] == column->firsts[home + 1] - column->firsts[home]) {
        index_add_rows(rows, column, home, home + 1);
        return;
    }
    for (uint32_t i = column->firsts[home]; i < column->firsts[home + 1]; i++)
        if (column->codes[column->order[i]] == code)
            row_set_add(rows, column->order[i]);
}

/* Finds the rows that satisfy the choice of a field. */
static struct row_set match_choice(const struct found *found, int field)
{
    const struct query_choice *choice = &found->query.choice[field];
    struct row_set rows = row_set_new(found->arena, found->index->file.rows);

    for (size_t i = 0; i < choice->count; i++)
        add_value(found, field, choice->values[i], &rows);
    return rows;
}

/* ---- Changed books */

static void match_changed(struct found *found)
{
    const struct overlay *overlay = &found->index->overlay;

    found->changed = arena_alloc(found->arena, (overlay->count + 1) * sizeof *found->changed);
    for (size_t i = 0; i < overlay->count; i++) {
        struct overlay_book *book = overlay->books[i];

        if (i % LOOK_EVERY == 0 && deadline_passed(found->query.deadline))
            return;
        if (book->row != OVERLAY_NO_ROW)
            row_set_remove(&found->base, book->row);
        if (!book->is_deleted && match_book(&found->match, &book->book, book->folded))
            found->changed[found->changed_count++] =
                (struct found_book){book, match_refused(&found->query, &book->book)};
    }
}

/* ---- All clauses */

/* Returns whether two clauses have the same folded text and fields: then they match the same rows. */
static bool are_alike(const struct sought *a, const struct sought *b)
{
    return a->clause->field == b->clause->field && text_equal(a->folded, b->folded) && !a->clause->is_exact &&
           !b->clause->is_exact;
}

/* Sets how much processor time the search may take without a slot for long work. */
static void allow(const struct found *found)
{
    if (found->query.deadline != NULL)
        deadline_allow(found->query.deadline,
                       SHORT_US + (int64_t)found->index->file.rows / 1000 * SHORT_US_FOR_1000_ROWS);
}

/* Finds the IDs that a clause matches. */
static void seek_ids(const struct found *found, struct sought *sought)
{
    const struct index_file *file = &found->index->file;
    uint32_t from, to, *row;

    if (sought->clause->is_exact) {
        row = arena_alloc(found->arena, sizeof *row);
        sought->id_count = index_find_id(file, sought->clause->text, row);
        sought->ids = row;
    } else {
        index_find_prefix(file, sought->folded, &from, &to);
        sought->id_count = to - from;
        sought->ids = file->column[BOOK_ID].order + from;
    }
    sought->cost += sought->id_count;
}

/* Finds the words of a clause, and what finding its rows will cost. */
static void seek(const struct found *found, struct sought *sought)
{
    const struct index_file *file = &found->index->file;

    sought->cost = bits_words(file->rows);
    if (sought->folded.len > 0 && match_looks_at_id(sought->clause))
        seek_ids(found, sought);
    for (int field = 0; field < BOOK_FIELDS && sought->folded.len > 0; field++) {
        const struct index_column *column = &file->column[field];
        struct words_found *words = &sought->words[field];

        if (!match_looks_at(sought->clause, field))
            continue;
        sought->rows[field] = index_common_rows(&column->common, sought->folded, file->rows);
        if (sought->rows[field] != NULL)
            continue;
        sought->is_scan[field] = !index_words_find(&column->words, sought->folded, false, found->arena, words);
        if (sought->is_scan[field])
            sought->cost += (uint64_t)column->values * CHECK_COST;
        else if (words->is_candidate)
            sought->cost += words->values * CHECK_COST;
        else if (column->values > 0)
            sought->cost += words->values * (file->rows / column->values + 1);
    }
}

/* Keeps the rows that satisfy a clause, and all that are like it. */
static void match_all_alike(struct found *found, struct sought *sought, size_t count, const struct sought *next)
{
    const struct row_set with = rows_with(found, next);

    for (size_t i = 0; i < count; i++)
        if (&sought[i] == next || (!sought[i].is_done && are_alike(next, &sought[i]))) {
            match_clause(found, sought[i].clause, &with);
            sought[i].is_done = true;
        }
}

/* Keeps the rows that satisfy all clauses, the cheapest first: it usually leaves the fewest rows for the others. */
static void match_clauses(struct found *found, struct sought *sought, size_t count)
{
    uint64_t left = found->index->file.rows;

    for (;;) {
        struct sought *next = NULL;

        for (size_t i = 0; i < count; i++)
            if (!sought[i].is_done && sought[i].folded.len > 0 && (next == NULL || sought[i].cost < next->cost))
                next = &sought[i];
        if (next == NULL || left == 0 || deadline_passed(found->query.deadline))
            break;
        next->is_done = true;
        if (left * CHECK_COST < next->cost)
            match_few(found, next->clause, next->folded);
        else
            match_all_alike(found, sought, count, next);
        left = row_set_count(&found->base);
    }
}

/* Sets the rows to those of base that satisfy the choices. */
static void match_choices(struct found *found)
{
    found->rows = found->base;
    for (int field = 0; field < BOOK_FIELDS; field++) {
        if (found->query.choice[field].count == 0)
            continue;
        if (found->rows.words == found->base.words) {
            found->rows = row_set_new(found->arena, found->base.rows);
            row_set_copy(&found->rows, &found->base);
        }
        found->choice[field] = match_choice(found, field);
        row_set_keep(&found->rows, &found->choice[field]);
        found->is_whole = false;
    }
}

void index_match(struct found *found)
{
    const struct index_file *file = &found->index->file;
    const struct match *match = &found->match;
    struct sought sought[LIMIT_SEARCH_WORDS];

    found->base = row_set_new(found->arena, file->rows);
    found->is_whole = true;
    allow(found);
    match_init(&found->match, &found->query, found->arena);
    for (size_t i = 0; i < match->clauses->count; i++) {
        sought[i] = (struct sought){.clause = &match->clauses->all[i], .folded = match->folded[i]};
        seek(found, &sought[i]);
    }
    match_clauses(found, sought, match->clauses->count);
    if (match->clauses->count > 0)
        index_add_id(base_of(found), file, match->clauses->whole);
    if (found->query.from.len > 0 || found->query.until.len > 0)
        match_days(found);
    if (found->is_whole)
        row_set_fill(&found->base);
    match_changed(found);
    match_choices(found);
    found->row_count = row_set_count(&found->rows);
    found->total = found->row_count;
    for (size_t i = 0; i < found->changed_count; i++)
        found->total += found->changed[i].refused == 0 ? 1 : 0;
}
