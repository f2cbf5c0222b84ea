#include "web/changes.h"

#include "base/hash.h"
#include "base/limits.h"
#include "view/html.h"
#include "view/json_changes.h"
#include "view/link.h"
#include "web/app.h"
#include "web/origin.h"

/* Parses "VERSION-PART". */
static bool read_place(struct text text, struct history_place *place)
{
    const struct text version = text_split(&text, '-');

    *place = (struct history_place){text_number(version), text_number(text)};
    return text_is_number(version) && text_is_number(text) && place->version > 0;
}

/* Parses what all addresses of changes take. Returns a sentence about an error, or NULL. */
static const char *read_range(const struct parameters *parameters, bool is_api, struct history_query *query)
{
    const struct text before = parameters_get(parameters, "before");
    const struct text rows = parameters_get(parameters, "per_page");

    if (before.len > 0 && !read_place(before, &query->before))
        return "before must be the place of a change, such as 1234-0.";
    query->limit = LIMIT_CHANGES;
    if (!is_api || rows.len == 0)
        return NULL;
    query->limit = text_number(rows);
    return text_is_number(rows) && query->limit >= 1 && query->limit <= LIMIT_API_CHANGES
               ? NULL
               : "per_page must be a number from 1 to 100.";
}

/* Parses the filters. Returns a sentence about an error, or NULL. */
static const char *read_filters(const struct parameters *parameters, struct history_query *query)
{
    const struct text op = text_trim(parameters_get(parameters, "op"));
    const struct text edit = text_trim(parameters_get(parameters, "edit"));
    size_t characters = 0;

    query->actor = text_trim(parameters_get(parameters, "user"));
    query->day = text_trim(parameters_get(parameters, "day"));
    query->op = HISTORY_ANY;
    if (text_check(query->actor, &characters) != TEXT_FINE || characters > LIMIT_NAME_CHARACTERS)
        return "user must be a name of at most 64 characters.";
    if (query->day.len > 0 && !book_date_valid(query->day))
        return "day must be a day such as 2026-11-26.";
    if (op.len > 0) {
        enum change_op found;

        if (!change_op_read(op, &found))
            return "op must be add, update or delete.";
        query->op = (int)found;
    }
    if (edit.len == 0)
        return NULL;
    *query = (struct history_query){
        .edit = text_number(edit), .op = HISTORY_ANY, .before = query->before, .limit = query->limit};
    return text_is_number(edit) && query->edit > 0 ? NULL : "edit must be the number of an edit.";
}

/* Responds to a request with wrong parameters, if there is a fault. Returns whether there is none. */
static bool accept(struct exchange *exchange, const char *fault)
{
    if (fault != NULL)
        exchange_problem(exchange, 400, "Invalid query", fault, link_changes(exchange->arena, "/changes", NULL),
                         "See all changes");
    return fault == NULL;
}

/* Parses a request for all changes and reads them. Responds and returns false if that fails. */
static bool load_all(struct exchange *exchange, bool is_api, struct history_query *query, struct history *history)
{
    const struct parameters *parameters = &exchange->request.query;
    const char *fault;
    enum err_code code;

    *query = (struct history_query){.op = HISTORY_ANY};
    fault = read_range(parameters, is_api, query);
    if (!accept(exchange, fault != NULL ? fault : read_filters(parameters, query)))
        return false;
    code = catalogue_history(exchange->app->catalogue, query, exchange->arena, history, &exchange->err);
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

/*
 * The same for those of the book in the path; *book: the book; without an ID: there is none now. Only a book that never
 * was has no history.
 */
static bool load_one(struct exchange *exchange, bool is_api, struct history_query *query, struct history *history,
                     struct book *book)
{
    enum err_code code = ERR_NOT_FOUND;

    *query = (struct history_query){.id = exchange->rest, .op = HISTORY_ANY};
    *book = (struct book){0};
    if (!accept(exchange, read_range(&exchange->request.query, is_api, query)))
        return false;
    if (book_id_valid(exchange->rest))
        code = catalogue_history(exchange->app->catalogue, query, exchange->arena, history, &exchange->err);
    if (code == ERR_OK) {
        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, book, &exchange->err);
        if (code == ERR_NOT_FOUND && (history->count > 0 || query->before.version > 0))
            code = ERR_OK;
    }
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

void book_history_show(struct exchange *exchange)
{
    struct history_query query;
    struct history history;
    struct book book;
    struct html_changes changes = {.history = &history, .query = &query};
    struct html_frame frame;

    if (!load_one(exchange, false, &query, &history, &book))
        return;
    changes.book = book.field[BOOK_ID].len > 0 ? &book : NULL;
    frame = exchange_frame(
        exchange, arena_format(exchange->arena, "History of %.*s", (int)exchange->rest.len, exchange->rest.at), "");
    exchange_cache_control(exchange, frame.flash == NULL);
    exchange_page(exchange, 200,
                  html_history(exchange->app->html, &frame, &changes, &exchange->response->body, &exchange->err));
}

void changes_show(struct exchange *exchange)
{
    struct history_query query;
    struct history history;
    const struct html_changes changes = {.history = &history, .query = &query};
    struct html_frame frame;

    if (!load_all(exchange, false, &query, &history))
        return;
    frame = exchange_frame(exchange, "Changes", "changes");
    exchange_cache_control(exchange, frame.flash == NULL);
    exchange_page(exchange, 200,
                  html_changes(exchange->app->html, &frame, &changes, &exchange->response->body, &exchange->err));
}

void changes_feed(struct exchange *exchange)
{
    struct response *response = exchange->response;
    struct history_query query;
    struct history history;
    struct html_changes changes = {.history = &history, .query = &query};
    const struct html_frame frame = exchange_plain_frame(exchange, "Changes", "changes");
    const char *etag;
    enum err_code code;

    if (!load_all(exchange, false, &query, &history))
        return;
    changes.site = origin_site(&exchange->request, exchange->arena);
    code = html_feed(exchange->app->html, &frame, &changes, &response->body, &exchange->err);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    etag = arena_format(exchange->arena, "W/\"%016llx\"",
                        (unsigned long long)hash_bytes(0, response->body.at, response->body.len));
    response_header(response, "ETag", "%s", etag);
    exchange_cache_control(exchange, true);
    if (request_has(&exchange->request, etag)) {
        response_not_modified(response);
        return;
    }
    response->status = 200;
    response_header(response, "Content-Type", "application/atom+xml; charset=utf-8");
}

/* Responds with changes in JSON. path: of this URL, without the base path. */
static void show_json(struct exchange *exchange, const char *path, const struct history_query *query,
                      const struct history *history)
{
    struct response *response = exchange->response;
    const char *next = history->has_more ? link_older(exchange->arena, path, query, history) : NULL;
    const char *links = arena_format(exchange->arena, "<%s>; rel=\"service-desc\"", link_description(exchange->arena));

    response->status = 200;
    exchange_cache_control(exchange, true);
    response_link(response,
                  next != NULL ? arena_format(exchange->arena, "%s, <%s>; rel=\"next\"", links, next) : links);
    response_header(response, "Content-Type", "application/json");
    json_changes(history, next, &response->body);
}

void api_history(struct exchange *exchange)
{
    struct history_query query;
    struct history history;
    struct book book;

    if (load_one(exchange, true, &query, &history, &book))
        show_json(exchange, link_history_path(exchange->arena, "/api/books/", exchange->rest), &query, &history);
}

void api_changes(struct exchange *exchange)
{
    struct history_query query;
    struct history history;

    if (load_all(exchange, true, &query, &history))
        show_json(exchange, "/api/changes", &query, &history);
}
