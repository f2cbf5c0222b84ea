/*
 * catalogue_edit: edits of many books. A plan says what an edit would do, without doing it; running it writes slice by
 * slice, each in a transaction that also notes how far it is (store/store_edit.h). So readers never wait for long, an
 * edit that is cut off has done what its row says, and it can go on from there or be undone.
 */
#ifndef CATALOGUE_CATALOGUE_EDIT_H
#define CATALOGUE_CATALOGUE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "book/edit.h"
#include "book/query.h"

struct catalogue;

/* What to do with which books. */
struct edit_wish {
    struct edit edit;          /* must have passed edit_check() */
    const struct query *query; /* those that this finds; offset, limit and order are ignored; */
    const struct text *ids;    /* or, if it is NULL, those with these IDs, at most LIMIT_EDIT_IDS */
    size_t id_count;
    const struct edit_record *goes_on; /* the stopped edit to continue; NULL: a new one */
};

/* A book that an edit would change, or cannot change. */
struct edit_sample {
    struct book before, after; /* after: not for DELETE */
    const char *fault;         /* the reason, a sentence with the name of the field; NULL: it can */
};

/* What an edit would do. Its texts live as long as it does. */
struct edit_plan {
    struct edit_wish wish;
    uint64_t found, unchanged; /* books; those that are as wanted already */
    uint64_t changes;          /* books to change; for UNDO: that the other edit has changed */
    uint64_t refused;          /* books that would not be valid: then nothing may be changed */
    struct edit_sample samples[LIMIT_EDIT_SAMPLES], faults[LIMIT_EDIT_SAMPLES];
    size_t sample_count, fault_count;
    uint64_t sum; /* changes if another book would be changed, or one of them was changed */

    struct edit_target *targets; /* for all but UNDO: the books to change, ordered by ID */
    size_t room;
    struct buf search; /* the query as in a URL, after "?"; empty: none */
    struct arena arena, scratch;
};

/*
 * Makes a plan, which the caller frees, also after a failure, with edit_plan_free(). wish is copied, what it refers to
 * must outlive the plan. ERR_INVALID: too many books. ERR_NOT_FOUND: there is no edit to undo.
 */
enum err_code catalogue_edit_plan(struct catalogue *catalogue, const struct edit_wish *wish, struct edit_plan *plan,
                                  struct err *err);
void edit_plan_free(struct edit_plan *plan);

/* Returns whether an edit is what a wish asks for. Books that were named one by one are not compared. */
bool catalogue_edit_is_of(const struct edit_record *record, const struct edit_wish *wish);

/*
 * Makes the wish that goes on with a stopped edit: its query, into *query. record and query must outlive the plan.
 * ERR_BUSY: it is running. ERR_INVALID: it is done, or its books were named one by one.
 */
enum err_code catalogue_edit_again(const struct edit_record *record, struct query *query, struct edit_wish *wish,
                                   struct arena *arena, struct err *err);

/* An edit that was started. */
struct edit_run {
    struct edit_record record; /* number, token, actor, planned, done, skipped */
    uint64_t runner;
    bool is_old; /* an edit with this token was started before; run nothing */
};

/* Makes up a token or a runner: a random number, not 0. */
enum err_code catalogue_edit_token(uint64_t *token, struct err *err);

/*
 * Notes the start of a planned edit, or that this process goes on with it, and sets *run. plan->refused must be 0.
 * ERR_BUSY: the edit that it goes on with or undoes is running.
 */
enum err_code catalogue_edit_start(struct catalogue *catalogue, const struct edit_plan *plan, uint64_t token,
                                   struct text actor, struct edit_run *run, struct err *err);

/*
 * Called after each slice with the numbers of this run; returns whether to go on. It may rest meanwhile, and then tend
 * page files.
 */
typedef bool catalogue_edit_hook(void *context, uint64_t done, uint64_t total);

/*
 * Runs an edit that was started, in slices of at most slice books (1 to BATCH_BOOKS), and notes its end. Updates
 * run->record. Returns when every reader sees it. If the hook says so, it stops after a slice, with ERR_OK and the
 * state EDIT_STOPPED. After an error it has stopped, too.
 */
enum err_code catalogue_edit_run(struct catalogue *catalogue, const struct edit_plan *plan, struct edit_run *run,
                                 size_t slice, catalogue_edit_hook *hook, void *context, struct err *err);

/* Finds the number of the edit that was started with a token. ERR_NOT_FOUND: none was. */
enum err_code catalogue_edit_find(struct catalogue *catalogue, uint64_t token, uint64_t *number, struct err *err);

/* Reads an edit into arena. ERR_NOT_FOUND: there is no edit with this number. */
enum err_code catalogue_edit_get(struct catalogue *catalogue, uint64_t number, struct arena *arena,
                                 struct edit_record *record, struct err *err);

#endif
