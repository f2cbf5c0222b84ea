#include "book/gather.h"

#include <stdlib.h>
#include <string.h>

#include "book/rank.h"

/* A book, with its texts after it in the same allocation. */
struct gathered {
    enum rank rank; /* the same for all, unless the query orders by it */
    struct book book;
    struct text folded[BOOK_FIELDS];
    char bytes[];
};

struct gather {
    const struct query *query;
    struct match match;
    struct ranking ranking;
    struct arena arena, row; /* for these two; for the book being looked at */
    uint64_t total;
    uint64_t skipped;       /* books before the part, which are not kept */
    struct gathered **kept; /* a heap with the last one of the order at its top; an array, if ordered by ID */
    size_t count, most;
};

struct gather *gather_new(const struct query *query, struct err *err)
{
    const uint64_t most = query_is_by_id(query) ? query->limit : query->offset + query->limit;
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
    ranking_init(&gather->ranking, &gather->match, &gather->arena);
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
static int compare(const struct gather *gather, const struct gathered *a, const struct gathered *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return match_compare(gather->query, a->folded, a->book.field[BOOK_ID], b->folded, b->book.field[BOOK_ID]);
}

static bool is_after(const struct gather *gather, size_t a, size_t b)
{
    return compare(gather, gather->kept[a], gather->kept[b]) > 0;
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
static struct gathered *copy(const struct gathered *book)
{
    struct gathered *one;
    size_t bytes = 0;
    char *at;

    for (int field = 0; field < BOOK_FIELDS; field++)
        bytes += book->book.field[field].len + book->folded[field].len;
    one = mem_zero(sizeof *one + bytes);
    one->rank = book->rank;
    at = one->bytes;
    for (int field = 0; field < BOOK_FIELDS; field++) {
        one->book.field[field] = put(&at, book->book.field[field]);
        one->folded[field] = put(&at, book->folded[field]);
    }
    return one;
}

/* Keeps a book of the result if it may be in the part. */
static void keep(struct gather *gather, struct gathered *book)
{
    if (query_is_by_id(gather->query)) {
        if (gather->skipped < gather->query->offset)
            gather->skipped++;
        else if (gather->count < gather->most)
            gather->kept[gather->count++] = copy(book);
        return;
    }
    if (gather->query->is_best_first)
        book->rank = ranking_of(&gather->ranking, &book->book, book->folded);
    if (gather->count < gather->most) {
        gather->kept[gather->count] = copy(book);
        sift_up(gather, gather->count++);
    } else if (gather->most > 0 && compare(gather, book, gather->kept[0]) < 0) {
        free(gather->kept[0]);
        gather->kept[0] = copy(book);
        sift_down(gather, 0);
    }
}

/* Returns whether a book satisfies the query. Folds its fields. */
static bool takes(struct gather *gather, const struct book *book, struct text folded[BOOK_FIELDS])
{
    if (match_refused(gather->query, book) != 0)
        return false;
    if (gather->match.clauses->count > 0 || !query_is_by_id(gather->query)) {
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
    struct gathered one = {.book = *book};

    if (!takes(gather, book, one.folded))
        return;
    gather->total++;
    if (after.len == 0 || text_compare(book->field[BOOK_ID], after) > 0)
        keep(gather, &one);
}

uint64_t gather_total(const struct gather *gather)
{
    return gather->total;
}

/* qsort_r's compare, for the pointers. */
static int compare_kept(const void *a, const void *b, void *context)
{
    const struct gathered *left = *(struct gathered *const *)a, *right = *(struct gathered *const *)b;

    return compare(context, left, right);
}

void gather_part(struct gather *gather, struct arena *arena, struct book_list *list)
{
    const size_t first = query_is_by_id(gather->query) ? 0 : (size_t)gather->query->offset;

    *list = (struct book_list){arena_alloc(arena, (gather->query->limit + 1) * sizeof *list->books), 0};
    qsort_r(gather->kept, gather->count, sizeof(struct gathered *), compare_kept, gather);
    for (size_t i = first; i < gather->count && list->count < gather->query->limit; i++) {
        for (int field = 0; field < BOOK_FIELDS; field++)
            list->books[list->count].field[field] = text_copy(arena, gather->kept[i]->book.field[field]);
        list->count++;
    }
}
