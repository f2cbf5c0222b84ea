/*
 * api: books for programs, in JSON: lists of them (with the parameters of query_parameters.h), and one at a time, by
 * an address that can be read, written and deleted. templates/static/openapi.json describes all of it.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "web/route.h"

/* What a PATCH carries (RFC 7396). */
#define API_PATCH_TYPE "application/merge-patch+json"

/* GET /api/books */
void api_list(struct exchange *exchange);

/* POST /api/books: adds a book that brings its ID along. */
void api_add(struct exchange *exchange);

/* GET, PUT, PATCH and DELETE /api/books/ID */
void api_get(struct exchange *exchange);
void api_put(struct exchange *exchange);
void api_patch(struct exchange *exchange);
void api_delete(struct exchange *exchange);

#endif
