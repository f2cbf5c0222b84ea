/* The part of html that renders the page of timings. */
#include <math.h>

#include "base/limits.h"
#include "view/html_parts.h"

/* Puts a time in a readable form, in s, ms or µs. */
static void put_time(struct values *values, HDF *node, const char *name, double seconds)
{
    const double ms = seconds * 1e3;

    values_put(values, node, name,
               ms >= 100  ? arena_format(values->arena, "%.2f s", seconds)
               : ms >= 10 ? arena_format(values->arena, "%.0f ms", ms)
               : ms >= 1  ? arena_format(values->arena, "%.1f ms", ms)
                          : arena_format(values->arena, "%.0f µs", ms * 1e3));
}

/*
 * The scale of the bars is logarithmic: seven powers of ten, from 1 µs to 10 s. templates/timings.cs has the same
 * scale.
 */
static double bar_of(double seconds)
{
    const double units = 100, powers = 7; /* units of the drawing per power of ten */
    const double bar = (log10(seconds) + 6) * units;

    return bar < 2 ? 2 : bar > units * powers ? units * powers : bar;
}

static void put_timing(struct values *values, HDF *rows, size_t index, const char *way, const struct timing *timing)
{
    static const char *const outcomes[] = {
        [TIMING_NONE] = "none",     [TIMING_DONE] = "done",       [TIMING_AWAY] = "away",
        [TIMING_ABSENT] = "absent", [TIMING_CHANGED] = "changed", [TIMING_CUT] = "cut",
    };
    HDF *row = values_element(values, rows, index);

    values_put(values, row, "Way", way);
    values_put(values, row, "Outcome", outcomes[timing->outcome]);
    values_put_grouped(values, row, "Books", timing->books);
    if (timing->outcome != TIMING_DONE && timing->outcome != TIMING_CUT)
        return;
    put_time(values, row, "Time", timing->seconds);
    values_put(values, row, "Bar", arena_format(values->arena, "%.0f", bar_of(timing->seconds)));
}

enum err_code html_timings(struct html *html, const struct html_frame *frame, const struct html_timings *timings,
                           struct buf *out, struct err *err)
{
    /* Measured once with the application that this one replaces. */
    static const struct timing original_first = {TIMING_DONE, 500000, 7.1}, original_next = {TIMING_DONE, 500000, 0.85};
    static const struct catalogue_timings nothing = {.page = 1};
    static const char *const ways[] = {
        [TIMING_TABLE_MYSQL] = "table-mysql", [TIMING_TABLE_REDIS] = "table-redis", [TIMING_PAGE_MYSQL] = "page-mysql",
        [TIMING_PAGE_INDEX] = "page-index",   [TIMING_PAGE_REDIS] = "page-redis",   [TIMING_PAGE_FILE] = "page-file",
    };
    const bool is_off[TIMING_WAYS] = {
        [TIMING_TABLE_REDIS] = !timings->has_redis,
        [TIMING_PAGE_REDIS] = !timings->has_redis,
        [TIMING_PAGE_INDEX] = !timings->has_index,
        [TIMING_PAGE_FILE] = !timings->has_files,
    };
    const struct catalogue_timings *shown = timings->timings != NULL ? timings->timings : &nothing;
    struct values values;
    HDF *node, *rows;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Timings");
    if (timings->timings != NULL) {
        values_put(&values, node, "At", timings->at);
        values_put_grouped(&values, node, "Page", shown->page);
    }
    values_put_number(&values, node, "Most", LIMIT_TIMING_S);
    rows = values_child(&values, node, "Rows");
    put_timing(&values, rows, 0, "original-first", &original_first);
    put_timing(&values, rows, 1, "original-next", &original_next);
    for (size_t i = 0; i < TIMING_WAYS; i++)
        if (!is_off[i])
            put_timing(&values, rows, i + 2, ways[i], &shown->ways[i]);
    return values_render(&values, html, "timings.cs", out, err);
}
