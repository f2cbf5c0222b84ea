#include "web/app.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pool.h"
#include "view/json.h"
#include "view/link.h"
#include "web/answers.h"
#include "web/api.h"
#include "web/fcgi.h"
#include "web/flash.h"
#include "web/gate.h"
#include "web/once.h"
#include "web/origin.h"
#include "web/route.h"
#include "web/routes.h"

enum {
    IDLE_MS = 1000, /* the longest time between two maintenance ticks */
    HELD_MS = 50    /* the same while a connection to MySQL is held that others may wait for */
};

/* Takes the stamp of the templates, and of what else makes the pages of strangers differ. */
static void take_stamp(struct app *app)
{
    app->stamp = html_stamp(app->html) ^ (uint32_t)(app->config->auth * 2 + app->config->read);
    if (gate_has_common_pages(app->config))
        catalogue_publish_pages(app->catalogue, app->stamp);
}

struct app *app_new(const struct config *config)
{
    struct app *app = mem_zero(sizeof *app);

    app->config = config;
    link_set_site(config->base, config->url);
    app->catalogue = catalogue_new(config);
    app->people = people_new(config, catalogue_store(app->catalogue));
    app->html = html_new(config->templates);
    app->answers = answers_new(config);
    take_stamp(app);
    if (!gate_has_common_pages(config))
        catalogue_drop_pages(app->catalogue);
    app->idle_ms = config->check_ms > 0 && config->check_ms < IDLE_MS ? (int)config->check_ms : IDLE_MS;
    app->place = pool_join(config);
    return app;
}

void app_free(struct app *app)
{
    if (app == NULL)
        return;
    people_free(app->people);
    catalogue_leave_pages(app->catalogue);
    catalogue_free(app->catalogue);
    html_free(app->html);
    answers_free(app->answers);
    response_free(&app->response);
    slots_give(app->place);
    arena_free(&app->arena);
    free(app);
}

struct html_frame exchange_plain_frame(struct exchange *exchange, const char *title, const char *nav)
{
    const struct config *config = exchange->app->config;

    return (struct html_frame){.title = title,
                               .nav = nav,
                               .role = exchange->person.role,
                               .is_open = config->auth == AUTH_OPEN,
                               .has_accounts = config->auth == AUTH_ACCOUNTS,
                               .is_unsure = exchange->is_unsure,
                               .person = exchange->person.name,
                               .place = exchange->request.target,
                               .arena = exchange->arena};
}

struct html_frame exchange_frame(struct exchange *exchange, const char *title, const char *nav)
{
    struct html_frame frame = exchange_plain_frame(exchange, title, nav);

    frame.key = once_key(exchange);
    flash_take(exchange, &frame);
    return frame;
}

bool exchange_is_common(const struct exchange *exchange)
{
    return exchange->person.name.len == 0 && exchange->person.role != ROLE_NONE && !exchange->is_unsure;
}

uint32_t exchange_stamp(const struct exchange *exchange)
{
    const struct person *person = &exchange->person;

    if (exchange_is_common(exchange))
        return exchange->app->stamp;
    return exchange->app->stamp ^ (uint32_t)hash_bytes((uint64_t)person->role + 1, person->name.at, person->name.len);
}

void exchange_cache_control(struct exchange *exchange, bool may_store)
{
    response_header(exchange->response, "Cache-Control",
                    !may_store                     ? "no-store"
                    : exchange_is_common(exchange) ? "no-cache"
                                                   : "private, no-cache");
}

enum err_code exchange_find(struct exchange *exchange, const struct query *query, struct catalogue_page *page)
{
    struct query limited = *query;

    limited.deadline = &exchange->deadline;
    return catalogue_find(exchange->app->catalogue, &limited, exchange->arena, page, &exchange->err);
}

struct text exchange_actor(const struct exchange *exchange, const char *program)
{
    return exchange->person.id != 0 ? exchange->person.name : text_from_cstr(program);
}

enum err_code exchange_write(struct exchange *exchange, const struct write *write, struct written *written)
{
    struct write named = *write;
    enum err_code code;

    named.actor = exchange_actor(exchange, "web");
    named.key = exchange->key;
    code = catalogue_write(exchange->app->catalogue, &named, exchange->arena, written, &exchange->err);

    exchange->response->not_before = written->settled_from;
    return code;
}

