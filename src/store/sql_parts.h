/* Shared by sql.c (the connection) and sql_text.c (the texts of statements). */
#ifndef STORE_SQL_PARTS_H
#define STORE_SQL_PARTS_H

#include "base/buf.h"
#include "store/sql.h"

/* Writes the text of a statement for the server, with brackets and braces expanded. */
void sql_expand(struct buf *out, const struct sql_statement *statement);

#endif
