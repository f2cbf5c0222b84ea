/*
 * A search. Bytes: column to sort by and direction, what to choose from, first book of the part; then the search. It
 * finds, in an index and changes that lie over it, as many books as looking at each of them does.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "books.h"

enum { PART = 5, ALL = BOOKS + 1 };

/* The table as it is after the changes; without an ID: deleted. */
static struct book table[ALL];
static struct text folded[ALL][BOOK_FIELDS];

static void change(struct index *index, size_t i, enum change_op op)
{
    static uint64_t number = 8;
    struct change change = {
        .version = version_of(5, number++, 3), .op = op, .id = table[i].field[BOOK_ID], .after = {"", 0}};
    struct buf row = {0};
    struct err err;

    book_row_write(&row, &table[i]);
    if (op != CHANGE_DELETE)
        change.after = (struct text){row.at, row.len};
    FUZZ_ASSERT(index_apply(index, &change, 1, &err) == ERR_OK);
    if (op == CHANGE_DELETE)
        table[i].field[BOOK_ID] = text_from_cstr("");
    buf_free(&row);
}

static struct index *make(void)
{
    static struct arena arena;
    struct index *index = books_open_index(books_index());

    FUZZ_ASSERT(index != NULL);
    memcpy(table, books_all(), BOOKS * sizeof *table);
    table[BOOKS] = table[1];
    table[BOOKS].field[BOOK_ID] = text_from_cstr("x added");
    table[7].field[BOOK_TITLE] = text_from_cstr("Æther the “sea” O’Hara J.K.");
    table[8].field[BOOK_CATEGORY] = text_from_cstr("straße");
    change(index, BOOKS, CHANGE_ADD);
    change(index, 7, CHANGE_UPDATE);
    change(index, 8, CHANGE_UPDATE);
    change(index, 9, CHANGE_DELETE);
    for (int i = 0; i < ALL; i++)
        for (int field = 0; field < BOOK_FIELDS; field++)
            folded[i][field] = query_fold(&arena, field, table[i].field[field]);
    return index;
}

static bool satisfies(size_t i, const struct query_clause *clause, struct text wanted)
{
    for (int field = 0; field < BOOK_FIELDS; field++) {
        const struct text value = folded[i][field];

        if (clause->field == QUERY_ANY ? book_fields[field].type == BOOK_DATE : clause->field != field)
            continue;
        if (clause->is_exact   ? text_equal(table[i].field[field], clause->text)
            : field == BOOK_ID ? value.len >= wanted.len && memcmp(value.at, wanted.at, wanted.len) == 0
                               : memmem(value.at, value.len, wanted.at, wanted.len) != NULL)
            return true;
    }
    return false;
}

/* Counts the books of the table that satisfy a query, in the plainest way. */
static uint64_t count_plainly(const struct query *query, const struct query_clauses *clauses, struct arena *arena)
{
    uint64_t count = 0;

    for (size_t i = 0; i < ALL; i++) {
        bool is_found = true;

        if (table[i].field[BOOK_ID].len == 0)
            continue;
        for (size_t c = 0; c < clauses->count; c++) {
            const struct text wanted = query_fold(arena, clauses->all[c].field, clauses->all[c].text);

            if (wanted.len > 0) /* else it is made of what cannot be seen, and excludes nothing */
                is_found &= satisfies(i, &clauses->all[c], wanted) != clauses->all[c].is_excluded;
        }
        is_found |= clauses->whole.len > 0 && text_equal(clauses->whole, table[i].field[BOOK_ID]);
        for (int field = 0; field < BOOK_FIELDS; field++)
            is_found &=
                query->choice[field].count == 0 || query_choice_has(&query->choice[field], table[i].field[field]);
        count += is_found;
    }
    return count;
}

static void check_list(const struct found *found, const struct query *query, struct arena *arena)
{
    const uint64_t total = found_total(found), rest = query->offset < total ? total - query->offset : 0;
    struct found_walk *walk = found_walk_new(found);
    struct facets facets;
    struct book_list list;
    struct book book;
    uint64_t walked = 0;

    found_part(found, arena, &list);
    FUZZ_ASSERT(list.count == (rest < PART ? rest : PART));
    while (found_walk_next(walk, arena, &book)) {
        if (walked >= query->offset && walked - query->offset < list.count)
            FUZZ_ASSERT(book_equal(&book, &list.books[walked - query->offset]));
        walked++;
    }
    FUZZ_ASSERT(walked == total);
    for (size_t i = 0; i < list.count; i++)
        fuzz_check_strings(&list.books[i]);
    found_facets(found, arena, &facets);
    FUZZ_ASSERT(facets.count <= BOOK_FIELDS);
    for (size_t i = 0; i < facets.count; i++)
        for (size_t j = 0; j < facets.all[i].count; j++)
            FUZZ_ASSERT(facets.all[i].values[j].count >= 1 && facets.all[i].values[j].count <= ALL);
}

/* A value that is written as a phrase is one clause, which looks for this value. */
static void check_phrase(struct text value, struct arena *arena)
{
    struct query query = {0};
    struct buf out = {0};
    size_t count;

    query_add_phrase(&out, BOOK_TITLE, value);
    FUZZ_ASSERT(query_set_search(&query, (struct text){out.at, out.len}, arena));
    count = query_clauses(&query)->count;
    FUZZ_ASSERT(count == (text_trim(value).len > 0));
    if (count == 1)
        FUZZ_ASSERT(text_equal(query.clauses->all[0].text, value) && query.clauses->all[0].field == BOOK_TITLE &&
                    !query.clauses->all[0].is_excluded);
    buf_free(&out);
}

FUZZ_TARGET(search)
{
    static const struct text choices[] = {{"straße", 7}, {"The", 3}, {"sea", 3}, {"none", 4}};
    static struct index *index;
    struct text input = {(const char *)data, size};
    struct query query = {.limit = PART, .wants_facets = true};
    struct arena arena = {0};
    struct text search;
    struct found *found;
    struct err err;
    size_t characters;
    unsigned char c = fuzz_byte(&input), pick;

    if (index == NULL)
        index = make();
    query_order_by(&query, (enum book_field)(c % BOOK_FIELDS), c >= 'a');
    if (c % 2 == 1 && query.order[0].field != BOOK_ID && query.order[0].field != BOOK_EDITION)
        query.order[++query.further] = (struct query_order){BOOK_EDITION, c % 4 == 1};
    pick = fuzz_byte(&input) % 9; /* none; one; or one and the next */
    query.choice[BOOK_CATEGORY] = (struct query_choice){choices + pick % 3, pick / 3};
    query.offset = fuzz_byte(&input) % 16;
    search = text_trim(text_copy(&arena, input));
    if (text_check(search, &characters) == TEXT_FINE && characters <= LIMIT_SEARCH_CHARACTERS) {
        if (query_set_search(&query, search, &arena)) {
            FUZZ_ASSERT(index_query(index, &query, &arena, &found, &err) == ERR_OK);
            FUZZ_ASSERT(found_total(found) == count_plainly(&query, query_clauses(&query), &arena));
            check_list(found, &query, &arena);
        }
        check_phrase(search, &arena);
    }
    arena_free(&arena);
    return 0;
}
