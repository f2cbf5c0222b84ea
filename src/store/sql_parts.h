/* What sql.c (the connection) and sql_text.c (the texts of statements) share. */
#ifndef STORE_SQL_PARTS_H
#define STORE_SQL_PARTS_H

#include "base/buf.h"
#include "store/sql.h"

/* Writes the text of a statement as the server is to see it: without brackets and braces. */
void sql_expand(struct buf *out, const struct sql_statement *statement);

#endif
