#include "store/sql.h"

#include <errmsg.h>
#include <errno.h>
#include <mysql.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/guard.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/program.h"
#include "base/slots.h"
#include "store/sql_errors.h"
#include "store/sql_parts.h"
#include "store/sql_pause.h"

enum {
    SLOW_US = 20000, /* a connection attempt that fails after more than this starts a pause */
    AGAIN_US = 5000  /* between two attempts while the server counts a connection that was closed */
};

struct sql *sql_new(const struct config *config)
{
    struct sql *sql = mem_zero(sizeof *sql);

    sql->config = config;
    sql->pause.probe = -1;
    sql_turn_init(&sql->turn);
    return sql;
}

static int socket_of(MYSQL *handle)
{
#ifdef MARIADB_BASE_VERSION
    return (int)mysql_get_socket(handle);
#else
    return handle->net.fd;
#endif
}

void sql_break(struct sql *sql)
{
    if (sql->handle != NULL)
        shutdown(socket_of(sql->handle), SHUT_RDWR);
    sql->state = SQL_ALONE;
    sql_drop(sql);
}

void sql_drop(struct sql *sql)
{
    for (int i = 0; i < SQL_SLOTS; i++) {
        if (sql->prepared[i] != NULL)
            mysql_stmt_close(sql->prepared[i]);
        sql->prepared[i] = NULL;
    }
    if (sql->once != NULL)
        mysql_stmt_close(sql->once);
    sql->once = NULL;
    if (sql->handle != NULL)
        mysql_close(sql->handle);
    sql->handle = NULL;
    sql->current = NULL;
    sql->has_rows = false;
    sql_turn_give(&sql->turn);
}

void sql_free(struct sql *sql)
{
    if (sql == NULL)
        return;
    sql_drop(sql);
    sql_pause_clear(&sql->pause);
    free(sql->bind);
    free(sql);
}

bool sql_rest(struct sql *sql)
{
    if (sql_turn_is_over(&sql->turn, sql->config))
        sql_drop(sql);
    return sql->handle != NULL && sql->turn.slot != SLOTS_NONE;
}

bool sql_is_open(const struct sql *sql)
{
    return sql->handle != NULL;
}

const char *sql_about(struct sql *sql)
{
    return mysql_get_server_info(sql->handle);
}

bool sql_is_mariadb(struct sql *sql)
{
    return strstr(sql_about(sql), "MariaDB") != NULL;
}

/* Returns whether an error means that the connection is lost. */
static bool is_connection_lost(unsigned number)
{
    switch (number) {
    case SQL_ERROR_SHUTDOWN:
    case SQL_ERROR_NORMAL_SHUTDOWN:
    case SQL_ERROR_CONNECTION_KILLED:
    case SQL_ERROR_SESSION_KILLED:
    case SQL_ERROR_IDLE:
        return true;
    default:
        return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
    }
}

/* Maps an error number of MySQL to an error code. */
static enum err_code code_of(unsigned number)
{
    switch (number) {
    case SQL_ERROR_DUPLICATE:
        return ERR_CONFLICT;
    case SQL_ERROR_TOO_MANY_CONNECTIONS:
    case SQL_ERROR_TOO_MANY_USER_CONNECTIONS:
    case SQL_ERROR_USER_LIMIT:
    case SQL_ERROR_LOCK_TIMEOUT:
    case SQL_ERROR_DEADLOCK:
    case SQL_ERROR_INTERRUPTED:
    case SQL_ERROR_STATEMENT_TIMEOUT:
    case SQL_ERROR_QUERY_TIMEOUT:
    case SQL_ERROR_READ_ONLY:
    case SQL_ERROR_TABLE_FULL:
    case SQL_ERROR_DISK_FULL:
        return ERR_UNAVAILABLE;
    default:
        return is_connection_lost(number) ? ERR_UNAVAILABLE : ERR_INTERNAL;
    }
}

/* A transaction never continues after an error: the server may have ended it. */
static void note_failure(struct sql *sql, const struct err *err)
{
    if (sql->state != SQL_IN_TRANSACTION)
        return;
    sql->state = SQL_FAILED;
    sql->failure = *err;
}

enum err_code sql_fail(struct sql *sql, unsigned number, const char *text, struct err *err)
{
    const bool is_old = number == SQL_ERROR_NO_TABLE || number == SQL_ERROR_NO_COLUMN;
    enum err_code code =
        err_set(err, code_of(number), "MySQL %u: %s%s", number, text, is_old ? "; run `bookshare migrate`" : "");

    sql->last_error = number;
    note_failure(sql, err);
    if (is_connection_lost(number))
        sql_drop(sql);
    return code;
}

enum err_code sql_fail_statement(struct sql *sql, MYSQL_STMT *stmt, struct err *err)
{
    /* In the middle of a result MariaDB's library sets the number only in the connection. */
    return mysql_stmt_errno(stmt) != 0 ? sql_fail(sql, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), err)
                                       : sql_fail(sql, mysql_errno(sql->handle), mysql_error(sql->handle), err);
}

