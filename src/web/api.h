/*
 * api: the JSON API: lists of books (with the parameters of query_parameters.h), and single books, which can be read,
 * written and deleted. templates/static/openapi.json describes it.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "web/route.h"

/* The media type of a PATCH (RFC 7396). */
#define API_PATCH_TYPE "application/merge-patch+json"

/* GET /api/books */
void api_list(struct exchange *exchange);

/* POST /api/books: adds a book; the client chooses the ID. */
void api_add(struct exchange *exchange);

/* GET /api/fields/FIELD/values?start=: the most frequent values of a field that begin with a text. */
void api_values(struct exchange *exchange);

/* GET /api/version: the version of the table, which the web server answers from a file if there are page files. */
void api_version(struct exchange *exchange);

/* GET, PUT, PATCH and DELETE /api/books/ID */
void api_get(struct exchange *exchange);
void api_put(struct exchange *exchange);
void api_patch(struct exchange *exchange);
void api_delete(struct exchange *exchange);

#endif
