/*
 * app: the web application. It takes one request through its stages (parse, gates, route, handler, answer) and is the
 * one place where errors become HTTP statuses.
 */
#ifndef WEB_APP_H
#define WEB_APP_H

#include <fcgiapp.h>

#include "base/config.h"
#include "base/deadline.h"
#include "base/err.h"
#include "base/mem.h"
#include "catalogue/catalogue.h"
#include "view/html.h"
#include "web/deferred.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"

/* What lives as long as the process. */
struct app {
    const struct config *config;
    struct catalogue *catalogue;
    struct html *html;
    uint32_t stamp;           /* of templates and program (html_stamp) */
    struct arena arena;       /* of the exchange under way, emptied after it */
    struct response response; /* likewise */
    struct deferred deferred; /* answers that wait */
    int idle_ms;
    int place; /* among the workers of the host (base/pool.h) */
};

/* What lives as long as a request. Handlers are given this and nothing else. */
struct exchange {
    struct app *app;
    struct arena *arena;
    struct request request;
    struct response *response;
    struct text rest; /* the decoded last segment of the path, where its route has one */
    struct err err;
    int64_t started;              /* clock_us() */
    struct deadline deadline;     /* for its searches */
    route_handler *afterwards;    /* called once the request is answered; NULL: nothing */
    const struct html_list *kept; /* for it: the list page that is to be kept as a file */
};

/* config must outlive the app. Free it with app_free(). */
struct app *app_new(const struct config *config);
void app_free(struct app *app);

/* Answers the request that was accepted into fcgi, and finishes it. Never fails: an error is an answer, too. */
void app_handle(struct app *app, FCGX_Request *fcgi);

/* Does what is to be done between two requests. Returns after how many milliseconds again, even if none comes; -1: no.
 */
int app_idle(struct app *app);

/* For handlers: the frame of a page, with the message of what was done just before (and its cookie taken back). */
struct html_frame exchange_frame(struct exchange *exchange, const char *title, const char *nav);

/* Finds what query asks for, as catalogue_find() does, within the deadline of the request. */
enum err_code exchange_find(struct exchange *exchange, const struct query *query, struct catalogue_page *page);

/* Writes as catalogue_write() does. The answer is sent when every reader sees the write. */
enum err_code exchange_write(struct exchange *exchange, const struct write *write, struct written *written);

/* Answers with an HTML page that was rendered into the response's body, or with an error if it was not. */
void exchange_page(struct exchange *exchange, int status, enum err_code rendered);

/* Answers with a page, or a JSON text, about a problem. link and label: the next step. */
void exchange_problem(struct exchange *exchange, int status, const char *title, const char *text, const char *link,
                      const char *label);

/* Answers what exchange->err says: the one table from error codes to statuses. */
void exchange_fail(struct exchange *exchange, enum err_code code);

#endif
