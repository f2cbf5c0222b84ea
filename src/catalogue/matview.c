#include "catalogue/matview.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/guard.h"
#include "base/kept.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    MOVES_MOST = 15,           /* retries if other processes move a view meanwhile */
    PAUSE_US = 1000000,        /* between two rebuilds started by this process */
    RETRY_US = 2000000,        /* pause after the first failure; each further failure doubles it, */
    RETRY_MOST_US = 300000000, /* up to this */
    PROGRESS_ROWS = 20000,     /* between two reports */
    SILENCE_US = 10000000      /* without progress, after which a rebuild counts as dead */
};

/* ---- Following */

/* Returns whether the view is already there. is_of_table: at is known to be a version of this table. */
static bool has_arrived(struct version at, const struct version *wanted, bool is_of_table)
{
    return wanted != NULL && (version_equal(at, *wanted) || (is_of_table && at.number >= wanted->number));
}

/* Returns ERR_OK if following from at makes sense. */
static enum err_code judge_distance(const struct matview_follower *follower, struct version at,
                                    const struct version *wanted, uint64_t followed, struct err *err)
{
    if (wanted == NULL)
        return ERR_OK;
    if (at.epoch != wanted->epoch)
        return err_set(err, ERR_NOT_FOUND, "it is at version %s, of another epoch", version_text(at).string);
    if (at.number < wanted->number && wanted->number - at.number + followed > follower->most)
        return err_set(err, ERR_CONFLICT, "more than %llu changes are missing", (unsigned long long)follower->most);
    return ERR_OK;
}

/* Reads and applies the next changes. *is_end: there are no more. */
static enum err_code follow_some(struct store *store, const struct matview_follower *follower, struct arena *arena,
                                 struct version *at, const struct version *wanted, size_t *count, bool *is_end,
                                 struct err *err)
{
    struct change *changes;
    struct version now;
    enum err_code code = store_changes(store, *at, follower->at_once, arena, &changes, count, &now, err);

    if (code != ERR_OK)
        return code;
    *is_end = wanted != NULL ? at->number >= wanted->number : *count == 0;
    if (*is_end)
        return ERR_OK;
    if (*count == 0) /* MySQL was just restored from a backup */
        return err_set(err, ERR_NOT_FOUND, "the log ends at version %s", version_text(now).string);
    code = follower->apply(follower->view, at, changes, *count, err);
    if (code == ERR_OK) {
        *at = changes[*count - 1].version;
        *is_end = wanted == NULL && at->number >= now.number;
    }
    return code;
}

/*
 * A view past the wanted version may be of another table or of a lost past; only the log tells. After a step from the
 * log, past it is as good as at it.
 */
enum err_code matview_follow(struct store *store, const struct matview_follower *follower, struct version *at,
                             const struct version *wanted, struct err *err)
{
    struct arena arena = {0};
    bool is_of_table = !guard_is_on(GUARD_AHEAD), is_end = false;
    uint64_t followed = 0;
    int moves = 0;
    enum err_code code = ERR_OK;

    while (code == ERR_OK && !is_end && !has_arrived(*at, wanted, is_of_table)) {
        size_t count = 0;

        arena_clear(&arena);
        code = judge_distance(follower, *at, wanted, followed, err);
        if (code != ERR_OK)
            break;
        code = follow_some(store, follower, &arena, at, wanted, &count, &is_end, err);
        if (code == ERR_CONFLICT && ++moves < MOVES_MOST) {
            code = ERR_OK;
            is_of_table = !guard_is_on(GUARD_AHEAD);
            continue;
        }
        is_of_table = true;
        followed += count;
        if (code == ERR_OK && !is_end && followed >= follower->rest && !has_arrived(*at, wanted, is_of_table))
            code = err_set(err, ERR_BUSY, "there are more changes");
    }
    arena_free(&arena);
    return code;
}

/* ---- State */

static void state_purpose(const struct matview_kind *kind, char *purpose, size_t size)
{
    snprintf(purpose, size, "view-%s", kind->name);
}

struct matview_state matview_state(const struct matview_kind *kind, const struct config *config)
{
    struct matview_state state = {0};
    char purpose[32];

    state_purpose(kind, purpose, sizeof purpose);
    return kept_read(config, purpose, &state, sizeof state) ? state : (struct matview_state){0};
}

static void write_state(const struct matview_kind *kind, const struct config *config, const struct matview_state *state)
{
    char purpose[32];

    state_purpose(kind, purpose, sizeof purpose);
    kept_write(config, purpose, state, sizeof *state);
}

bool matview_is_building(const struct matview_state *state)
{
    const int64_t age = clock_us() - state->told_at;

    return state->told_at != 0 && age >= 0 && age < SILENCE_US;
}

/* Returns whether a rebuild may be attempted. A time too far ahead is from before a reboot. */
static bool may_retry(const struct matview_state *state)
{
    const int64_t now = clock_us();

    return state->retry_at <= now || state->retry_at > now + RETRY_MOST_US;
}

/* Returns the pause after a number of failures in a row. */
static int64_t retry_pause(uint32_t failures)
{
    int64_t pause = RETRY_US;

    for (uint32_t i = 1; i < failures && pause < RETRY_MOST_US; i++)
        pause *= 2;
    return pause < RETRY_MOST_US ? pause : RETRY_MOST_US;
}

