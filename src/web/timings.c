#include "web/timings.h"

#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "view/link.h"
#include "web/app.h"
#include "web/measured.h"

enum { FILE_TRIES = 5 /* runs, of which the fastest counts */ };

void timings_show(struct exchange *exchange)
{
    const struct app *app = exchange->app;
    const struct html_frame frame = exchange_frame(exchange, "Timings", "");
    struct measured measured = {0};
    struct html_timings timings = {.has_redis = catalogue_uses(app->catalogue, CATALOGUE_LIST_VIEW),
                                   .has_index = catalogue_uses(app->catalogue, CATALOGUE_INDEX_VIEW),
                                   .has_files = catalogue_has_pages(app->catalogue)};
    struct tm tm;
    char at[32];

    if (measured_last(app->config, &measured)) {
        const time_t then = (time_t)measured.at;

        strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&then, &tm));
        timings.at = at;
        timings.timings = &measured.timings;
    }
    exchange_cache_control(exchange, frame.flash == NULL);
    exchange_page(exchange, 200, html_timings(app->html, &frame, &timings, &exchange->response->body, &exchange->err));
}

/* Reads the page file of the first page, as it would be sent. */
static void measure_file(const struct catalogue *catalogue, struct timing *timing)
{
    struct buf page = {0};

    timing->outcome = catalogue_has_pages(catalogue) ? TIMING_ABSENT : TIMING_NONE;
    for (int i = 0; i < FILE_TRIES; i++) {
        const int64_t started = clock_us();
        double seconds;

        buf_clear(&page);
        if (!catalogue_read_page(catalogue, 1, &page))
            break;
        seconds = (double)(clock_us() - started) / 1e6;
        timing->outcome = TIMING_DONE;
        if (i == 0 || seconds < timing->seconds)
            timing->seconds = seconds;
    }
    buf_free(&page);
}

void timings_measure(struct exchange *exchange)
{
    const struct app *app = exchange->app;
    struct measured *measured = arena_alloc(exchange->arena, sizeof *measured);
    int slot;
    enum err_code code = measured_begin(app->config, &slot, &exchange->err);

    if (code == ERR_BUSY) {
        exchange_problem(exchange, 503, "A measurement is running",
                         "Only one measurement at a time is allowed. Please try again in a few seconds.",
                         link_timings(exchange->arena), "See the last result");
        return;
    }
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    catalogue_measure(app->catalogue, LIMIT_PAGE_ROWS, &measured->timings);
    measure_file(app->catalogue, &measured->timings.ways[TIMING_PAGE_FILE]);
    measured->at = (int64_t)time(NULL);
    measured_end(app->config, slot, measured);
    response_see_other(exchange->response, link_timings(exchange->arena));
}
