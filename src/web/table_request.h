/*
 * table_request: parses a request of DataTables' server-side protocol (https://datatables.net/manual/server-side), with
 * the filters of the list as additions:
 *
 *     draw=3 start=0 length=50 search[value]=... order[0][name]=title order[0][dir]=desc
 *     columns[0][data]=authors columns[0][search][value]=homer
 *     category=... publisher=... edition=... from=2020-01-01 until=2020-12-31 facets=1
 *
 * A column shows the field that its name, or else its data, names. An order names its field, or gives the number of a
 * column. A search in a column finds its text in one piece (query_add_term()). columns[0][searchable] and [orderable]
 * have no effect: search[value] looks through the fields that the search of the list looks through.
 */
#ifndef WEB_TABLE_REQUEST_H
#define WEB_TABLE_REQUEST_H

#include "base/mem.h"
#include "book/parameters.h"
#include "book/query.h"

struct table_request {
    uint64_t draw;      /* number of the request at its client; 0: none */
    uint64_t length;    /* rows requested; TABLE_REQUEST_ALL: all */
    struct query query; /* its limit: length, or LIMIT_API_ROWS if that is less */
};

#define TABLE_REQUEST_ALL UINT64_MAX

/*
 * Parses a request, whose texts the query shares, in arena. Returns a sentence for users about what is invalid, or is
 * valid in the protocol but not supported: regular expressions, searches other than search[value] and
 * columns[...][search][value], and further orders that would matter. Returns NULL if there is nothing of that. Sets
 * request->draw in either case, if it is a number.
 */
const char *table_request_read(const struct parameters *parameters, struct arena *arena, struct table_request *request);

#endif
