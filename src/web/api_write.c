/*
 * The writing half of api. Reads the book, applies the request, and writes the result if the book has not changed
 * since; otherwise it retries. So no concurrent change is lost, with or without preconditions (If-Match,
 * If-None-Match).
 */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "book/book_json.h"
#include "view/json.h"
#include "view/link.h"
#include "web/api_parts.h"
#include "web/once.h"

enum { PATIENCE_US = 5000000 }; /* retries for a book that others keep changing */

enum kind { PUT, PATCH, DELETE };

/* A request to write the book in its path. */
struct change_wish {
    enum kind kind;
    struct book_json json; /* the body; not for DELETE */
    struct book wanted;    /* the book to write */
};

/* Responds with the errors in the members of the body. */
static void refuse_members(struct exchange *exchange, const struct book_json *json)
{
    struct response *response = exchange->response;

    response->status = 422;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Content-Type", "application/problem+json");
    json_problem(422, "Not a valid book",
                 json->fault_count == 1 ? "One member is invalid. Nothing has been saved."
                                        : "Some members are invalid. Nothing has been saved.",
                 json->faults, json->fault_count, &response->body);
}

bool api_read_body(struct exchange *exchange, const char *type, struct text *body)
{
    if (!request_is_type(&exchange->request, type)) {
        request_forget_body(&exchange->request);
        if (exchange->request.method == METHOD_PATCH)
            response_header(exchange->response, "Accept-Patch", "%s", type);
        exchange_problem(exchange, 415, "Invalid request body", arena_format(exchange->arena, "Send it as %s.", type),
                         link_home(exchange->arena), "Home");
        return false;
    }
    switch (request_read_body(&exchange->request, LIMIT_JSON_BYTES, exchange->arena, body)) {
    case REQUEST_BODY_FINE:
        break;
    case REQUEST_BODY_TOO_LARGE:
        exchange_problem(exchange, 413, "Request body too large",
                         arena_format(exchange->arena, "The limit is %d bytes of JSON.", LIMIT_JSON_BYTES),
                         link_home(exchange->arena), "Home");
        return false;
    case REQUEST_BODY_OTHER_TYPE:
    case REQUEST_BODY_BROKEN:
        exchange_problem(exchange, 400, "Invalid request body", "The body is incomplete.", link_home(exchange->arena),
                         "Home");
        return false;
    }
    return once_take_header(exchange, *body);
}

/* Reads the body as a book. Responds and returns false if it is of another type or not a JSON object. */
static bool read_json(struct exchange *exchange, const char *type, struct book_json *json)
{
    struct text body;

    if (!api_read_body(exchange, type, &body))
        return false;
    if (book_json_read(body, BOOK_JSON_STRICT, exchange->arena, json, &exchange->err) != ERR_OK) {
        exchange_fail(exchange, exchange->err.code);
        return false;
    }
    return true;
}

/* Checks the book to write and the body. Responds and returns false if they are invalid. */
static bool check(struct exchange *exchange, struct book_json *json, struct book *wanted)
{
    struct book_faults faults;

    book_check(wanted, &faults, exchange->arena);
    for (int i = 0; i < BOOK_FIELDS; i++)
        if (faults.text[i] != NULL)
            book_json_add_fault(json, text_from_cstr(book_fields[i].name), faults.text[i]);
    if (json->fault_count > 0)
        refuse_members(exchange, json);
    return json->fault_count == 0;
}

/* Responds to a failed write. */
static void fail_write(struct exchange *exchange, enum err_code code, bool is_unknown)
{
    if (code == ERR_UNAVAILABLE && is_unknown) {
        log_warn("%s", exchange->err.text);
        exchange_problem(exchange, 503, "Outcome unknown",
                         exchange->once.len > 0
                             ? "The connection to the database was lost while saving. Send it again with the "
                               "same key: it is written once."
                             : "The connection to the database was lost while saving. Check whether "
                               "the change was saved before you retry.",
                         link_home(exchange->arena), "Home");
    } else if (code == ERR_CONFLICT) {
        exchange_problem(exchange, 409, "ID already in use", "A book with this ID already exists.",
                         link_home(exchange->arena), "Home");
    } else {
        exchange_fail(exchange, code);
    }
}

/* Reads a book as it was at a version, or, if the log does not know that, as it is. */
static enum err_code get_then(struct exchange *exchange, struct text id, uint64_t version, struct book *book)
{
    struct catalogue *catalogue = exchange->app->catalogue;
    const struct history_query query = {.id = id, .op = HISTORY_ANY, .before.version = version + 1, .limit = 1};
    struct history history = {0};
    enum err_code code = catalogue_history(catalogue, &query, exchange->arena, &history, &exchange->err);

    if (code != ERR_OK)
        return code;
    if (history.count == 0 || !history.entries[0].has_after)
        return catalogue_get(catalogue, id, exchange->arena, book, &exchange->err);
    *book = history.entries[0].after;
    return ERR_OK;
}

/* Responds to a successful write of the book (NULL: read it). */
static void show_written(struct exchange *exchange, const struct deed *deed, const struct book *book)
{
    const bool is_new = deed->is_change && deed->op == CHANGE_ADD;
    struct book then;
    enum err_code code = ERR_OK;

    if (deed->is_change && deed->op == CHANGE_DELETE) {
        exchange->response->status = 204;
        response_header(exchange->response, "Cache-Control", "no-store");
        return;
    }
    if (deed->is_repeated)
        code = get_then(exchange, deed->id, deed->version, &then);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (is_new)
        response_header(exchange->response, "Location", "%s", link_book(exchange->arena, deed->id));
    api_show(exchange, is_new ? 201 : 200, deed->is_repeated ? &then : book);
}

