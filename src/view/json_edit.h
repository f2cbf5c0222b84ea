/* json_edit: edits of many books, for programs. */
#ifndef VIEW_JSON_EDIT_H
#define VIEW_JSON_EDIT_H

#include "base/buf.h"
#include "catalogue/catalogue_edit.h"

/*
 * Appends what an edit would do: {"what": "Edition cleared", "found": 300, "changes": 271, "unchanged": 29, "refused":
 * 0, "sum": "0123456789abcdef", "samples": [{"before": {...}, "after": {...}}, ...], "faults": [{"book_id": "B-1",
 * "detail": "Title: ..."}, ...]}. after is null if the book would be deleted.
 */
void json_edit_plan(const struct edit_plan *plan, struct buf *out);

/*
 * Appends an edit: {"number": 17, "what": "Edition cleared", "state": "done", "user": "ann", "at":
 * "2026-11-27T05:00:00.123Z", "planned": 271, "changed": 270, "skipped": 1, "undoes": null, "undone_by": null}.
 */
void json_edit(const struct edit_record *record, struct buf *out);

#endif