enum err_code sql_fail_connection(struct sql *sql, struct err *err)
{
    return sql_fail(sql, mysql_errno(sql->handle), mysql_error(sql->handle), err);
}

bool sql_is_lock_error(const struct sql *sql)
{
    return sql->last_error == SQL_ERROR_DEADLOCK || sql->last_error == SQL_ERROR_LOCK_TIMEOUT;
}

bool sql_is_timeout(const struct sql *sql)
{
    return sql->last_error == SQL_ERROR_STATEMENT_TIMEOUT || sql->last_error == SQL_ERROR_QUERY_TIMEOUT;
}

/* Returns whether the server has refused a connection because there are too many. */
static bool is_one_too_many(unsigned number)
{
    return number == SQL_ERROR_TOO_MANY_CONNECTIONS || number == SQL_ERROR_TOO_MANY_USER_CONNECTIONS ||
           number == SQL_ERROR_USER_LIMIT;
}

/* A relocatable build brings the plugins of its client library, without which some accounts cannot log in. */
static void set_plugins(MYSQL *handle)
{
#ifdef BOOKSHARE_PLUGINDIR
    char *folder = program_path(BOOKSHARE_PLUGINDIR);

    mysql_options(handle, MYSQL_PLUGIN_DIR, folder);
    free(folder);
#else
    (void)handle;
#endif
}

