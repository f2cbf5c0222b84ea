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
            code = walk->visit(walk->context, &book, err);
            walk->visited++;
        }
    }
    arena_free(&row);
    arena_free(&arena);
    return code;
}

static enum err_code walk_mysql(struct catalogue *catalogue, const struct query *query, struct walk *walk,
                                struct err *err)
{
    struct arena row = {0};
    struct version version;
    struct book book;
    bool is_given_up = false; /* a callback has stopped it */
    uint64_t total;
    enum err_code code = store_find_begin(catalogue->store, query, &version, &total, err);

    if (code != ERR_OK)
        return code;
    code = start(walk, catalogue, total, version, err);
    is_given_up = code != ERR_OK;
    for (; code == ERR_OK; arena_clear(&row)) {
        code = store_find_next(catalogue->store, &row, &book, err);
        if (code == ERR_OK) {
            code = walk->visit(walk->context, &book, err);
            walk->visited++;
            is_given_up = code != ERR_OK;
        }
    }
    if (is_given_up)
        store_scan_cancel(catalogue->store);
    else
        store_find_end(catalogue->store);
    arena_free(&row);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
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
