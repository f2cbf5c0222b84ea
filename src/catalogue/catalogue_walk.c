/* The half of the catalogue that hands out all that a query finds, however much it is: for exports. */
#include "catalogue/catalogue.h"
#include "catalogue/catalogue_parts.h"

enum err_code catalogue_walk(struct catalogue *catalogue, const struct query *query, catalogue_begin *begin,
                             catalogue_visit *visit, void *context, struct err *err)
{
    struct arena arena = {0};
    struct version version;
    uint64_t total, visited = 0;
    enum err_code code = store_find_begin(catalogue->store, query, &version, &total, err);

    if (code != ERR_OK)
        return code;
    floor_raise(catalogue->floor, version);
    begin(context, total, version);
    while (code == ERR_OK) {
        struct book book;

        arena_clear(&arena);
        code = store_find_next(catalogue->store, &arena, &book, err);
        if (code == ERR_OK)
            code = visit(context, &book, err);
        if (code == ERR_OK)
            visited++;
    }
    store_find_end(catalogue->store);
    arena_free(&arena);
    if (code != ERR_NOT_FOUND)
        return code;
    return visited == total ? ERR_OK
                            : err_set(err, ERR_INTERNAL, "%llu books were read, where %llu were counted",
                                      (unsigned long long)visited, (unsigned long long)total);
}
