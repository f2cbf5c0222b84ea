#include "catalogue/page_view.h"

#include "base/log.h"
#include "catalogue/catalogue_parts.h"

const struct matview_kind page_view = {"pages", "page files", NULL};

void catalogue_publish_pages(struct catalogue *catalogue, uint32_t stamp)
{
    if (!catalogue->has_joined_pages)
        catalogue->pages = pagefile_new(catalogue->config, stamp);
    else
        pagefile_set_stamp(catalogue->pages, stamp);
    catalogue->has_joined_pages = true;
}

enum err_code catalogue_join_pages(struct catalogue *catalogue, struct err *err)
{
    enum err_code code = ERR_OK;

    if (!catalogue->has_joined_pages)
        code = pagefile_join(catalogue->config, &catalogue->pages, err);
    catalogue->has_joined_pages = code == ERR_OK;
    return code;
}

enum err_code catalogue_withdraw_pages(struct catalogue *catalogue, struct err *err)
{
    const enum err_code code = catalogue_join_pages(catalogue, err);

    return code == ERR_OK ? pagefile_withdraw(catalogue->pages, err) : code;
}

void catalogue_allow_pages(struct catalogue *catalogue)
{
    pagefile_allow(catalogue->pages);
}

void catalogue_drop_pages(struct catalogue *catalogue)
{
    struct err err;

    if (catalogue_withdraw_pages(catalogue, &err) == ERR_OK)
        catalogue_allow_pages(catalogue);
    else
        log_error("%s", err.text);
    pagefile_free(catalogue->pages);
    catalogue->pages = NULL;
}

void catalogue_leave_pages(struct catalogue *catalogue)
{
    pagefile_take_away(catalogue->pages);
}

bool catalogue_has_pages(const struct catalogue *catalogue)
{
    return catalogue->pages != NULL;
}

bool catalogue_wants_page(struct catalogue *catalogue, uint64_t page, struct version version)
{
    return pagefile_is_wanted(catalogue->pages, page, version);
}

void catalogue_put_page(struct catalogue *catalogue, uint64_t page, struct version version, const struct buf *html)
{
    pagefile_write(catalogue->pages, page, version, html);
}

bool catalogue_read_page(const struct catalogue *catalogue, uint64_t page, struct buf *html)
{
    return pagefile_read(catalogue->pages, page, html);
}

/*
 * Publishes them for the current version. Reading the version locks its row, so it waits for the transaction of a
 * killed writer.
 */
static void publish(struct catalogue *catalogue)
{
    struct version version;
    struct err err;

    if (!pagefile_begin_publish(catalogue->pages))
        return;
    if (store_locked_version(catalogue->store, &version, &err) == ERR_OK)
        pagefile_publish(catalogue->pages, version);
    else
        log_debug("no page files: %s", err.text);
    pagefile_allow(catalogue->pages);
}

void catalogue_tend_pages(struct catalogue *catalogue)
{
    struct version version;
    struct err err;

    if (!pagefile_is_due(catalogue->pages))
        return;
    if (pagefile_is_published(catalogue->pages)) {
        if (catalogue_version(catalogue, &version, &err) == ERR_OK && pagefile_shows(catalogue->pages, version))
            return;
        pagefile_take_away(catalogue->pages);
    }
    publish(catalogue);
}
