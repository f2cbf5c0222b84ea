/* route: maps methods and paths to handlers. One static table, in routes.c. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "base/mem.h"
#include "base/text.h"
#include "people/role.h"
#include "web/request.h"

struct exchange;

typedef void route_handler(struct exchange *exchange);

/* Flags of a route. */
enum {
    ROUTE_READS_BODY =
        1 << 16,              /* its handler reads the body itself; for others a POST body is a form, already parsed */
    ROUTE_ACCOUNTS = 1 << 17, /* it exists only if people sign in with accounts of this site */
    ROUTE_OWN = 1 << 18,      /* it is about its sender, who must be signed in */
    ROUTE_SAFE = 1 << 19,     /* its POST changes nothing: pages of other sites may send it, like a GET */
    ROUTE_KEPT = 1 << 20      /* its answers may be kept (web/answers.h) */
};

struct route {
    unsigned methods;    /* METHOD_... and ROUTE_..., or-ed */
    enum role role;      /* the least role that may use it */
    const char *pattern; /* a path; a star matches one segment, percent-encoded */
    route_handler *handler;
};

/*
 * Finds the route of a method and path in a table that ends with a route without a handler. A path that matches several
 * patterns has only the methods of the first. Stores the decoded segment of its star, if the pattern has one, in *rest.
 * Returns NULL if there is none; *allowed then is the bitmask of methods of the path, 0 if the path is unknown.
 */
const struct route *route_find(const struct route *table, enum method method, struct text path, struct arena *arena,
                               struct text *rest, unsigned *allowed);

#endif
