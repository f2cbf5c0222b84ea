/* json: what programs are answered with, written with yajl. */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include "base/buf.h"

/* Adds the description of an error to out, as application/problem+json has it (RFC 9457). */
void json_problem(int status, const char *title, const char *detail, struct buf *out);

#endif
