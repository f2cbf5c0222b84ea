/*
 * sql: the process's one connection to MySQL: when it is opened, statements with their values and results, and the
 * errors of the client library translated. What is asked of it is the business of store.c and history.c.
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
 * A statement: its text, and where its prepared form is kept between uses, one place for each statement of a program.
 * What stands in brackets after a number, as in [3 ?], is written so many times, with commas between. Words in braces
 * stand for what follows from book_fields:
 *   {columns}  book_id, title, ...        {values}  ?, ?, ...        {changes}  title = ?, category = ?, ...
 *   {matches}  title LIKE ? ESCAPE '|' OR category LIKE ? ESCAPE '|' OR ...
 *   {replacements}  title = VALUES(title), category = VALUES(category), ...
 */
struct sql_statement {
    const char *text;
    int slot; /* from 0 to SQL_SLOTS - 1; each statement has another. SQL_ONCE: its prepared form is not kept */
};

enum { SQL_SLOTS = 64, SQL_ONCE = -1, SQL_PARAMETERS = 16, SQL_COLUMNS = 16 };

/* Returns a connection that is not open yet. config must outlive it. Free it with sql_free(). */
struct sql *sql_new(const struct config *config);
void sql_free(struct sql *sql);

/*
 * Opens the connection unless it is open. After a failure that took its time ERR_UNAVAILABLE comes at once for a
 * second, so that a server that hangs does not cost each request a time-out.
 */
enum err_code sql_open(struct sql *sql, struct err *err);

/* Whether the connection is open, as far as we know. */
bool sql_is_open(const struct sql *sql);

/* Closes the connection: the server rolls back what was not committed. */
void sql_drop(struct sql *sql);

/* The same at once, in the middle of a result: the client library would read the rest of it first. */
void sql_break(struct sql *sql);

/* What the server says of itself; the connection is open. */
const char *sql_about(struct sql *sql);

/* Whether the server is a MariaDB rather than a MySQL; the connection is open. */
bool sql_is_mariadb(struct sql *sql);

/* Returns the number in the brackets of a statement. */
size_t sql_times(const struct sql_statement *statement);

/* Returns the first of some statements, of which the last has 1 there, that does not have more than rows (from 1 on).
 */
const struct sql_statement *sql_fitting(const struct sql_statement *statements, size_t rows);

/*
 * The values for the question marks of a statement, in order. One that is all zeros is empty and ready for up to
 * SQL_PARAMETERS of them; for more, the caller makes room at many.
 */
struct sql_parameters {
    struct sql_parameter {
        struct text text; /* empty: NULL, if not is_number */
        unsigned long long number;
        bool is_number;
    } few[SQL_PARAMETERS], *many;
    size_t count;
};

void sql_add_text(struct sql_parameters *parameters, struct text text);
void sql_add_number(struct sql_parameters *parameters, uint64_t number);

/*
 * Executes a statement. At most one may have rows left to fetch. parameters: NULL if it has none.
 * ERR_CONFLICT: a key is there already. ERR_UNAVAILABLE: the server is away (and the connection closed), overloaded,
 * or refuses writes. See sql_is_lock_error() for those that are worth another try.
 */
enum err_code sql_run(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                      struct err *err);

/* The same for a statement that only reads, outside a transaction: on a connection that turns out to be dead, again. */
enum err_code sql_read(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                       struct err *err);

/* Fetches the next row into columns, copied into arena, NULL as the empty text. ERR_NOT_FOUND: there are no more. */
enum err_code sql_fetch(struct sql *sql, struct text *columns, size_t count, struct arena *arena, struct err *err);

/*
 * Ends a result: reads the rows that were not fetched, and forgets them. Returns code, what became of it so far, or, if
 * that is ERR_OK, the error that the server may have sent behind the rows. Harmless at any time.
 */
enum err_code sql_done(struct sql *sql, enum err_code code, struct err *err);

/* Rows that the last statement found; an UPDATE counts those, too, that it left as they were. */
uint64_t sql_affected(struct sql *sql);

/* Runs a constant text without values or rows. */
enum err_code sql_command(struct sql *sql, const char *text, struct err *err);

/*
 * A transaction: sql_begin opens the connection if need be and begins one by a constant text, such as START
 * TRANSACTION. After any error of a statement or at the end of a result, and if the server has ended the transaction by
 * itself, every statement and sql_commit fail, with the first error, until sql_roll_back: none runs outside the
 * transaction.
 */
enum err_code sql_begin(struct sql *sql, const char *how, struct err *err);
enum err_code sql_commit(struct sql *sql, struct err *err);
void sql_roll_back(struct sql *sql);

/*
 * A question whose answer is awaited later: sql_ask sends a constant text, sql_answer waits at most timeout_ms for
 * its one row of count columns. A server that takes longer is as good as away: the connection is closed.
 */
enum err_code sql_ask(struct sql *sql, const char *text, struct err *err);
enum err_code sql_answer(struct sql *sql, struct text *columns, size_t count, long timeout_ms, struct arena *arena,
                         struct err *err);

/* Whether the last failure was a deadlock or a wait for a lock that took too long: the transaction may be tried again.
 */
bool sql_is_lock_error(const struct sql *sql);

/* Whether the last failure was that the statement took longer than the session lets statements take. */
bool sql_is_timeout(const struct sql *sql);

#endif
