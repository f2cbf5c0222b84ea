/*
 * app: the web application. It takes a request through its stages (parse, gates, route, handler, response) and is the
 * only place that maps errors to HTTP statuses.
 */
#ifndef WEB_APP_H
#define WEB_APP_H

#include <fcgiapp.h>

#include "base/config.h"
#include "base/deadline.h"
#include "base/err.h"
#include "base/mem.h"
#include "catalogue/catalogue.h"
#include "people/people.h"
#include "view/html.h"
#include "web/deferred.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/* State with the lifetime of the process. */
struct app {
    const struct config *config;
    struct catalogue *catalogue;
    struct people *people;
    struct html *html;
    struct answers *answers;  /* web/answers.h */
    uint32_t stamp;           /* checksum of templates, program and settings: what strangers see depends on */
    struct arena arena;       /* of the current exchange, cleared after it */
    struct response response; /* of the current exchange, cleared after it */
    struct deferred deferred; /* delayed responses */
    int idle_ms;
    int place; /* slot in the worker pool (base/pool.h) */
};

/* State with the lifetime of a request: the only argument of handlers. */
struct exchange {
    struct app *app;
    struct arena *arena;
    struct request request;
    struct response *response;
    struct person person; /* its sender */
    bool is_unsure;       /* MySQL could not say who its sender is */
    bool has_secrets;     /* its form may have a password: overwrite the arena afterwards */
    struct text once;     /* the key that it came with; empty: none (web/once.h) */
    struct write_key key; /* the same for a write */
    struct text rest;     /* the decoded segment of the path that matches the star of its route */
    struct err err;
    int64_t started;               /* clock_us() */
    struct deadline deadline;      /* limit for its searches */
    route_handler *afterwards;     /* called after the response is sent; NULL: none */
    const struct html_list *kept;  /* argument for it: the list page to store as a page file */
    struct version home_version;   /* the same for the home page, which is the response */
    struct version answer_version; /* that the response shows, if it may be kept; unknown: it may not */
};

/* config must outlive the app. Free it with app_free(). */
struct app *app_new(const struct config *config);
void app_free(struct app *app);

/* Responds to the request accepted in fcgi and finishes it. Never fails: errors become responses. */
void app_handle(struct app *app, FCGX_Request *fcgi);

/*
 * Does the work between requests (a tick). Returns the milliseconds until the next tick even without a request; -1:
 * none.
 */
int app_idle(struct app *app);

/* Returns whether the sender sees what all strangers see. */
bool exchange_is_common(const struct exchange *exchange);

/* Returns the stamp of what the sender sees: that of all strangers, or one of their own. */
uint32_t exchange_stamp(const struct exchange *exchange);

/*
 * For handlers: returns the frame of a page, with the flash message, whose cookie it clears; or without one, for a page
 * that may be kept.
 */
struct html_frame exchange_frame(struct exchange *exchange, const char *title, const char *nav);
struct html_frame exchange_plain_frame(struct exchange *exchange, const char *title, const char *nav);

/* Sends Cache-Control: the client must ask before it shows the page again, or may not store it at all. */
void exchange_cache_control(struct exchange *exchange, bool may_store);

/* Calls catalogue_find() with the deadline of the request. */
enum err_code exchange_find(struct exchange *exchange, const struct query *query, struct catalogue_page *page);

/* Returns who writes, for the log of changes: the person, or the program that works for a stranger. */
struct text exchange_actor(const struct exchange *exchange, const char *program);

/*
 * Calls catalogue_write(), with the key of the request. The response is delayed until every reader sees the write.
 * Afterwards written->deed says what was done, now or when the same request came first. ERR_REUSED: another request
 * came with the key, and deed says what that one did.
 */
enum err_code exchange_write(struct exchange *exchange, const struct write *write, struct written *written);

/* Calls catalogue_repeat() with the key of the request; see exchange_write(). ERR_NOT_FOUND: it comes for the first
 * time, or without a key. */
enum err_code exchange_repeat(struct exchange *exchange, struct written *written);

/* Sends the browser to one of our URLs (view/link.h) after a write. */
void exchange_go_on(struct exchange *exchange, const char *address);

/* Responds with an HTML page rendered into the response's body, or with an error if rendering failed. */
void exchange_page(struct exchange *exchange, int status, enum err_code rendered);

/* Responds with an error page or an error in JSON. link and label: the next step. */
void exchange_problem(struct exchange *exchange, int status, const char *title, const char *text, const char *link,
                      const char *label);

/* Responds with exchange->err: the only mapping from error codes to statuses. */
void exchange_fail(struct exchange *exchange, enum err_code code);

#endif
