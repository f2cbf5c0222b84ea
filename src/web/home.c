#include "web/home.h"

#include "view/html.h"
#include "web/app.h"

enum { CHANGES = 5 /* shown */ };

/* Reads what the home page shows, as far as it can be had at once: a search of the whole table is not worth it. */
static void load(struct exchange *exchange, struct html_home *home, struct catalogue_page *page)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    const struct query counted = {.limit = 1, .wants_facets = true};
    const struct history_query last = {.op = HISTORY_ANY, .limit = CHANGES};
    struct history *history = arena_alloc(exchange->arena, sizeof *history);

    home->is_counted = (catalogue_foresee(catalogue, &counted, exchange->arena, page) &&
                        exchange_find(exchange, &counted, page) == ERR_OK) ||
                       catalogue_list(catalogue, 0, 0, exchange->arena, page, &exchange->err) == ERR_OK;
    if (!home->is_counted)
        return;
    home->total = page->total;
    home->facets = page->facets;
    *history = (struct history){0};
    if (page->is_sure && catalogue_history(catalogue, &last, exchange->arena, history, &exchange->err) == ERR_OK)
        home->history = history;
}

/* Stores the page as a page file. */
static void keep_page(struct exchange *exchange)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    const struct version version = exchange->home_version;

    if (catalogue_wants_page(catalogue, CATALOGUE_HOME_PAGE, version))
        catalogue_put_page(catalogue, CATALOGUE_HOME_PAGE, version, &exchange->response->body);
}

/* Schedules that, if the page is complete and the same for everyone. */
static void keep(struct exchange *exchange, const struct html_home *home, const struct catalogue_page *page,
                 bool has_message)
{
    if (!exchange_is_common(exchange) || has_message || home->history == NULL || home->facets.count == 0 ||
        exchange->request.method != METHOD_GET || exchange->response->status != 200)
        return;
    exchange->home_version = page->version;
    exchange->afterwards = keep_page;
}

void home_show(struct exchange *exchange)
{
    struct html_home home = {0};
    struct catalogue_page page = {0};
    struct html_frame frame;

    load(exchange, &home, &page);
    frame = exchange_frame(exchange, "Book Share", "home");
    exchange_cache_control(exchange, frame.flash == NULL);
    exchange_page(exchange, 200,
                  html_home(exchange->app->html, &frame, &home, &exchange->response->body, &exchange->err));
    keep(exchange, &home, &page, frame.flash != NULL);
}
