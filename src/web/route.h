/* route: which handler answers which method and path. One static table, in pages.c. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "base/mem.h"
#include "base/text.h"
#include "web/request.h"

struct exchange;

typedef void route_handler(struct exchange *exchange);

/* Beside the methods of a route: its handler reads the body by itself. Of others a POST is a form, read before. */
enum { ROUTE_READS_BODY = 1 << 16 };

struct route {
    unsigned methods;    /* METHOD_... and ROUTE_..., or-ed */
    const char *pattern; /* a path; one that ends in a star has one more segment there, percent-encoded */
    route_handler *handler;
};

/*
 * Finds the route for a method and a path in a table that a route without a handler ends. Stores the decoded last
 * segment in *rest where the pattern has a star. Returns NULL if there is none; *allowed then tells the methods that
 * the path knows, or-ed, 0 if it is unknown.
 */
const struct route *route_find(const struct route *table, enum method method, struct text path, struct arena *arena,
                               struct text *rest, unsigned *allowed);

#endif
