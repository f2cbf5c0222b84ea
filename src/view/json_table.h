/* json_table: what the table of a list page is answered with while somebody types, sorts and turns pages. */
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
    uint64_t draw;         /* which of the client's questions it answers */
    uint64_t books, total; /* in the whole table, and in the whole result */
    const struct book_list *list;
    const struct marks *marks; /* NULL: nothing is marked */
    const struct facets *facets;
    const char *source; /* for people: "Redis cache" */
    double seconds;     /* that loading took */
    struct version version;
    bool is_sure;
};

/*
 * Adds an answer of DataTables' server-side protocol to out:
 *
 *     {"draw": 3, "recordsTotal": 500000, "recordsFiltered": 12,
 *      "data": [{"book_id": "...", "title": "...", ..., "marks": {"title": [[0, 4]]}}, ...],
 *      "facets": {"category": {"values": [{"value": "Poetry", "count": 7}, ...], "is_cut": false}, ...},
 *      "source": "Redis cache", "version": "EPOCH-NUMBER", "is_verified": true, "seconds": 0.0004}
 *
 * A book without a value has "" there. marks tells begin and end of what was found in a field, counted as JavaScript
 * counts (in UTF-16); it is absent where there is nothing, as facets is.
 */
void json_table(const struct json_table *table, struct buf *out);

#endif
