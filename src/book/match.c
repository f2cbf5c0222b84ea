#include "book/match.h"

#include <string.h>

#include "base/fold.h"

void match_init(struct match *match, const struct query *query, struct arena *arena)
{
    *match = (struct match){.query = query, .clauses = query_clauses(query)};
    for (size_t i = 0; i < match->clauses->count; i++)
        match->folded[i] = query_fold(arena, match->clauses->all[i].field, match->clauses->all[i].text);
}

bool match_looks_at(const struct query_clause *clause, int field)
{
    return clause->field == QUERY_ANY ? book_fields[field].type == BOOK_TEXT
                                      : clause->field == field && field != BOOK_ID;
}

bool match_looks_at_id(const struct query_clause *clause)
{
    return clause->field == QUERY_ANY || clause->field == BOOK_ID;
}

bool match_contains(struct text folded, struct text what)
{
    return folded.len >= what.len && memmem(folded.at, folded.len, what.at, what.len) != NULL;
}

bool match_begins(struct text folded, struct text what)
{
    return folded.len >= what.len && memcmp(folded.at, what.at, what.len) == 0;
}

void match_fold(const struct book *book, struct arena *arena, struct text folded[BOOK_FIELDS])
{
    for (int field = 0; field < BOOK_FIELDS; field++)
        folded[field] = query_fold(arena, field, book->field[field]);
}

static bool satisfies(const struct query_clause *clause, struct text what, const struct book *book,
                      const struct text folded[BOOK_FIELDS])
{
    if (match_looks_at_id(clause) &&
        (clause->is_exact ? text_equal(book->field[BOOK_ID], clause->text) : match_begins(folded[BOOK_ID], what)))
        return true;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (match_looks_at(clause, field) && match_contains(folded[field], what))
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

bool match_book(const struct match *match, const struct book *book, const struct text folded[BOOK_FIELDS])
{
    const struct query_clauses *clauses = match->clauses;
    bool is_found = true;

    if (!is_within_days(match->query, book->field[BOOK_AVAILABLE_FROM]))
        return false;
    for (size_t i = 0; i < clauses->count && is_found; i++)
        is_found = match->folded[i].len == 0 ||
                   satisfies(&clauses->all[i], match->folded[i], book, folded) != clauses->all[i].is_excluded;
    return is_found || (clauses->whole.len > 0 && text_equal(book->field[BOOK_ID], clauses->whole));
}

unsigned match_refused(const struct query *query, const struct book *book)
{
    unsigned refused = 0;

    for (int field = 0; field < BOOK_FIELDS; field++)
        if (query->choice[field].count > 0 && !query_choice_has(&query->choice[field], book->field[field]))
            refused |= 1u << field;
    return refused;
}

int match_compare_values(struct query_order order, struct text a, struct text b)
{
    int result;

    if ((a.len == 0) != (b.len == 0))
        return a.len == 0 ? 1 : -1;
    result = fold_compare(a, b);
    return order.is_descending ? -result : result;
}

int match_compare_one(struct query_order order, struct text a_folded, struct text a_id, struct text b_folded,
                      struct text b_id)
{
    int result = order.field == BOOK_ID ? 0 : match_compare_values(order, a_folded, b_folded);

    if (result != 0)
        return result;
    result = text_compare(a_id, b_id);
    return order.is_descending ? -result : result;
}

int match_compare(const struct query *query, const struct text a_folded[BOOK_FIELDS], struct text a_id,
                  const struct text b_folded[BOOK_FIELDS], struct text b_id)
{
    const struct query_order *last = &query->order[query->further];

    for (const struct query_order *order = query->order; order < last; order++) {
        const int result = match_compare_values(*order, a_folded[order->field], b_folded[order->field]);

        if (result != 0)
            return result;
    }
    return match_compare_one(*last, a_folded[last->field], a_id, b_folded[last->field], b_id);
}