enum err_code exchange_repeat(struct exchange *exchange, struct written *written)
{
    enum err_code code = ERR_NOT_FOUND;

    if (exchange->key.key.len > 0)
        code = catalogue_repeat(exchange->app->catalogue, &exchange->key, exchange->arena, written, &exchange->err);
    if (code == ERR_OK)
        exchange->response->not_before = written->settled_from;
    return code;
}

/* form.js cannot see where a redirect leads, so it gets the URL in a 204. */
void exchange_go_on(struct exchange *exchange, const char *address)
{
    if (request_header(&exchange->request, "HTTP_BOOKSHARE_FORM") == NULL) {
        response_see_other(exchange->response, address);
        return;
    }
    exchange->response->status = 204;
    response_header(exchange->response, "Location", "%s", address);
}

void exchange_page(struct exchange *exchange, int status, enum err_code rendered)
{
    if (rendered != ERR_OK) {
        buf_clear(&exchange->response->headers); /* those of the page: the error has its own */
        exchange_fail(exchange, rendered);
        return;
    }
    exchange->response->status = status;
    response_header(exchange->response, "Content-Type", "text/html; charset=utf-8");
}

/* The fallback if the template of the error page is broken. */
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
    const struct html_frame frame = exchange_plain_frame(exchange, title, "");
    const struct text search = parameters_get(&exchange->request.query, "search");
    const struct html_error error = {status, title, text, link, label, text_line(exchange->arena, search)};
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
        log_error("cannot render the error page: %s", err.text);
        plain_problem(exchange, title, text);
    }
}

