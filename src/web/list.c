#include "web/list.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "book/query_parameters.h"
#include "view/html.h"
#include "view/link.h"
#include "web/answers.h"
#include "web/app.h"
#include "web/flash.h"

const char *const list_sources[] = {
    [CATALOGUE_MYSQL] = "MySQL", [CATALOGUE_REDIS] = "Redis cache", [CATALOGUE_INDEX] = "the search index"};

/* As in RFC 9211. */
static const char *const cache_statuses[] = {
    [CATALOGUE_MYSQL] = "fwd=miss", [CATALOGUE_REDIS] = "hit", [CATALOGUE_INDEX] = "hit; detail=find-index"};

/*
 * Returns the ETag of a list page, or NULL if it has none. It is weak: pages of the same version differ in their
 * loading time. Only the index counts the values for filters.
 */
static const char *etag_of(const struct exchange *exchange, const struct html_list *list,
                           const struct catalogue_page *page)
{
    const bool is_counted = list->query.wants_facets && page->source == CATALOGUE_INDEX;
    struct buf parameters = {0};
    const char *etag;

    if (!version_is_known(page->version) || !page->is_sure)
        return NULL;
    query_write(&parameters, &list->query);
    buf_add_string(&parameters, list->is_open ? "&filters" : "");
    buf_add_string(&parameters, is_counted ? "&counted" : "");
    etag = arena_format(exchange->arena, "W/\"%s-%08x-%08x\"", version_text(page->version).string,
                        (unsigned)hash_bytes(0, buf_string(&parameters), parameters.len),
                        (unsigned)exchange_stamp(exchange));
    buf_free(&parameters);
    return etag;
}

/* Returns whether the client already has the page with this ETag. */
static bool is_known_to_client(const struct exchange *exchange, const char *etag)
{
    return etag != NULL && request_has(&exchange->request, etag);
}

/* Sends the headers that link the pages of the list, for programs. */
static void link_header(struct exchange *exchange, const struct html_list *list)
{
    struct query place = list->query;
    const uint64_t page = list->page;
    struct buf links = {0};
    const struct {
        const char *name;
        uint64_t page;
    } relations[] = {
        {"first", 1}, {"prev", page - 1}, {"next", page < list->pages ? page + 1 : 0}, {"last", list->pages}};

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (relations[i].page == 0)
            continue;
        place.offset = (relations[i].page - 1) * place.limit;
        buf_add_format(&links, "%s<%s>; rel=\"%s\"", links.len > 0 ? ", " : "", link_list(exchange->arena, &place),
                       relations[i].name);
    }
    response_link(exchange->response, buf_string(&links));
    buf_free(&links);
}

void list_state_headers(struct exchange *exchange, const struct catalogue_page *page, double seconds)
{
    struct response *response = exchange->response;

    response_header(response, "Cache-Status", "bookshare; %s",
                    page->is_sure ? cache_statuses[page->source] : "hit; detail=unverified");
    response_header(response, "Server-Timing", "load;desc=\"%s\";dur=%.3f", list_sources[page->source], seconds * 1e3);
    if (version_is_known(page->version))
        response_header(response, "Bookshare-Version", "%s", version_text(page->version).string);
}

/*
 * Responds to a page number beyond the last page. Links to the last page, in case the page vanished with a deleted
 * book.
 */
static void past_the_end(struct exchange *exchange, const struct html_list *list)
{
    struct query last = list->query;

    last.offset = (list->pages - 1) * last.limit;
    if (flash_is_due(exchange)) {
        response_see_other(exchange->response, link_list(exchange->arena, &last));
        return;
    }
    exchange_problem(exchange, 404, "No such page",
                     arena_format(exchange->arena, "The last page is page %llu.", (unsigned long long)list->pages),
                     link_list(exchange->arena, &last), "Go to the last page");
}

/* Parses the request. Responds and returns false if it is invalid. */
static bool read_query(struct exchange *exchange, const struct parameters *parameters, struct query *query)
{
    const char *fault = query_read(parameters, exchange->arena, query);

    if (fault != NULL)
        exchange_problem(exchange, 400, "Invalid query", fault, link_whole_list(exchange->arena), "Browse all books");
    return fault == NULL;
}

/* Returns the path of a list page, without the base path: the same for all URLs of the page. */
static struct text place_of(const struct exchange *exchange, const struct query *query)
{
    return text_from_cstr(link_list(exchange->arena, query) + strlen(link_base()));
}

static void add_part(struct buf *title, struct text part)
{
    if (part.len == 0)
        return;
    if (title->len > 0)
        buf_add_string(title, ", ");
    buf_add(title, part.at, part.len);
}

/*
 * Returns the title of a page: what was searched and chosen, and the number of the page unless it is the first. It
 * tells tabs and the pages in the browser's history apart.
 */
static const char *title_of(const struct exchange *exchange, const struct query *query)
{
    const uint64_t page = query->offset / query->limit + 1;
    struct buf title = {0};
    const char *copy;

    add_part(&title, query->search);
    for (int field = 0; field < BOOK_FIELDS; field++)
        for (size_t i = 0; i < query->choice[field].count; i++)
            add_part(&title, query->choice[field].values[i]);
    if (title.len == 0)
        buf_add_string(&title, query_is_whole(query) ? "All books" : "Chosen books");
    if (page > 1)
        buf_add_format(&title, ", page %llu", (unsigned long long)page);
    copy = text_string(exchange->arena, (struct text){title.at, title.len});
    buf_free(&title);
    return copy;
}

