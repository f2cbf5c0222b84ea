/* json_changes: changes of the log, for programs. */
#ifndef VIEW_JSON_CHANGES_H
#define VIEW_JSON_CHANGES_H

#include "base/buf.h"
#include "book/history.h"

/*
 * Appends them as an object: {"changes": [{"version": 7, "part": 0, "at": "2026-11-26T19:57:00.123Z", "user": "ann",
 * "op": "update", "book_id": "B-1", "before": {...}, "after": {...}, "edit": null}, ...], "links": {"next": "..."}}.
 * before and after are null if there was no book. A whole edit of many books has no ID, and "edit": {"number": 3,
 * "what": "Edition cleared", "books": 271}; one of its changes has "edit": {"number": 3}. next: the address of older
 * ones; NULL: none.
 */
void json_changes(const struct history *history, const char *next, struct buf *out);

#endif