void exchange_fail(struct exchange *exchange, enum err_code code)
{
    switch (code) {
    case ERR_NOT_FOUND:
        exchange_problem(exchange, 404, "No such book", "There is no book with this ID. It may have been deleted.",
                         link_whole_list(exchange->arena), "Browse all books");
        break;
    case ERR_INVALID:
        exchange_problem(exchange, 400, "Invalid request", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_CONFLICT:
        exchange_problem(exchange, 409, "Conflict", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_CHANGED:
        exchange_problem(exchange, 412, "This book has changed", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_REUSED:
        exchange_problem(exchange, 422, "Key already used", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_UNAVAILABLE:
        log_warn("%s", exchange->err.text);
        exchange_problem(exchange, 503, "Service unavailable",
                         "The database does not respond. Please try again in a few seconds.",
                         link_home(exchange->arena), "Home");
        break;
    case ERR_PREPARING: /* the page comes by itself */
        response_header(exchange->response, "Refresh", "%d", LIMIT_RETRY_AFTER_S);
        exchange_problem(exchange, 503, "One moment, please", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_BUSY:
        exchange_problem(exchange, 503, "Server busy", exchange->err.text, link_whole_list(exchange->arena),
                         "Browse all books");
        break;
    case ERR_OK:
    case ERR_INTERNAL:
        log_error("%s", exchange->err.text);
        exchange_problem(exchange, 500, "Internal error", "The request failed. The reason is in the server's log.",
                         link_home(exchange->arena), "Home");
        break;
    }
}

/* Responds to a request without a route: with the methods of its path, or with a 404. */
static void answer_unrouted(struct exchange *exchange, unsigned allowed)
{
    struct buf names = {0};

    if (allowed == 0) {
        exchange_problem(exchange, 404, "No such page", "There is no page at this URL.", link_home(exchange->arena),
                         "Home");
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
        exchange_problem(exchange, 405, "Method not allowed", "This URL requires another method.",
                         link_home(exchange->arena), "Home");
}

/* Returns whether a request cannot change anything. */
static bool is_safe(const struct request *request, const struct route *route)
{
    return (request->method & METHOD_READS) != 0 || (route->methods & ROUTE_SAFE) != 0;
}

/* Rejects writes from foreign origins and invalid forms. */
static bool pass_body_gates(struct exchange *exchange, const struct route *route)
{
    if (!is_safe(&exchange->request, route) && !origin_is_same_site(&exchange->request)) {
        exchange_problem(exchange, 403, "Request from another site",
                         "Books can only be changed from the pages of Book Share.", link_home(exchange->arena), "Home");
        return false;
    }
    if ((route->methods & ROUTE_READS_BODY) != 0)
        return true;
    exchange->has_secrets = (route->methods & ROUTE_ACCOUNTS) != 0;
    switch (request_read_form(&exchange->request, exchange->arena)) {
    case REQUEST_BODY_FINE:
        return once_take_form(exchange);
    case REQUEST_BODY_TOO_LARGE:
        exchange_problem(exchange, 413, "Form too large", "The limit for a form is 64 KB.", link_home(exchange->arena),
                         "Home");
        return false;
    case REQUEST_BODY_OTHER_TYPE:
        exchange_problem(exchange, 415, "Not a form", "Send it as application/x-www-form-urlencoded.",
                         link_home(exchange->arena), "Home");
        return false;
    case REQUEST_BODY_BROKEN:
        break;
    }
    exchange_problem(exchange, 400, "Invalid form", "It is incomplete or has too many fields.",
                     link_home(exchange->arena), "Home");
    return false;
}

static void answer(struct exchange *exchange, FCGX_Request *fcgi)
{
    struct request *request = &exchange->request;
    unsigned allowed;
    const struct route *route;
    enum err_code code = request_read(request, fcgi, exchange->app->config->base, exchange->arena, &exchange->err);

    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (!origin_is_our_host(request, exchange->app->config->hosts)) {
        exchange_problem(exchange, 421, "Unknown host",
                         "This server does not accept the host name in the URL. If the site is yours, add the name to "
                         "BOOKSHARE_HOSTS.",
                         link_home(exchange->arena), "Home");
        return;
    }
    if (request->path.len == 0) {
        response_see_other(exchange->response, link_home(exchange->arena));
        return;
    }
    if (!gate_identify(exchange))
        return;
    route = route_find(routes, request->method, request->path, exchange->arena, &exchange->rest, &allowed);
    if (route != NULL && (route->methods & ROUTE_ACCOUNTS) != 0 && exchange->app->config->auth != AUTH_ACCOUNTS)
        answer_unrouted(exchange, 0);
    else if (route == NULL)
        answer_unrouted(exchange, allowed);
    else if (!gate_pass(exchange, route))
        return;
    else if (is_safe(request, route) && deadline_is_gone(&exchange->deadline))
        exchange->response->status =
            503; /* nobody would read the response, and others are waiting; writes are executed anyway */
    else if ((route->methods & ROUTE_KEPT) != 0 && answers_serve(exchange))
        return;
    else if ((request->method & METHOD_READS) != 0 || pass_body_gates(exchange, route))
        route->handler(exchange);
}

/* Invalidates pages rendered from older templates, both at clients and in page files. */
static void follow_templates(struct app *app)
{
    if (!html_refresh(app->html))
        return;
    log_info("the templates have changed");
    take_stamp(app);
}

int app_idle(struct app *app)
{
    follow_templates(app);
    return catalogue_tend(app->catalogue) && app->idle_ms > HELD_MS ? HELD_MS : app->idle_ms;
}

/* Sends a buffered response, and keeps it for others. A delayed one is left to a separate process if possible. */
static void send_gathered(struct exchange *exchange, FCGX_Request *fcgi)
{
    struct response *response = exchange->response;
    enum deferred_side side = DEFERRED_NOBODY;

    response_compress(response, request_accepts_gzip(&exchange->request));
    answers_keep(exchange);
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
    struct exchange exchange = {.app = app,
                                .arena = &app->arena,
                                .response = &app->response,
                                .started = clock_us(),
                                .person.role = gate_stranger(app->config)};

    follow_templates(app); /* this worker may have waited for long */
    fcgi_close_after(fcgi);
    response_clear(exchange.response);
    deadline_begin(&exchange.deadline, app->config, fcgi_connection(fcgi));
    answer(&exchange, fcgi);
    deadline_end(&exchange.deadline); /* who has the response may count on the next search having its share */
    if (exchange.response->stage == RESPONSE_GATHERED)
        send_gathered(&exchange, fcgi);
    else
        response_end(exchange.response, fcgi);
    log_debug("%d %.*s in %lld us", exchange.response->status, (int)exchange.request.path.len,
              exchange.request.path.len > 0 ? exchange.request.path.at : "",
              (long long)(clock_us() - exchange.started));
    if (exchange.afterwards != NULL)
        exchange.afterwards(&exchange);
    (exchange.has_secrets ? arena_wipe : arena_clear)(&app->arena);
}