/* Renders a page again for its page file and stores it. */
static void keep_page(struct exchange *exchange)
{
    struct app *app = exchange->app;
    struct html_frame frame = exchange_plain_frame(exchange, title_of(exchange, &exchange->kept->query), "list");
    struct html_list list = *exchange->kept;
    struct buf *body = &exchange->response->body;
    const time_t now = time(NULL);
    struct tm tm;
    char stamp[32];

    if (!catalogue_wants_page(app->catalogue, list.page, list.version))
        return;
    frame.place = place_of(exchange, &list.query);
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &tm));
    list.rendered_at = stamp;
    buf_clear(body);
    if (html_list(app->html, &frame, &list, body, &exchange->err) == ERR_OK)
        catalogue_put_page(app->catalogue, list.page, list.version, body);
}

/* Returns whether a page is one of those that have a page file: it is the same for everyone. */
static bool has_page_file(const struct exchange *exchange, const struct query *query)
{
    return exchange_is_common(exchange) && query_is_list(query) && query->limit == LIMIT_PAGE_ROWS &&
           query->hidden == 0;
}

/* Schedules a page to be stored as a page file. */
static void keep(struct exchange *exchange, const struct html_list *list, bool has_message)
{
    struct html_list *kept;

    if (!has_page_file(exchange, &list->query) || has_message || !list->is_sure || !version_is_known(list->version) ||
        exchange->request.method != METHOD_GET)
        return;
    kept = arena_alloc(exchange->arena, sizeof *kept);
    *kept = *list;
    exchange->kept = kept;
    exchange->afterwards = keep_page;
}

/* Reads the books and sets the data of the page. */
static enum err_code load(struct exchange *exchange, struct html_list *list, struct catalogue_page *page)
{
    const int64_t started = clock_us();
    const enum err_code code = exchange_find(exchange, &list->query, page);

    if (code != ERR_OK)
        return code;
    list->seconds = (double)(clock_us() - started) / 1e6;
    list->total = page->total;
    list->pages = query_pages(&list->query, page->total);
    list->list = page->list;
    list->source = list_sources[page->source];
    list->is_sure = page->is_sure;
    list->version = page->version;
    list->facets = page->facets;
    list->suggestions = page->suggestions;
    return ERR_OK;
}

struct text list_neighbour(struct exchange *exchange, const struct query *query, struct text id)
{
    struct catalogue_page page;
    struct query place = *query;
    const struct book_list *list = &page.list;

    place.limit++; /* after the last row of the page comes the first of the next */
    if (!catalogue_foresee(exchange->app->catalogue, &place, exchange->arena, &page) ||
        exchange_find(exchange, &place, &page) != ERR_OK)
        return (struct text){0};
    for (size_t i = 0; list->count > 1 && i < list->count; i++)
        if (text_equal(list->books[i].field[BOOK_ID], id))
            return list->books[i + 1 < list->count ? i + 1 : i - 1].field[BOOK_ID];
    return (struct text){0};
}

/*
 * Responds with a 304, without reading a row, to a client that has the page of the current version. Does not do so if
 * the page file is missing: then the page must be rendered for it.
 */
static bool answer_unchanged(struct exchange *exchange, const struct html_list *list)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    const int64_t started = clock_us();
    struct catalogue_page page;
    const char *etag;

    if (!request_names_versions(&exchange->request) || flash_is_due(exchange) ||
        !catalogue_foresee(catalogue, &list->query, exchange->arena, &page))
        return false;
    etag = etag_of(exchange, list, &page);
    if (!is_known_to_client(exchange, etag) ||
        (has_page_file(exchange, &list->query) && catalogue_wants_page(catalogue, list->page, page.version)))
        return false;
    list_state_headers(exchange, &page, (double)(clock_us() - started) / 1e6);
    response_header(exchange->response, "ETag", "%s",
                    etag); /* the client has the other headers (RFC 9110, section 15.4.5) */
    exchange_cache_control(exchange, true);
    response_not_modified(exchange->response);
    return true;
}

void list_show(struct exchange *exchange)
{
    struct html_list list = {0};
    struct html_frame frame;
    struct catalogue_page page = {0};
    const char *etag;
    enum err_code code;

    if (!read_query(exchange, &exchange->request.query, &list.query))
        return;
    list.page = list.query.offset / list.query.limit + 1;
    list.is_open = parameters_get(&exchange->request.query, "filters").len > 0;
    list.query.wants_facets = list.is_open || !query_is_list(&list.query);
    list.query.wants_suggestions = true;
    if (answer_unchanged(exchange, &list))
        return;
    code = load(exchange, &list, &page);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (list.page > list.pages) {
        past_the_end(exchange, &list);
        return;
    }
    frame = exchange_frame(exchange, title_of(exchange, &list.query), "list");
    frame.place = place_of(exchange, &list.query);
    etag = frame.flash == NULL ? etag_of(exchange, &list, &page) : NULL;
    link_header(exchange, &list);
    list_state_headers(exchange, &page, list.seconds);
    if (etag != NULL)
        response_header(exchange->response, "ETag", "%s", etag);
    exchange_cache_control(exchange, frame.flash == NULL);
    keep(exchange, &list, frame.flash != NULL);
    if (is_known_to_client(exchange, etag)) {
        response_not_modified(exchange->response);
        return;
    }
    answers_allow(exchange, &list.query, &page);
    exchange_page(exchange, 200,
                  html_list(exchange->app->html, &frame, &list, &exchange->response->body, &exchange->err));
}

void list_search(struct exchange *exchange)
{
    struct query query;

    if (read_query(exchange, &exchange->request.form, &query))
        response_see_other(exchange->response, link_list(exchange->arena, &query));
}
