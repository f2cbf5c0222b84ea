#include "book/gather.h"

#include <stdlib.h>
#include <string.h>

#include "book/match.h"

/* A book, with its texts after it in the same allocation. */
struct gathered {
    struct book book;
    struct text folded[BOOK_FIELDS];
    char bytes[];
};

struct gather {
    const struct query *query;
    struct match match;
    struct arena arena, row; /* for the match; for the book being looked at */
    uint64_t total;
    uint64_t skipped;       /* books before the part, which are not kept */
    struct gathered **kept; /* a heap with the last one of the order at its top; an array, if ordered by ID */
    size_t count, most;
};

/* Returns whether the books arrive in the order of the query. */
static bool is_in_order(const struct query *query)
{
    return query->sort == BOOK_ID && !query->is_descending;
}

struct gather *gather_new(const struct query *query, struct err *err)
{
    const uint64_t most = is_in_order(query) ? query->limit : query->offset + query->limit;
    struct gather *gather;

    if (most > LIMIT_GATHERED) {
        err_set(err, ERR_INVALID, "Without the search index, only the first %d books of this order can be shown.",
                LIMIT_GATHERED);
        return NULL;
    }
    gather = mem_zero(sizeof *gather);
    gather->query = query;
    gather->most = (size_t)most;
    gather->kept = mem_zero((gather->most + 1) * sizeof(struct gathered *));
    match_init(&gather->match, query, &gather->arena);
    return gather;
}

void gather_free(struct gather *gather)
{
    if (gather == NULL)
        return;
    for (size_t i = 0; i < gather->count; i++)
        free(gather->kept[i]);
    free(gather->kept);
    arena_free(&gather->arena);
    arena_free(&gather->row);
    free(gather);
}

/* Compares two books by the order of the query. */
static int compare(const struct gather *gather, const struct book *a, const struct text *a_folded, const struct book *b,
                   const struct text *b_folded)
{
    const enum book_field field = gather->query->sort;

    return match_compare(gather->query, a_folded[field], a->field[BOOK_ID], b_folded[field], b->field[BOOK_ID]);
}

static bool is_after(const struct gather *gather, size_t a, size_t b)
{
    const struct gathered *left = gather->kept[a], *right = gather->kept[b];

    return compare(gather, &left->book, left->folded, &right->book, right->folded) > 0;
}

static void swap(struct gather *gather, size_t a, size_t b)
{
    struct gathered *one = gather->kept[a];

    gather->kept[a] = gather->kept[b];
    gather->kept[b] = one;
}

/* Moves a book of the heap up, or down, to where it belongs. */
static void sift_up(struct gather *gather, size_t at)
{
    for (; at > 0 && is_after(gather, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(gather, at, (at - 1) / 2);
}

static void sift_down(struct gather *gather, size_t at)
{
    for (;;) {
        size_t last = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < gather->count; child++)
            if (is_after(gather, child, last))
                last = child;
        if (last == at)
            return;
        swap(gather, at, last);
        at = last;
    }
}

/* Copies a text to *at and moves that behind it. */
static struct text put(char **at, struct text text)
{
    const struct text copied = {*at, text.len};

    if (text.len > 0)
        memcpy(*at, text.at, text.len);
    *at += text.len;
    return copied;
}

/* Returns a copy of a book; the caller frees it. */
static struct gathered *copy(const struct book *book, const struct text *folded)
{
    struct gathered *one;
    size_t bytes = 0;
    char *at;

    for (int field = 0; field < BOOK_FIELDS; field++)
        bytes += book->field[field].len + folded[field].len;
    one = mem_zero(sizeof *one + bytes);
    at = one->bytes;
    for (int field = 0; field < BOOK_FIELDS; field++) {
        one->book.field[field] = put(&at, book->field[field]);
        one->folded[field] = put(&at, folded[field]);
    }
    return one;
}

/* Keeps a book of the result if it may be in the part. */
static void keep(struct gather *gather, const struct book *book, const struct text *folded)
{
    if (is_in_order(gather->query)) {
        if (gather->skipped < gather->query->offset)
            gather->skipped++;
        else if (gather->count < gather->most)
            gather->kept[gather->count++] = copy(book, folded);
        return;
    }
    if (gather->count < gather->most) {
        gather->kept[gather->count] = copy(book, folded);
        sift_up(gather, gather->count++);
    } else if (gather->most > 0 && compare(gather, book, folded, &gather->kept[0]->book, gather->kept[0]->folded) < 0) {
        free(gather->kept[0]);
        gather->kept[0] = copy(book, folded);
        sift_down(gather, 0);
    }
}

/* Returns whether a book satisfies the query. Folds its fields. */
static bool takes(struct gather *gather, const struct book *book, struct text folded[BOOK_FIELDS])
{
    if (match_refused(gather->query, book) != 0)
        return false;
    if (gather->match.clauses->count > 0 || !is_in_order(gather->query)) {
        arena_clear(&gather->row);
        match_fold(book, &gather->row, folded);
    }
    return match_book(&gather->match, book, folded);
}

bool gather_takes(struct gather *gather, const struct book *book)
{
    struct text folded[BOOK_FIELDS] = {0};

    return takes(gather, book, folded);
}

void gather_add(struct gather *gather, const struct book *book)
{
    const struct text after = gather->query->after;
    struct text folded[BOOK_FIELDS] = {0};

    if (!takes(gather, book, folded))
        return;
    gather->total++;
    if (after.len == 0 || text_compare(book->field[BOOK_ID], after) > 0)
        keep(gather, book, folded);
}

uint64_t gather_total(const struct gather *gather)
{
    return gather->total;
}

/* qsort_r's compare, for the pointers. */
static int compare_kept(const void *a, const void *b, void *context)
{
    const struct gathered *left = *(struct gathered *const *)a, *right = *(struct gathered *const *)b;

    return compare(context, &left->book, left->folded, &right->book, right->folded);
}

void gather_part(struct gather *gather, struct arena *arena, struct book_list *list)
{
    const size_t first = is_in_order(gather->query) ? 0 : (size_t)gather->query->offset;

    *list = (struct book_list){arena_alloc(arena, (gather->query->limit + 1) * sizeof *list->books), 0};
    qsort_r(gather->kept, gather->count, sizeof(struct gathered *), compare_kept, gather);
    for (size_t i = first; i < gather->count && list->count < gather->query->limit; i++) {
        for (int field = 0; field < BOOK_FIELDS; field++)
            list->books[list->count].field[field] = text_copy(arena, gather->kept[i]->book.field[field]);
        list->count++;
    }
}
