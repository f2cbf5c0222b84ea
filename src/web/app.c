#include "web/app.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pool.h"
#include "view/json.h"
#include "web/api.h"
#include "web/fcgi.h"
#include "web/flash.h"
#include "web/origin.h"
#include "web/route.h"
#include "web/routes.h"

enum { IDLE_MS = 1000 }; /* the longest time between two looks at what page files and the search index were made from */

struct app *app_new(const struct config *config)
{
    struct app *app = mem_zero(sizeof *app);

    app->config = config;
    app->catalogue = catalogue_new(config);
    app->html = html_new(config->templates);
    app->stamp = html_stamp(app->html);
    catalogue_publish_pages(app->catalogue, app->stamp);
    app->idle_ms = config->check_ms > 0 && config->check_ms < IDLE_MS ? (int)config->check_ms : IDLE_MS;
    app->place = pool_join(config);
    return app;
}

void app_free(struct app *app)
{
    if (app == NULL)
        return;
    catalogue_free(app->catalogue);
    html_free(app->html);
    response_free(&app->response);
    slots_give(app->place);
    arena_free(&app->arena);
    free(app);
}

struct html_frame exchange_frame(struct exchange *exchange, const char *title, const char *nav)
{
    struct html_frame frame = {.title = title, .nav = nav, .arena = exchange->arena};

    flash_take(exchange, &frame.flash, &frame.flash_id);
    return frame;
}

enum err_code exchange_find(struct exchange *exchange, const struct query *query, struct catalogue_page *page)
{
    struct query limited = *query;

    limited.deadline = &exchange->deadline;
    return catalogue_find(exchange->app->catalogue, &limited, exchange->arena, page, &exchange->err);
}

enum err_code exchange_write(struct exchange *exchange, const struct write *write, struct written *written)
{
    const enum err_code code =
        catalogue_write(exchange->app->catalogue, write, exchange->arena, written, &exchange->err);

    exchange->response->not_before = written->settled_from;
    return code;
}

void exchange_page(struct exchange *exchange, int status, enum err_code rendered)
{
    if (rendered != ERR_OK) {
        exchange_fail(exchange, rendered);
        return;
    }
    exchange->response->status = status;
    response_header(exchange->response, "Content-Type", "text/html; charset=utf-8");
}

/* The page of last resort, for when the template of the error page is at fault. */
static void plain_problem(struct exchange *exchange, const char *title, const char *text)
{
    struct response *response = exchange->response;

    buf_clear(&response->body);
    buf_add_format(&response->body, "%s\n\n%s\n", title, text);
    response_header(response, "Content-Type", "text/plain; charset=utf-8");
}

void exchange_problem(struct exchange *exchange, int status, const char *title, const char *text, const char *link,
                      const char *label)
{
    struct response *response = exchange->response;
    const struct html_frame frame = {.title = title, .nav = "", .arena = exchange->arena};
    const struct html_error error = {status, title, text, link, label};
    struct err err;

    response->status = status;
    buf_clear(&response->body);
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "Vary", "Accept");
    if (status == 503)
        response_header(response, "Retry-After", "%d", LIMIT_RETRY_AFTER_S);
    if (request_wants_json(&exchange->request)) {
        json_problem(status, title, text, NULL, 0, &response->body);
        response_header(response, "Content-Type", "application/problem+json");
    } else if (html_error(exchange->app->html, &frame, &error, &response->body, &err) == ERR_OK) {
        response_header(response, "Content-Type", "text/html; charset=utf-8");
    } else {
        log_error("the error page could not be made: %s", err.text);
        plain_problem(exchange, title, text);
    }
}

void exchange_fail(struct exchange *exchange, enum err_code code)
{
    switch (code) {
    case ERR_NOT_FOUND:
        exchange_problem(exchange, 404, "No such book", "There is no book with this ID. It may have been deleted.",
                         "/list", "Browse all books");
        break;
    case ERR_INVALID:
        exchange_problem(exchange, 400, "This request cannot be understood", exchange->err.text, "/list",
                         "Browse all books");
        break;
    case ERR_CONFLICT:
        exchange_problem(exchange, 409, "This clashes with what is there", exchange->err.text, "/list",
                         "Browse all books");
        break;
    case ERR_CHANGED:
        exchange_problem(exchange, 412, "This book has changed", exchange->err.text, "/list", "Browse all books");
        break;
    case ERR_UNAVAILABLE:
        log_warn("%s", exchange->err.text);
        exchange_problem(exchange, 503, "The books are out of reach for a moment",
                         "The database does not answer. Please try again in a few seconds.", "/", "Home");
        break;
    case ERR_BUSY:
        exchange_problem(exchange, 503, "Too much at once", exchange->err.text, "/list", "Browse all books");
        break;
    case ERR_OK:
    case ERR_INTERNAL:
        log_error("%s", exchange->err.text);
        exchange_problem(exchange, 500, "Something went wrong on our side",
                         "The page could not be made. The reason is in the log.", "/", "Home");
        break;
    }
}

