/* The reading half of api: lists and single books. */
#include "web/api.h"

#include "base/hash.h"
#include "base/limits.h"
#include "book/book_json.h"
#include "book/query_parameters.h"
#include "view/json_books.h"
#include "view/link.h"
#include "web/answers.h"
#include "web/api_parts.h"

static const char *const sources[] = {
    [CATALOGUE_MYSQL] = "mysql", [CATALOGUE_REDIS] = "redis", [CATALOGUE_INDEX] = "index"};

/* A parsed request for a list. */
struct wish {
    struct query query;
    bool is_walk; /* keyset pagination by book instead of by page (parameter "after") */
};

/* Reads the parameter after: the ID of the last book that the client has; empty: none. */
static const char *read_after(const struct parameters *parameters, struct query *query)
{
    query->after = parameters_get(parameters, "after");
    if (!text_is_utf8(query->after))
        return "after is not valid UTF-8 text.";
    if (parameters_get(parameters, "sort").len == 0)
        query->is_best_first = false;
    if (!query_is_by_id(query))
        return "after requires the order of IDs and cannot be combined with sort.";
    if (query->offset > 0)
        return "after and page cannot be combined.";
    return NULL;
}

/* Parses the request. Responds and returns false if it is invalid. */
static bool read_wish(struct exchange *exchange, struct wish *wish)
{
    const struct parameters *parameters = &exchange->request.query;
    const struct text facets = parameters_get(parameters, "facets");
    const char *fault = query_read_up_to(parameters, LIMIT_API_ROWS, exchange->arena, &wish->query);

    wish->is_walk = parameters_has(parameters, "after");
    if (fault == NULL && wish->is_walk)
        fault = read_after(parameters, &wish->query);
    if (fault == NULL && !parameters_is_flag(parameters, "facets"))
        fault = "facets must be 0 or 1.";
    if (fault == NULL && !parameters_is_flag(parameters, "suggest"))
        fault = "suggest must be 0 or 1.";
    wish->query.wants_facets = text_equal_string(facets, "1");
    wish->query.wants_suggestions = text_equal_string(parameters_get(parameters, "suggest"), "1");
    if (fault != NULL)
        exchange_problem(exchange, 400, "Invalid query", fault, link_whole_list(exchange->arena), "Browse all books");
    return fault == NULL;
}

/* Runs the query. With after it fetches one more book than requested, to see whether there are more, and drops it. */
static enum err_code find(struct exchange *exchange, const struct wish *wish, struct catalogue_page *found,
                          bool *has_more)
{
    struct query query = wish->query;
    enum err_code code;

    query.limit += wish->is_walk ? 1 : 0;
    code = exchange_find(exchange, &query, found);
    *has_more = code == ERR_OK && found->list.count > wish->query.limit;
    if (*has_more)
        found->list.count = wish->query.limit;
    return code;
}

/* Returns the URL of another page; NULL for page 0. */
static const char *link_page(struct exchange *exchange, struct query query, uint64_t page)
{
    if (page == 0)
        return NULL;
    query.offset = (page - 1) * query.limit;
    return link_books(exchange->arena, &query);
}

/* Sets the links to the other parts of the result. */
static void add_links(struct exchange *exchange, struct json_page *page, bool has_more)
{
    struct query query = *page->query;

    if (page->page > 0) {
        page->first = link_page(exchange, query, 1);
        page->prev = link_page(exchange, query, page->page - 1);
        page->next = link_page(exchange, query, page->page < page->pages ? page->page + 1 : 0);
        page->last = link_page(exchange, query, page->pages);
    } else if (has_more) {
        query.after = page->found->list.books[page->found->list.count - 1].field[BOOK_ID];
        page->next = link_books(exchange->arena, &query);
    }
}

static void add_link_header(struct exchange *exchange, const struct json_page *page)
{
    const struct {
        const char *relation, *address;
    } links[] = {{"first", page->first}, {"prev", page->prev}, {"next", page->next}, {"last", page->last}};
    struct buf out = {0};

    buf_add_format(&out, "<%s>; rel=\"service-desc\"", link_description(exchange->arena));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].address != NULL)
            buf_add_format(&out, ", <%s>; rel=\"%s\"", links[i].address, links[i].relation);
    response_link(exchange->response, buf_string(&out));
    buf_free(&out);
}

/* Returns the ETag of an answer, or NULL if it has none. */
static const char *etag_of(const struct exchange *exchange, const struct query *query,
                           const struct catalogue_page *found)
{
    const struct text asked = text_from_cstr(request_header(&exchange->request, "QUERY_STRING"));
    /* Only the index counts choices. */
    const bool is_special = found->source == CATALOGUE_INDEX && !query_is_list(query);

    if (!version_is_known(found->version) || !found->is_sure)
        return NULL;
    return arena_format(exchange->arena, "W/\"%s-%08x-%08x%s\"", version_text(found->version).string,
                        (unsigned)hash_bytes(0, asked.at, asked.len), (unsigned)exchange->app->stamp,
                        is_special ? "-i" : "");
}

