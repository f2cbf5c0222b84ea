/*
 * store_edit: the table of edits of many books (music_edits), one row each. The transaction that writes a slice
 * (store_write()) raises the counts of the row, so that it always says what has been done, even if the process that
 * runs the edit is killed.
 *
 * A process runs an edit under a number that it has made up (runner), and says so with each slice. After a silence of
 * LIMIT_EDIT_SILENCE_S, or after the edit has stopped, another process may take it over; the first one's next slice
 * then fails.
 */
#ifndef STORE_STORE_EDIT_H
#define STORE_STORE_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/edit.h"
#include "book/history.h"

struct store;

/*
 * Adds a row for an edit that runner starts: the token, edit, search, actor and planned books of *record. Sets
 * record->number. If there is one with this token, it is that one's, and *is_old is set. ERR_BUSY: the edit that it is
 * to undo is running. ERR_NOT_FOUND: there is no such edit.
 */
enum err_code store_edit_begin(struct store *store, struct edit_record *record, uint64_t runner, bool *is_old,
                               struct err *err);

/* Takes a stopped edit over; rest: the books that are still to be changed. ERR_BUSY: it is running, or done. */
enum err_code store_edit_take_over(struct store *store, uint64_t number, uint64_t runner, uint64_t rest,
                                   struct err *err);

/* Notes that an edit is done or has stopped, if this runner runs it. */
enum err_code store_edit_end(struct store *store, uint64_t number, uint64_t runner, enum edit_state state,
                             struct err *err);

/* Reads one edit into arena. An edit whose runner is silent reads as stopped. ERR_NOT_FOUND: there is no such one. */
enum err_code store_edit_get(struct store *store, uint64_t number, struct arena *arena, struct edit_record *record,
                             struct err *err);

/* Finds the number of the edit with this token. ERR_NOT_FOUND: there is none. */
enum err_code store_edit_find(struct store *store, uint64_t token, uint64_t *number, struct err *err);

/*
 * Reads edits, newest first, by the person and kind of a history query: at most limit of those whose first version is
 * not before first, and before end.
 */
enum err_code store_edit_list(struct store *store, const struct history_query *query, uint64_t first, uint64_t end,
                              size_t limit, struct arena *arena, struct edit_record *records, size_t *count,
                              struct err *err);

/* Returns the number of changes that the log has of an edit. */
enum err_code store_edit_count(struct store *store, uint64_t number, uint64_t *count, struct err *err);

/*
 * Reads at most limit changes of an edit that follow a place in the log, oldest first, as the targets of its undo,
 * into arena. *after becomes the place of the last one.
 */
enum err_code store_edit_undo_targets(struct store *store, uint64_t number, struct history_place *after, size_t limit,
                                      struct arena *arena, struct edit_target *targets, size_t *count, struct err *err);

#endif