static void set_options(struct sql *sql)
{
    const struct config *config = sql->config;
    const unsigned connect_s = (unsigned)config->mysql_connect_s, timeout_s = (unsigned)config->mysql_timeout_s;

    set_plugins(sql->handle);
    mysql_options(sql->handle, MYSQL_READ_DEFAULT_FILE, config->mysql_defaults);
    mysql_options(sql->handle, MYSQL_READ_DEFAULT_GROUP, "bookshare");
    mysql_options(sql->handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    /* Values that do not fit are errors instead of being cut; waits for locks are short. */
    mysql_options(sql->handle, MYSQL_INIT_COMMAND,
                  "SET SESSION sql_mode = 'STRICT_ALL_TABLES', SESSION innodb_lock_wait_timeout = 5");
    mysql_options(sql->handle, MYSQL_INIT_COMMAND, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    mysql_options(sql->handle, MYSQL_INIT_COMMAND, "SET @bookshare_writes = 1"); /* see sql/triggers.sql */
    mysql_options(sql->handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(sql->handle, MYSQL_OPT_READ_TIMEOUT, &timeout_s);
    mysql_options(sql->handle, MYSQL_OPT_WRITE_TIMEOUT, &timeout_s);
}

/* Tries to connect. ERR_BUSY: the server has too many connections. */
static enum err_code connect_once(struct sql *sql, struct err *err)
{
    unsigned number;

    sql->handle = mysql_init(NULL);
    if (sql->handle == NULL)
        return err_set(err, ERR_INTERNAL, "MySQL: mysql_init failed");
    set_options(sql);
    /* CLIENT_FOUND_ROWS: an UPDATE also counts rows that it did not change. */
    if (mysql_real_connect(sql->handle, NULL, NULL, NULL, sql->config->mysql_database, 0, NULL, CLIENT_FOUND_ROWS) !=
        NULL)
        return ERR_OK;
    number = mysql_errno(sql->handle);
    err_set(err, ERR_UNAVAILABLE, "MySQL %u: %s", number, mysql_error(sql->handle));
    mysql_close(sql->handle);
    sql->handle = NULL;
    return is_one_too_many(number) ? ERR_BUSY : ERR_UNAVAILABLE;
}

/*
 * Connects, when it is this process's turn. The server may still count the connection of whose turn it was before: it
 * notices only after a while that it was closed. is_short: wait less for that.
 */
static enum err_code connect_in_turn(struct sql *sql, bool is_short, struct err *err)
{
    const int64_t started = clock_us();
    const int64_t most_us = (is_short ? LIMIT_MYSQL_SHORT_WAIT_MS : LIMIT_MYSQL_WAIT_MS) * 1000;
    enum err_code code;

    while ((code = connect_once(sql, err)) == ERR_BUSY && sql->turn.slot != SLOTS_NONE &&
           clock_us() - started < most_us)
        clock_wait_until(clock_us() + AGAIN_US);
    if (code == ERR_OK)
        return code;
    if (code == ERR_BUSY)
        log_warn("%s; BOOKSHARE_MYSQL_CONNECTIONS should be below the server's limit", err->text);
    sql_drop(sql);
    if (code == ERR_UNAVAILABLE && clock_us() - started > SLOW_US)
        sql_pause_begin(&sql->pause);
    return code == ERR_BUSY ? ERR_UNAVAILABLE : code;
}

/* Does the work of sql_open(). is_short: wait less for a free connection. */
static enum err_code open_within(struct sql *sql, bool is_short, struct err *err)
{
    enum err_code code;

    if (sql->handle != NULL)
        return ERR_OK;
    if (sql_pause_is_on(&sql->pause))
        return err_set(err, ERR_UNAVAILABLE, "MySQL: recent failure, backing off");
    if (access(sql->config->mysql_defaults, R_OK) != 0)
        return err_set(err, ERR_UNAVAILABLE, "MySQL: cannot read the option file %s", sql->config->mysql_defaults);
    code = sql_turn_take(&sql->turn, sql->config, is_short, err);
    if (code != ERR_OK)
        return code;
    code = connect_in_turn(sql, is_short, err);
    if (code != ERR_OK)
        return code;
    sql_pause_end(&sql->pause, socket_of(sql->handle));
    log_debug("MySQL: connected");
    return ERR_OK;
}

enum err_code sql_open(struct sql *sql, struct err *err)
{
    return open_within(sql, false, err);
}

enum err_code sql_make_ready(struct sql *sql, struct err *err)
{
    enum err_code code = sql_done(sql, ERR_OK, err);

    sql_turn_use(&sql->turn);
    if (!guard_is_on(GUARD_TRANSACTION)) {
        sql->last_error = 0;
        return ERR_OK;
    }
    if (code == ERR_OK && sql->state == SQL_IN_TRANSACTION &&
        (sql->handle == NULL || (sql->handle->server_status & SERVER_STATUS_IN_TRANS) == 0)) {
        code = err_set(err, ERR_UNAVAILABLE, "MySQL: the transaction has ended");
        note_failure(sql, err);
    }
    if (sql->state == SQL_FAILED) {
        *err = sql->failure;
        return sql->failure.code;
    }
    sql->last_error = 0;
    return code;
}

enum err_code sql_command(struct sql *sql, const char *text, struct err *err)
{
    const enum err_code code = sql_make_ready(sql, err);

    if (code != ERR_OK)
        return code;
    if (sql->handle == NULL)
        return err_set(err, ERR_UNAVAILABLE, "MySQL: the connection was lost");
    return mysql_query(sql->handle, text) == 0 ? ERR_OK : sql_fail_connection(sql, err);
}

enum err_code sql_begin(struct sql *sql, const char *how, struct err *err)
{
    enum err_code code;

    sql->state = SQL_ALONE;
    code = sql_open(sql, err);
    if (code == ERR_OK)
        code = sql_command(sql, how, err);
    if (code == ERR_OK)
        sql->state = SQL_IN_TRANSACTION;
    return code;
}

enum err_code sql_commit(struct sql *sql, struct err *err)
{
    const enum err_code code = sql_command(sql, "COMMIT", err);

    if (code == ERR_OK)
        sql->state = SQL_ALONE;
    return code;
}

void sql_roll_back(struct sql *sql)
{
    struct err ignored;

    sql_done(sql, ERR_OK, &ignored);
    sql->state = SQL_ALONE;
    if (sql->handle != NULL && sql_command(sql, "ROLLBACK", &ignored) != ERR_OK)
        sql_drop(sql); /* this also rolls back */
}

enum err_code sql_ask(struct sql *sql, const char *text, struct err *err)
{
    enum err_code code = open_within(sql, true, err);

    if (code == ERR_OK)
        code = sql_make_ready(sql, err);
    if (code != ERR_OK)
        return code;
    return mysql_send_query(sql->handle, text, (unsigned long)strlen(text)) == 0 ? ERR_OK
                                                                                 : sql_fail_connection(sql, err);
}

/* Waits for data to read. Returns false after a timeout. */
static bool wait_for_answer(int socket, long timeout_ms)
{
    struct pollfd polled = {.fd = socket, .events = POLLIN};
    const int64_t end = clock_us() + timeout_ms * 1000;
    int64_t left_ms = timeout_ms;
    int ready;

    while ((ready = poll(&polled, 1, (int)left_ms)) < 0 && errno == EINTR) { /* a stop signal does not end the wait */
        left_ms = (end - clock_us()) / 1000;
        left_ms = left_ms > 0 ? left_ms : 0;
    }
    return ready > 0;
}

enum err_code sql_answer(struct sql *sql, struct text *columns, size_t count, long timeout_ms, struct arena *arena,
                         struct err *err)
{
    MYSQL_RES *result;
    MYSQL_ROW row;
    unsigned long *lengths;

    if (!wait_for_answer(socket_of(sql->handle), timeout_ms)) {
        sql_drop(sql);
        sql_pause_begin(&sql->pause);
        return err_set(err, ERR_UNAVAILABLE, "MySQL: no response within %ld ms", timeout_ms);
    }
    if (mysql_read_query_result(sql->handle) != 0)
        return sql_fail_connection(sql, err);
    result = mysql_store_result(sql->handle);
    if (result == NULL)
        return sql_fail_connection(sql, err);
    row = mysql_num_fields(result) == count ? mysql_fetch_row(result) : NULL;
    lengths = row != NULL ? mysql_fetch_lengths(result) : NULL;
    for (size_t i = 0; i < count && row != NULL; i++)
        columns[i] =
            (struct text){arena_copy(arena, row[i], row[i] != NULL ? lengths[i] : 0), row[i] != NULL ? lengths[i] : 0};
    mysql_free_result(result);
    return row != NULL ? ERR_OK : err_set(err, ERR_INTERNAL, "MySQL: a row is missing");
}