/* Sends the headers about source and version. */
static void add_state_headers(struct exchange *exchange, const struct catalogue_page *found, const char *etag)
{
    struct response *response = exchange->response;

    response_header(response, "Cache-Status", "bookshare; %s",
                    !found->is_sure                    ? "hit; detail=unverified"
                    : found->source == CATALOGUE_INDEX ? "hit; detail=find-index"
                    : found->source == CATALOGUE_REDIS ? "hit"
                                                       : "fwd=miss");
    exchange_cache_control(exchange, true);
    if (etag == NULL)
        return;
    response_header(response, "Bookshare-Version", "%s", version_text(found->version).string);
    response_header(response, "ETag", "%s", etag);
}

/* Responds with a 304, without running the query, to a client that has the answer of the current version. */
static bool answer_unchanged(struct exchange *exchange, const struct query *query)
{
    struct catalogue_page found;
    const char *etag;

    if (!request_names_versions(&exchange->request) ||
        !catalogue_foresee(exchange->app->catalogue, query, exchange->arena, &found))
        return false;
    etag = etag_of(exchange, query, &found);
    if (etag == NULL || !request_has(&exchange->request, etag))
        return false;
    add_state_headers(exchange, &found, etag);
    response_not_modified(exchange->response);
    return true;
}

void api_list(struct exchange *exchange)
{
    struct wish wish;
    struct catalogue_page found = {0};
    struct json_page page = {.found = &found, .query = &wish.query};
    const char *etag;
    bool has_more;
    enum err_code code;

    if (!read_wish(exchange, &wish) || answer_unchanged(exchange, &wish.query))
        return;
    code = find(exchange, &wish, &found, &has_more);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (!wish.is_walk) {
        page.page = wish.query.offset / wish.query.limit + 1;
        page.pages = query_pages(&wish.query, found.total);
    }
    if (page.page > page.pages) {
        exchange_problem(exchange, 404, "No such page",
                         arena_format(exchange->arena, "The last page is page %llu.", (unsigned long long)page.pages),
                         link_whole_list(exchange->arena), "Browse all books");
        return;
    }
    page.source = sources[found.source];
    add_links(exchange, &page, has_more);
    etag = etag_of(exchange, &wish.query, &found);
    add_state_headers(exchange, &found, etag);
    if (etag != NULL && request_has(&exchange->request, etag)) { /* any version: If-None-Match: * */
        response_not_modified(exchange->response);
        return;
    }
    answers_allow(exchange, &wish.query, &found);
    add_link_header(exchange, &page);
    response_header(exchange->response, "X-Total-Count", "%llu", (unsigned long long)found.total);
    exchange->response->status = 200;
    response_header(exchange->response, "Content-Type", "application/json");
    json_books(&page, &exchange->response->body);
}

const char *api_etag(const struct exchange *exchange, const struct book *book)
{
    char tag[BOOK_TAG_SIZE];

    book_tag(book, tag);
    return arena_format(exchange->arena, "\"%s\"", tag);
}

void api_show(struct exchange *exchange, int status, const struct book *book)
{
    struct response *response = exchange->response;
    const char *etag = api_etag(exchange, book);

    response->is_final = true;
    response_header(response, "ETag", "%s", etag);
    if (exchange->request.method == METHOD_GET || exchange->request.method == METHOD_HEAD) {
        exchange_cache_control(exchange, true);
        if (request_has(&exchange->request, etag)) {
            response_not_modified(response);
            return;
        }
    } else {
        response_header(response, "Cache-Control", "no-store");
        response_header(response, "Content-Location", "%s", link_book(exchange->arena, book->field[BOOK_ID]));
    }
    response->status = status;
    response_header(response, "Content-Type", "application/json");
    book_json_write(book, &response->body);
}

void api_get(struct exchange *exchange)
{
    struct book book;
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, &book, &exchange->err);
    if (code == ERR_OK)
        api_show(exchange, 200, &book);
    else
        exchange_fail(exchange, code);
}

void api_values(struct exchange *exchange)
{
    const struct text start = text_trim(parameters_get(&exchange->request.query, "start"));
    struct response *response = exchange->response;
    const enum book_field field = book_field_of(exchange->rest);
    size_t characters = 0;
    struct facet facet;

    if (field == BOOK_FIELDS || !book_field_repeats(field)) {
        exchange_problem(exchange, 404, "No such field", "The fields are category, authors, publisher and edition.",
                         link_home(exchange->arena), "Home");
        return;
    }
    if (text_check(start, &characters) != TEXT_FINE || characters > LIMIT_SEARCH_CHARACTERS) {
        exchange_problem(exchange, 400, "Invalid query", "start must be a text of at most 500 characters.",
                         link_home(exchange->arena), "Home");
        return;
    }
    catalogue_values(exchange->app->catalogue, field, start, LIMIT_FORM_VALUES, exchange->arena, &facet);
    response->status = 200;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Content-Type", "application/json");
    json_values(&facet, &response->body);
}

void api_version(struct exchange *exchange)
{
    struct response *response = exchange->response;
    struct version version;
    const enum err_code code = catalogue_version(exchange->app->catalogue, &version, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    response->status = 200;
    exchange_cache_control(exchange, true);
    response_header(response, "Content-Type", "application/json");
    version_json(version, &response->body);
}
