#include "catalogue/catalogue_timings.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "catalogue/catalogue_parts.h"

enum {
    CLOCK_ROWS = 1000,      /* between two looks at the clock */
    LIST_ATTEMPTS = 3,      /* if books are added or deleted while the list is read */
    PAGE_TRIES = 5,         /* runs, of which the fastest counts: */
    PAGE_TRIES_US = 1000000 /* as many as start within this time */
};

/* Maps a failure to an outcome. The reason is logged. */
static enum timing_outcome outcome_of(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return TIMING_DONE;
    log_info("not measured: %s", err->text);
    return code == ERR_NOT_FOUND ? TIMING_ABSENT : code == ERR_CONFLICT ? TIMING_CHANGED : TIMING_AWAY;
}

static void measure_table(struct catalogue *catalogue, struct timing *timing)
{
    const int64_t started = clock_us(), deadline = started + LIMIT_TIMING_S * 1000000LL;
    struct arena arena = {0};
    struct version version;
    struct book book;
    struct err err;
    uint64_t counted;
    bool is_late = false;
    enum err_code code = store_scan_begin(catalogue->store, &version, &counted, &err);

    if (code != ERR_OK) {
        timing->outcome = outcome_of(code, &err);
        return;
    }
    while (!is_late && (code = store_scan_next(catalogue->store, &arena, &book, &err)) == ERR_OK) {
        arena_clear(&arena);
        is_late = ++timing->books % CLOCK_ROWS == 0 && clock_us() > deadline;
    }
    timing->seconds = (double)(clock_us() - started) / 1e6;
    if (is_late)
        store_scan_cancel(catalogue->store);
    else
        store_scan_end(catalogue->store);
    /* Not found: no more books. */
    timing->outcome = is_late ? TIMING_CUT : outcome_of(code == ERR_NOT_FOUND ? ERR_OK : code, &err);
    arena_free(&arena);
}

/* Reads the list once. ERR_CONFLICT: books were added or deleted. */
static enum err_code read_list(struct catalogue *catalogue, int64_t deadline, struct timing *timing, struct err *err)
{
    const int64_t started = clock_us();
    struct arena arena = {0};
    struct version version;
    struct book_list list;
    bool is_late = false;
    enum err_code code = cache_scan_begin(catalogue->cache, &version, err);

    timing->books = 0;
    if (code != ERR_OK)
        return code;
    while (!is_late && (code = cache_scan_next(catalogue->cache, &arena, &list, &version, err)) == ERR_OK) {
        arena_clear(&arena);
        timing->books += list.count;
        is_late = clock_us() > deadline;
    }
    arena_free(&arena);
    timing->seconds = (double)(clock_us() - started) / 1e6;
    timing->outcome = is_late ? TIMING_CUT : TIMING_DONE;
    return code == ERR_NOT_FOUND ? ERR_OK : code; /* no more segments */
}

static void measure_list(struct catalogue *catalogue, struct timing *timing)
{
    const int64_t deadline = clock_us() + LIMIT_TIMING_S * 1000000LL;
    struct err err;
    enum err_code code = ERR_CONFLICT;

    for (int attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        code = read_list(catalogue, deadline, timing, &err);
        if (code != ERR_CONFLICT && (code != ERR_UNAVAILABLE || attempt > 0)) /* perhaps a stale connection */
            break;
    }
    if (code != ERR_OK)
        timing->outcome = outcome_of(code, &err);
}

static enum err_code page_from_mysql(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                     uint64_t *books, struct err *err)
{
    struct store_page page;
    enum err_code code = store_page(catalogue->store, offset, limit, arena, &page, err);

    if (code == ERR_OK)
        *books = page.list.count;
    return code;
}

static enum err_code page_from_redis(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                     uint64_t *books, struct err *err)
{
    struct cache_page page;
    uint64_t connection;
    enum err_code code = cache_open(catalogue->cache, &connection, err);

    if (code == ERR_OK)
        code = cache_page_ask(catalogue->cache, offset, limit, err);
    if (code == ERR_OK)
        code = cache_page_answer(catalogue->cache, offset, limit, arena, &page, err);
    if (code == ERR_OK)
        *books = page.list.count;
    if (code == ERR_NOT_FOUND)
        catalogue->list_view.is_due = true;
    return code;
}

static enum err_code page_from_index(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                     uint64_t *books, struct err *err)
{
    switch (catalogue_prepare_index(catalogue)) {
    case BASIS_SURE:
        *books = catalogue_list_index(catalogue, offset, limit, arena).list.count;
        return ERR_OK;
    case BASIS_UNSURE:
        return err_set(err, ERR_UNAVAILABLE, "MySQL does not respond");
    case BASIS_NONE:
        break;
    }
    return err_set(err, ERR_NOT_FOUND, "no search index");
}

typedef enum err_code page_reader(struct catalogue *catalogue, uint64_t offset, size_t limit, struct arena *arena,
                                  uint64_t *books, struct err *err);

static void measure_page(struct catalogue *catalogue, page_reader *read, uint64_t offset, size_t limit,
                         struct timing *timing)
{
    const int64_t begun = clock_us();
    struct arena arena = {0};

    for (int i = 0; i < PAGE_TRIES && clock_us() < begun + PAGE_TRIES_US; i++) {
        const int64_t started = clock_us();
        struct err err;
        enum err_code code = read(catalogue, offset, limit, &arena, &timing->books, &err);
        const double seconds = (double)(clock_us() - started) / 1e6;

        arena_clear(&arena);
        timing->outcome = outcome_of(code, &err);
        if (code != ERR_OK)
            break;
        if (i == 0 || seconds < timing->seconds)
            timing->seconds = seconds;
    }
    arena_free(&arena);
}

void catalogue_measure(struct catalogue *catalogue, size_t page_rows, struct catalogue_timings *timings)
{
    struct timing *ways = timings->ways;
    uint64_t books, offset;

    *timings = (struct catalogue_timings){0};
    measure_table(catalogue, &ways[TIMING_TABLE_MYSQL]);
    if (catalogue_uses(catalogue, CATALOGUE_LIST_VIEW))
        measure_list(catalogue, &ways[TIMING_TABLE_REDIS]);
    books = ways[TIMING_TABLE_MYSQL].books > 0 ? ways[TIMING_TABLE_MYSQL].books : ways[TIMING_TABLE_REDIS].books;
    timings->page = books / page_rows / 2 + 1;
    offset = (timings->page - 1) * page_rows;
    measure_page(catalogue, page_from_mysql, offset, page_rows, &ways[TIMING_PAGE_MYSQL]);
    if (catalogue_uses(catalogue, CATALOGUE_INDEX_VIEW))
        measure_page(catalogue, page_from_index, offset, page_rows, &ways[TIMING_PAGE_INDEX]);
    if (catalogue_uses(catalogue, CATALOGUE_LIST_VIEW))
        measure_page(catalogue, page_from_redis, offset, page_rows, &ways[TIMING_PAGE_REDIS]);
}
