/* json_table: the responses for the live table of a list page, while someone types, sorts and pages. */
#ifndef VIEW_JSON_TABLE_H
#define VIEW_JSON_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "book/book.h"
#include "book/query.h"
#include "book/version.h"
#include "view/mark.h"

struct json_table {
    uint64_t draw;         /* number of the client's request */
    uint64_t books, total; /* books in the whole table and in the whole result */
    const struct book_list *list;
    const struct marks *marks; /* NULL: no marks */
    const struct facets *facets;
    const struct suggestions *suggestions;
    const char *source; /* for display: "Redis cache" */
    double seconds;     /* that loading took */
    struct version version;
    bool is_sure;
};

/*
 * Appends a response of DataTables' server-side protocol to out:
 *
 *     {"draw": 3, "recordsTotal": 500000, "recordsFiltered": 12,
 *      "data": [{"book_id": "...", "title": "...", ..., "marks": {"title": [[0, 4]]}}, ...],
 *      "facets": {"category": {"values": [{"value": "Poetry", "count": 7}, ...], "is_cut": false}, ...},
 *      "source": "Redis cache", "version": "EPOCH-NUMBER", "is_verified": true, "seconds": 0.0004}
 *
 * A missing value is "". marks has the start and end of each match in a field, in UTF-16 units, as in JavaScript.
 * marks, facets and suggestions (json_parts.h) are absent if empty.
 */
void json_table(const struct json_table *table, struct buf *out);

/* Appends an error, a sentence for users: {"draw": 3, ..., "data": [], "error": "..."}, with counts of 0. */
void json_table_error(uint64_t draw, const char *error, struct buf *out);

#endif