/* Records a failure. Logs the first one in a row. */
static void note_failure(const struct matview_kind *kind, const struct config *config, const char *why)
{
    struct matview_state state = matview_state(kind, config);

    state.told_at = 0;
    state.failures++;
    state.failed_at = (int64_t)time(NULL);
    state.retry_at = clock_us() + retry_pause(state.failures);
    snprintf(state.failure, sizeof state.failure, "%s", why);
    write_state(kind, config, &state);
    if (state.failures == 1)
        log_warn("%s was not rebuilt: %s; backing off until it works, which is logged", kind->title, why);
    else
        log_debug("%s was not rebuilt: %s", kind->title, why);
}

static void note_success(const struct matview_kind *kind, const struct config *config, int64_t took_us)
{
    const struct matview_state before = matview_state(kind, config);
    const struct matview_state state = {.made_at = (int64_t)time(NULL), .made_ms = took_us / 1000};

    write_state(kind, config, &state);
    if (before.failures > 0)
        log_info("%s was rebuilt in %.2f s, after %u failures", kind->title, (double)took_us / 1e6, before.failures);
    else
        log_info("%s was rebuilt in %.2f s", kind->title, (double)took_us / 1e6);
}

/* ---- Rebuilding */

struct matview_job {
    const struct matview_kind *kind;
    const struct config *config;
    matview_progress *progress; /* NULL: no callback */
    bool has_told;
};

static void tell(struct matview_job *job, uint64_t done, uint64_t total)
{
    struct matview_state state = matview_state(job->kind, job->config);

    state.told_at = clock_us();
    state.done = done;
    state.total = total;
    write_state(job->kind, job->config, &state);
    job->has_told = true;
    if (job->progress != NULL)
        job->progress(done, total);
}

/* Clears the progress when a rebuild ends without an outcome. */
static void untell(const struct matview_job *job)
{
    struct matview_state state;

    if (!job->has_told)
        return;
    state = matview_state(job->kind, job->config);
    state.told_at = 0;
    write_state(job->kind, job->config, &state);
}

/* Reads the books of an open snapshot. */
static enum err_code scan_rows(struct store *store, struct matview_scan *scan, struct matview_job *job, struct err *err)
{
    struct arena arena = {0};
    struct book book;
    enum err_code code = scan->begin != NULL ? scan->begin(scan, err) : ERR_OK;

    while (code == ERR_OK) {
        arena_clear(&arena);
        code = store_scan_next(store, &arena, &book, err);
        if (code != ERR_OK)
            break;
        scan->read++;
        code = scan->take(scan, &book, err);
        if (code != ERR_OK || scan->read % PROGRESS_ROWS != 0)
            continue;
        tell(job, scan->read, scan->counted > scan->read ? scan->counted : scan->read);
        if (scan->report != NULL)
            code = scan->report(scan, err);
    }
    arena_free(&arena);
    return code;
}

enum err_code matview_scan(struct store *store, struct matview_scan *scan, struct matview_job *job, struct err *err)
{
    enum err_code code = store_scan_begin(store, &scan->version, &scan->counted, err);

    if (code != ERR_OK)
        return code;
    scan->read = 0;
    code = scan_rows(store, scan, job, err);
    store_scan_end(store);
    if (code != ERR_NOT_FOUND) /* the end of the table */
        return code;
    tell(job, scan->read, scan->read);
    return ERR_OK;
}

enum err_code matview_rebuild(const struct matview_kind *kind, const struct config *config, struct store *store,
                              bool is_insisted, matview_progress *progress, struct err *err)
{
    const int64_t started = clock_us();
    struct matview_job job = {kind, config, progress, false};
    const enum err_code code = kind->rebuild(config, store, is_insisted, &job, err);

    if (code == ERR_OK) {
        note_success(kind, config, clock_us() - started);
    } else if (code == ERR_CONFLICT || is_insisted) { /* the operator sees the error; no back-off */
        untell(&job);
        log_debug("%s: no rebuild: %s", kind->title, err->text);
    } else {
        note_failure(kind, config, err->text);
    }
    return code;
}

/* The work of the child. */
static int build(void *of)
{
    const struct matview *view = of;
    struct store *store = store_new(view->config);
    struct err err;
    const enum err_code code = matview_rebuild(view->kind, view->config, store, false, NULL, &err);

    store_free(store);
    return code == ERR_OK || code == ERR_CONFLICT ? 0 : 1;
}

struct matview matview_of(const struct matview_kind *kind, const struct config *config)
{
    return (struct matview){.kind = kind, .config = config};
}

/* Reaps a child. Records the failure of one killed by a signal. */
static void reap(struct matview *view)
{
    int status = 0;

    if (view->builder == 0 || waitpid(view->builder, &status, WNOHANG) == 0)
        return;
    view->builder = 0;
    if (WIFSIGNALED(status))
        note_failure(view->kind, view->config, strsignal(WTERMSIG(status)));
}

void matview_tend(struct matview *view)
{
    const int64_t now = clock_us();
    struct matview_state state;
    pid_t child;

    reap(view);
    if (!view->is_due || view->builder != 0 || now < view->not_until)
        return;
    state = matview_state(view->kind, view->config);
    if (!may_retry(&state))
        return;
    view->is_due = false;
    view->not_until = now + PAUSE_US;
    child = child_start(build, view);
    view->builder = child > 0 ? child : 0;
}