/* Answers a request that was written before as then. Returns false if it comes for the first time. */
static bool is_repeated(struct exchange *exchange)
{
    struct written written;
    const enum err_code code = exchange_repeat(exchange, &written);

    if (code == ERR_OK)
        show_written(exchange, &written.deed, NULL);
    else if (code != ERR_NOT_FOUND)
        exchange_fail(exchange, code);
    return code != ERR_NOT_FOUND;
}

void api_add(struct exchange *exchange)
{
    struct book_json json;
    struct written written;
    enum err_code code;

    if (!read_json(exchange, "application/json", &json) || is_repeated(exchange) || !check(exchange, &json, &json.book))
        return;
    code = exchange_write(exchange, &(struct write){.op = CHANGE_ADD, .book = &json.book}, &written);
    if (code != ERR_OK)
        fail_write(exchange, code, written.is_unknown);
    else
        show_written(exchange, &written.deed, &json.book);
}

/*
 * Makes the book to write from the body and, for a PATCH, from the stored book (NULL: none). Responds and returns false
 * if it is not a valid book.
 */
static bool make_wanted(struct exchange *exchange, struct change_wish *wish, const struct book *now)
{
    struct book_json *json = &wish->json;

    wish->wanted = json->book;
    for (int i = 0; wish->kind == PATCH && i < BOOK_FIELDS; i++)
        if (!json->is_given[i])
            wish->wanted.field[i] = now->field[i];
    wish->wanted.field[BOOK_ID] = exchange->rest;
    if (wish->kind == DELETE)
        return true;
    if (json->is_given[BOOK_ID] && !text_equal(text_trim(json->book.field[BOOK_ID]), exchange->rest))
        book_json_add_fault(json, text_from_cstr(book_fields[BOOK_ID].name),
                            "Must be the ID in the URL: the ID of a book never changes.");
    if (text_trim(exchange->rest).len != exchange->rest.len)
        book_json_add_fault(json, text_from_cstr(book_fields[BOOK_ID].name), "An ID cannot start or end with blanks.");
    return check(exchange, json, &wish->wanted);
}

/*
 * Returns whether the stored book (NULL: none) satisfies the preconditions. A repeated request, whose result is stored
 * already, also passes If-Match (RFC 9110, section 13.1.1).
 */
static bool passes_conditions(const struct exchange *exchange, const struct change_wish *wish, const struct book *now)
{
    const struct request *request = &exchange->request;
    const char *etag = now != NULL ? api_etag(exchange, now) : NULL;

    if (request_header(request, "HTTP_IF_MATCH") != NULL && !request_names_tag(request, "HTTP_IF_MATCH", etag) &&
        (now == NULL || wish->kind == DELETE || !book_equal(now, &wish->wanted)))
        return false;
    return request_header(request, "HTTP_IF_NONE_MATCH") == NULL || now == NULL || !request_has(request, etag);
}

/* Replaces the stored book (NULL: none). ERR_CHANGED: it has changed since, so start over. */
static enum err_code write_over(struct exchange *exchange, const struct change_wish *wish, const struct book *now,
                                struct written *written)
{
    const enum change_op op = now == NULL ? CHANGE_ADD : wish->kind == DELETE ? CHANGE_DELETE : CHANGE_UPDATE;
    char seen[BOOK_TAG_SIZE] = "";
    enum err_code code;

    if (now != NULL)
        book_tag(now, seen);
    code = exchange_write(exchange, &(struct write){.op = op, .book = &wish->wanted, .seen = text_from_cstr(seen)},
                          written);
    return code == ERR_CONFLICT || code == ERR_NOT_FOUND ? ERR_CHANGED : code;
}

/* Executes a request to write the book in its path. */
static void change_book(struct exchange *exchange, struct change_wish *wish)
{
    const int64_t until = clock_us() + PATIENCE_US;
    struct written written = {0};
    enum err_code code = ERR_CHANGED;

    if (is_repeated(exchange))
        return;
    while (code == ERR_CHANGED && clock_us() < until) {
        struct book book, *now = &book;

        code = ERR_NOT_FOUND;
        if (book_id_valid(exchange->rest))
            code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, &book, &exchange->err);
        if (code == ERR_NOT_FOUND && wish->kind == PUT)
            now = NULL;
        else if (code != ERR_OK)
            break;
        if (!make_wanted(exchange, wish, now))
            return;
        if (!passes_conditions(exchange, wish, now)) {
            exchange_problem(exchange, 412, "Precondition failed",
                             now != NULL ? "The book was changed, or already exists. Read it again."
                                         : "There is no book with this ID.",
                             link_home(exchange->arena), "Home");
            return;
        }
        code = write_over(exchange, wish, now, &written);
        if (code == ERR_OK) {
            show_written(exchange, &written.deed, &wish->wanted);
            return;
        }
    }
    if (code == ERR_CHANGED)
        code = err_set(&exchange->err, ERR_UNAVAILABLE, "others changed a book at each attempt to write it");
    fail_write(exchange, code, written.is_unknown);
}

void api_put(struct exchange *exchange)
{
    struct change_wish wish = {.kind = PUT};

    if (read_json(exchange, "application/json", &wish.json))
        change_book(exchange, &wish);
}

void api_patch(struct exchange *exchange)
{
    struct change_wish wish = {.kind = PATCH};

    if (read_json(exchange, API_PATCH_TYPE, &wish.json))
        change_book(exchange, &wish);
}

void api_delete(struct exchange *exchange)
{
    struct change_wish wish = {.kind = DELETE};

    request_forget_body(&exchange->request);
    if (once_take_header(exchange, text_from_cstr(NULL)))
        change_book(exchange, &wish);
}