/* Answers a request that no route takes: the methods that its path knows, or that there is no such path. */
static void answer_unrouted(struct exchange *exchange, unsigned allowed)
{
    struct buf names = {0};

    if (allowed == 0) {
        exchange_problem(exchange, 404, "No such page", "There is nothing at this address.", "/", "Home");
        return;
    }
    request_add_methods(&names, allowed | METHOD_OPTIONS);
    response_header(exchange->response, "Allow", "%s", buf_string(&names));
    buf_free(&names);
    if ((allowed & METHOD_PATCH) != 0)
        response_header(exchange->response, "Accept-Patch", "%s", API_PATCH_TYPE);
    if (exchange->request.method == METHOD_OPTIONS)
        exchange->response->status = 204;
    else
        exchange_problem(exchange, 405, "This address does not take that", "Another method is needed here.", "/",
                         "Home");
}

/* Lets a write through only from where it may come from, and with a form that we can read if it is to be one. */
static bool pass_write_gates(struct exchange *exchange, const struct route *route)
{
    if (!origin_is_same_site(&exchange->request)) {
        exchange_problem(exchange, 403, "This came from another site",
                         "Books are changed from the pages of Book Share only.", "/", "Home");
        return false;
    }
    if ((route->methods & ROUTE_READS_BODY) != 0)
        return true;
    switch (request_read_form(&exchange->request, exchange->arena)) {
    case REQUEST_BODY_FINE:
        return true;
    case REQUEST_BODY_TOO_LARGE:
        exchange_problem(exchange, 413, "This form is too large", "A form may have 64 KB.", "/", "Home");
        return false;
    case REQUEST_BODY_OTHER_TYPE:
        exchange_problem(exchange, 415, "This is not a form", "Send it as application/x-www-form-urlencoded.", "/",
                         "Home");
        return false;
    case REQUEST_BODY_BROKEN:
        break;
    }
    exchange_problem(exchange, 400, "This form cannot be read", "It is cut short or has too many fields.", "/", "Home");
    return false;
}

static void answer(struct exchange *exchange, FCGX_Request *fcgi)
{
    struct request *request = &exchange->request;
    unsigned allowed;
    const struct route *route;
    enum err_code code = request_read(request, fcgi, exchange->arena, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (!origin_is_our_host(request, exchange->app->config->hosts)) {
        exchange_problem(
            exchange, 421, "No such site here",
            "This server does not answer for the name in the address. If the site is yours: add the name to "
            "BOOKSHARE_HOSTS.",
            "/", "Home");
        return;
    }
    route = route_find(routes, request->method, request->path, exchange->arena, &exchange->rest, &allowed);
    if (route == NULL)
        answer_unrouted(exchange, allowed);
    else if ((request->method & METHOD_READS) != 0 && deadline_is_gone(&exchange->deadline))
        exchange->response->status = 503; /* nobody will read it, and others wait; a write is made all the same */
    else if ((request->method & METHOD_READS) != 0 || pass_write_gates(exchange, route))
        route->handler(exchange);
}

/* Has what was made from templates that have changed since neither known to clients nor served from a file. */
static void follow_templates(struct app *app)
{
    if (!html_refresh(app->html))
        return;
    log_info("the templates have changed");
    app->stamp = html_stamp(app->html);
    catalogue_publish_pages(app->catalogue, app->stamp);
}

int app_idle(struct app *app)
{
    follow_templates(app);
    catalogue_tend(app->catalogue);
    return app->idle_ms;
}

/* Sends an answer that was gathered. One that has to wait is left to a process of its own if there can be one. */
static void send_gathered(struct exchange *exchange, FCGX_Request *fcgi)
{
    struct response *response = exchange->response;
    enum deferred_side side = DEFERRED_NOBODY;

    if (response->not_before > clock_us())
        side = deferred_split(&exchange->app->deferred, fcgi_connection(fcgi));
    if (side == DEFERRED_WORKER) {
        fcgi_leave(fcgi);
        return;
    }
    clock_wait_until(response->not_before);
    response_header(response, "Server-Timing", "total;dur=%.3f", (double)(clock_us() - exchange->started) / 1e3);
    response_send(response, fcgi, exchange->request.method == METHOD_HEAD);
    if (side == DEFERRED_WAITER)
        _exit(0);
}

void app_handle(struct app *app, FCGX_Request *fcgi)
{
    struct exchange exchange = {.app = app, .arena = &app->arena, .response = &app->response, .started = clock_us()};

    follow_templates(app); /* since this worker may have waited for long */
    fcgi_close_after(fcgi);
    response_clear(exchange.response);
    deadline_begin(&exchange.deadline, app->config, fcgi_connection(fcgi));
    answer(&exchange, fcgi);
    if (exchange.response->stage == RESPONSE_GATHERED)
        send_gathered(&exchange, fcgi);
    else
        response_end(exchange.response, fcgi);
    log_debug("%d %.*s in %lld us", exchange.response->status, (int)exchange.request.path.len,
              exchange.request.path.len > 0 ? exchange.request.path.at : "",
              (long long)(clock_us() - exchange.started));
    deadline_end(&exchange.deadline);
    if (exchange.afterwards != NULL)
        exchange.afterwards(&exchange);
    arena_clear(&app->arena);
}
