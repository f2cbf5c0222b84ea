/*
 * sql: the only connection of this process to MySQL: opens it on demand, runs statements and transactions, and
 * translates errors of the client library. The SQL itself is in store*.c.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

struct sql;

/*
 * A statement: its text and the slot that caches its prepared form, one slot per statement of the program. Text in
 * brackets after a number, as in [3 ?], is repeated that often, separated by commas. Words in braces are expanded from
 * book_fields: {columns} book_id, title, ... {values} ?, ?, ... {changes} title = ?, category = ?, ... {replacements}
 * title = VALUES(title), category = VALUES(category), ...
 */
struct sql_statement {
    const char *text;
    int slot; /* 0 to SQL_SLOTS - 1, unique. SQL_ONCE: the prepared form is not cached */
};

enum { SQL_SLOTS = 64, SQL_ONCE = -1, SQL_PARAMETERS = 16, SQL_COLUMNS = 24 };

/* Returns a closed connection. config must outlive it. Free it with sql_free(). */
struct sql *sql_new(const struct config *config);
void sql_free(struct sql *sql);

/*
 * Opens the connection unless it is open. After a slow failure it returns ERR_UNAVAILABLE immediately for a second, so
 * that a hung server does not cost every request a timeout. ERR_BUSY: this host has its maximum of connections, and
 * none became free within LIMIT_MYSQL_WAIT_MS (sql_turn.h).
 */
enum err_code sql_open(struct sql *sql, struct err *err);

/*
 * Closes the connection if others should have it. Returns whether it is open and may have to be closed soon. Call it
 * outside of transactions.
 */
bool sql_rest(struct sql *sql);

/* Returns whether the connection is open, as far as known. */
bool sql_is_open(const struct sql *sql);

/* Closes the connection: the server rolls back what was not committed. */
void sql_drop(struct sql *sql);

/* Closes it immediately in the middle of a result; the client library would read the rest of it first. */
void sql_break(struct sql *sql);

/* Returns the server's version. The connection must be open. */
const char *sql_about(struct sql *sql);

/* Returns whether the server is MariaDB, not MySQL. The connection must be open. */
bool sql_is_mariadb(struct sql *sql);

/* Returns the number in the brackets of a statement. */
size_t sql_times(const struct sql_statement *statement);

/* Returns the first of statements whose number is not above rows (1 or more). The number of the last one must be 1. */
const struct sql_statement *sql_fitting(const struct sql_statement *statements, size_t rows);

/*
 * The values of a statement's question marks, in order. All zeros is empty and has room for SQL_PARAMETERS values; for
 * more, the caller allocates many.
 */
struct sql_parameters {
    struct sql_parameter {
        struct text text; /* empty and not is_number: NULL */
        unsigned long long number;
        bool is_number;
    } few[SQL_PARAMETERS], *many;
    size_t count;
};

void sql_add_text(struct sql_parameters *parameters, struct text text);
void sql_add_number(struct sql_parameters *parameters, uint64_t number);

/*
 * Executes a statement. At most one may have unfetched rows. parameters: NULL if there are none. ERR_CONFLICT:
 * duplicate key. ERR_UNAVAILABLE: the server is down (the connection is then closed), overloaded, or refuses writes.
 * sql_is_lock_error() tells which errors are worth a retry.
 */
enum err_code sql_run(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                      struct err *err);

/* The same for a read-only statement outside a transaction: retries once if the connection turns out to be dead. */
enum err_code sql_read(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                       struct err *err);

/* Fetches the next row into columns, copied into arena; NULL becomes the empty text. ERR_NOT_FOUND: no more rows. */
enum err_code sql_fetch(struct sql *sql, struct text *columns, size_t count, struct arena *arena, struct err *err);

/*
 * Ends a result: reads and drops the unfetched rows. code is the result so far; returns it, or, if it is ERR_OK, an
 * error that the server sent after the rows. Harmless at any time.
 */
enum err_code sql_done(struct sql *sql, enum err_code code, struct err *err);

/* Returns the number of rows that the last statement found; an UPDATE also counts unchanged ones. */
uint64_t sql_affected(struct sql *sql);

/* Runs a constant statement without values or rows. */
enum err_code sql_command(struct sql *sql, const char *text, struct err *err);

/*
 * A transaction: sql_begin opens the connection if needed and starts one with a constant statement, such as START
 * TRANSACTION. After any error of a statement or result, or if the server has ended the transaction, every statement
 * and sql_commit fail with the first error until sql_roll_back. So no statement runs outside the transaction.
 */
enum err_code sql_begin(struct sql *sql, const char *how, struct err *err);
enum err_code sql_commit(struct sql *sql, struct err *err);
void sql_roll_back(struct sql *sql);

/*
 * An asynchronous query that the caller can do without: sql_ask waits less for a free connection and sends a constant
 * statement, sql_answer waits at most timeout_ms for its single row of count columns. A server that takes longer counts
 * as down: the connection is closed.
 */
enum err_code sql_ask(struct sql *sql, const char *text, struct err *err);
enum err_code sql_answer(struct sql *sql, struct text *columns, size_t count, long timeout_ms, struct arena *arena,
                         struct err *err);

/* Returns whether the last error was a deadlock or a lock timeout: the transaction can be retried. */
bool sql_is_lock_error(const struct sql *sql);

/* Returns whether the last error was that the statement exceeded the session's time limit. */
bool sql_is_timeout(const struct sql *sql);

#endif
