/* The part of the catalogue that iterates over the whole result of a query, of any size: for exports. */
#include "catalogue/catalogue.h"
#include "catalogue/catalogue_parts.h"

/* A running iteration and its callbacks. */
struct walk {
    catalogue_begin *begin;
    catalogue_visit *visit;
    void *context;
    uint64_t total, visited;
};

static enum err_code start(struct walk *walk, struct catalogue *catalogue, uint64_t total, struct version version,
                           struct err *err)
{
    high_water_raise(catalogue->high_water, version);
    walk->total = total;
    return walk->begin(walk->context, total, version, err);
}

static enum err_code pass_on(struct walk *walk, const struct book *book, struct err *err)
{
    walk->visited++;
    return walk->visit(walk->context, book, err);
}

static enum err_code walk_index(struct catalogue *catalogue, const struct query *query, struct walk *walk,
                                struct err *err)
{
    struct arena arena = {0}, row = {0};
    struct found *found;
    struct book book;
    enum err_code code = index_query(catalogue->index, query, &arena, &found, err);

    if (code == ERR_OK) {
        struct found_walk *books = found_walk_new(found);

        code = start(walk, catalogue, found_total(found), index_version(catalogue->index), err);
        for (; code == ERR_OK && found_walk_next(books, &row, &book); arena_clear(&row)) {
            code = pass_on(walk, &book, err);
        }
    }
    arena_free(&row);
    arena_free(&arena);
    return code;
}

/* Reads the table a second time, in the order of its IDs, and visits the books of the result. */
static enum err_code visit_stream(struct catalogue *catalogue, struct gather *gather, struct walk *walk,
                                  bool *is_given_up, struct err *err)
{
    struct arena row = {0};
    struct book book;
    enum err_code code = store_search_again(catalogue->store, err);

    for (; code == ERR_OK && (code = store_search_next(catalogue->store, &row, &book, err)) == ERR_OK;
         arena_clear(&row))
        if (gather_takes(gather, &book)) {
            code = pass_on(walk, &book, err);
            *is_given_up = code != ERR_OK;
        }
    arena_free(&row);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Visits the books that are kept, in their order. */
static enum err_code visit_kept(struct gather *gather, struct walk *walk, struct err *err)
{
    struct arena arena = {0};
    struct book_list list;
    enum err_code code = ERR_OK;

    gather_part(gather, &arena, &list);
    for (size_t i = 0; code == ERR_OK && i < list.count; i++)
        code = pass_on(walk, &list.books[i], err);
    arena_free(&arena);
    return code;
}

/* Counts the result, and keeps it unless it is read in the order of the table. */
static enum err_code count_result(struct catalogue *catalogue, const struct query *query, struct gather *gather,
                                  uint64_t *total, struct version *version, struct err *err)
{
    uint64_t books;
    enum err_code code;

    if (query_is_whole(query) && query->limit == 0)
        return store_search_count(catalogue->store, query->deadline, version, total, err);
    code = catalogue_gather(catalogue, query, gather, version, &books, err);
    if (code != ERR_OK)
        return code;
    *total = gather_total(gather);
    if (query->limit == 0 || *total <= query->limit)
        return ERR_OK;
    store_search_end(catalogue->store);
    return err_set(err, ERR_INVALID,
                   "Without the search index, at most %d books can be exported in an order other than by ID.",
                   LIMIT_GATHERED);
}

/* Reads the table twice: for the number of books in the result, and for these. In another order they are kept. */
static enum err_code walk_mysql(struct catalogue *catalogue, const struct query *query, struct walk *walk,
                                struct err *err)
{
    const bool is_stream = query_is_by_id(query);
    struct query all = *query;
    struct gather *gather;
    struct version version;
    bool is_given_up = false; /* a callback has stopped it */
    uint64_t total;
    enum err_code code;

    all.offset = 0;
    all.limit = is_stream ? 0 : LIMIT_GATHERED;
    gather = gather_new(&all, err);
    code = count_result(catalogue, &all, gather, &total, &version, err);
    if (code == ERR_OK) {
        code = start(walk, catalogue, total, version, err);
        if (code == ERR_OK)
            code = is_stream ? visit_stream(catalogue, gather, walk, &is_given_up, err) : visit_kept(gather, walk, err);
        if (is_given_up)
            store_search_cancel(catalogue->store);
        else
            store_search_end(catalogue->store);
    }
    gather_free(gather);
    return code;
}

enum err_code catalogue_each(struct catalogue *catalogue, const struct query *query, catalogue_begin *begin,
                             catalogue_visit *visit, void *context, struct err *err)
{
    struct walk walk = {.begin = begin, .visit = visit, .context = context};
    enum err_code code = catalogue_prepare_index(catalogue) == BASIS_SURE ? walk_index(catalogue, query, &walk, err)
                                                                          : walk_mysql(catalogue, query, &walk, err);

    if (code == ERR_OK && walk.visited != walk.total)
        code = err_set(err, ERR_INTERNAL, "read %llu books, but counted %llu", (unsigned long long)walk.visited,
                       (unsigned long long)walk.total);
    return code;
}
