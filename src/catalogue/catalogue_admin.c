/* The part of catalogue for operators: tables, servers, edits that bypassed the application. */
#include "catalogue/catalogue_parts.h"

enum err_code catalogue_migrate(struct catalogue *catalogue, catalogue_added *tell, struct err *err)
{
    return store_migrate(catalogue->store, tell, err);
}

enum err_code catalogue_check_store(struct catalogue *catalogue, char *about, size_t size, struct err *err)
{
    return store_check(catalogue->store, about, size, err);
}

enum err_code catalogue_check_cache(struct catalogue *catalogue, char *about, size_t size, struct err *err)
{
    return cache_check(catalogue->cache, about, size, err);
}

enum err_code catalogue_find_faults(struct catalogue *catalogue, catalogue_fault *tell, struct err *err)
{
    struct store_faults faults;
    const enum err_code code = store_find_faults(catalogue->store, &faults, err);

    for (int field = 0; code == ERR_OK && field < BOOK_FIELDS; field++)
        if (faults.count[field] > 0)
            tell((enum book_field)field, faults.count[field], faults.example[field]);
    return code;
}

/* Withdraw page files first: none may be served after a page of the new epoch. */
enum err_code catalogue_cache_clear(struct catalogue *catalogue, struct err *err)
{
    enum err_code code = catalogue_withdraw_pages(catalogue, err);

    if (code != ERR_OK)
        return code;
    code = store_recount(catalogue->store, err);
    if (code == ERR_OK && catalogue->cache != NULL)
        code = cache_clear(catalogue->cache, err);
    catalogue_allow_pages(catalogue);
    return code;
}
