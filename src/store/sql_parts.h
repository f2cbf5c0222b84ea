/* Shared by sql.c (the connection), sql_statement.c (statements) and sql_text.c (their texts). */
#ifndef STORE_SQL_PARTS_H
#define STORE_SQL_PARTS_H

#include <mysql.h>

#include "base/buf.h"
#include "store/sql.h"
#include "store/sql_pause.h"
#include "store/sql_turn.h"

/* The boolean type of the client library: a char in MariaDB and MySQL 5.7, a bool in MySQL 8. */
#ifdef MARIADB_BASE_VERSION
typedef my_bool sql_flag;
#else
typedef bool sql_flag;
#endif

struct sql {
    const struct config *config;
    MYSQL *handle; /* NULL while there is no connection */
    MYSQL_STMT *prepared[SQL_SLOTS];
    MYSQL_STMT *once;    /* the last SQL_ONCE statement */
    MYSQL_STMT *current; /* the statement that ran last */
    bool has_rows;       /* current may have unfetched rows */
    bool is_bound;       /* lengths and is_null are bound to the columns of current */
    unsigned last_error; /* number of the last error */
    enum {
        SQL_ALONE,
        SQL_IN_TRANSACTION,
        SQL_FAILED
    } state; /* failed: the transaction has met an error, stored in failure */
    struct err failure;
    struct sql_pause pause;
    struct sql_turn turn;
    MYSQL_BIND *bind; /* of parameters; kept to reuse its memory */
    size_t bind_room;
    MYSQL_BIND columns[SQL_COLUMNS];
    unsigned long lengths[SQL_COLUMNS];
    sql_flag is_null[SQL_COLUMNS];
};

/* Translates an error of the client library and drops a lost connection. */
enum err_code sql_fail(struct sql *sql, unsigned number, const char *text, struct err *err);
enum err_code sql_fail_statement(struct sql *sql, MYSQL_STMT *stmt, struct err *err);
enum err_code sql_fail_connection(struct sql *sql, struct err *err);

/*
 * Called before a statement: ends the previous result. Fails if the transaction has ended, since the statement would
 * run on its own.
 */
enum err_code sql_make_ready(struct sql *sql, struct err *err);

/* Writes the text of a statement for the server, with brackets and braces expanded. */
void sql_expand(struct buf *out, const struct sql_statement *statement);

#endif
