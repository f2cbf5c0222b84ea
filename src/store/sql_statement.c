/* The part of sql that prepares statements, binds their parameters and reads their rows. */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/guard.h"
#include "store/sql.h"
#include "store/sql_parts.h"

/* Returns the slot of a prepared statement; frees the last SQL_ONCE statement. */
static MYSQL_STMT **place_of(struct sql *sql, const struct sql_statement *statement)
{
    if (statement->slot != SQL_ONCE)
        return &sql->prepared[statement->slot];
    if (sql->once != NULL)
        mysql_stmt_close(sql->once);
    sql->once = NULL;
    return &sql->once;
}

static enum err_code prepare(struct sql *sql, const struct sql_statement *statement, struct err *err)
{
    MYSQL_STMT **place = place_of(sql, statement);
    struct buf text = {0};
    MYSQL_STMT *stmt;
    enum err_code code = ERR_OK;

    sql->current = *place;
    if (*place != NULL)
        return ERR_OK;
    stmt = mysql_stmt_init(sql->handle);
    if (stmt == NULL)
        return sql_fail_connection(sql, err);
    sql_expand(&text, statement);
    if (mysql_stmt_prepare(stmt, text.at, text.len) != 0) {
        const unsigned number = mysql_stmt_errno(stmt);
        char why[MYSQL_ERRMSG_SIZE];

        snprintf(why, sizeof why, "%s", mysql_stmt_error(stmt));
        mysql_stmt_close(stmt);
        code = sql_fail(sql, number, why, err);
    } else {
        *place = sql->current = stmt;
    }
    buf_free(&text);
    return code;
}

static struct sql_parameter *next_of(struct sql_parameters *parameters)
{
    return (parameters->many != NULL ? parameters->many : parameters->few) + parameters->count++;
}

void sql_add_text(struct sql_parameters *parameters, struct text text)
{
    *next_of(parameters) = (struct sql_parameter){.text = text};
}

void sql_add_number(struct sql_parameters *parameters, uint64_t number)
{
    *next_of(parameters) = (struct sql_parameter){.number = number, .is_number = true};
}

static bool bind_parameters(struct sql *sql, MYSQL_STMT *stmt, const struct sql_parameters *parameters)
{
    const struct sql_parameter *all = parameters->many != NULL ? parameters->many : parameters->few;
    MYSQL_BIND *bind;

    if (parameters->count > sql->bind_room) {
        sql->bind_room = parameters->count;
        sql->bind = mem_grow(sql->bind, sql->bind_room * sizeof *sql->bind);
    }
    bind = sql->bind;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct sql_parameter *parameter = &all[i];

        memset(&bind[i], 0, sizeof bind[i]);
        if (parameter->is_number) {
            bind[i].buffer_type = MYSQL_TYPE_LONGLONG;
            bind[i].buffer = (void *)(uintptr_t)&parameter->number;
            bind[i].is_unsigned = true;
        } else {
            bind[i].buffer_type = parameter->text.len > 0 ? MYSQL_TYPE_STRING : MYSQL_TYPE_NULL;
            bind[i].buffer = (void *)(uintptr_t)parameter->text.at;
            bind[i].buffer_length = parameter->text.len;
        }
    }
    return mysql_stmt_bind_param(stmt, bind) == 0;
}

enum err_code sql_run(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                      struct err *err)
{
    MYSQL_STMT *stmt;
    enum err_code code;

    code = sql_make_ready(sql, err);
    if (code == ERR_OK)
        code = sql_open(sql, err);
    if (code == ERR_OK)
        code = prepare(sql, statement, err);
    if (code != ERR_OK)
        return code;
    stmt = sql->current;
    if (parameters != NULL && !bind_parameters(sql, stmt, parameters))
        return sql_fail_statement(sql, stmt, err);
    if (mysql_stmt_execute(stmt) != 0)
        return sql_fail_statement(sql, stmt, err);
    sql->has_rows = mysql_stmt_field_count(stmt) > 0;
    sql->is_bound = false;
    return ERR_OK;
}

enum err_code sql_read(struct sql *sql, const struct sql_statement *statement, const struct sql_parameters *parameters,
                       struct err *err)
{
    const bool was_open = sql->handle != NULL;
    enum err_code code = sql_run(sql, statement, parameters, err);

    if (code != ERR_OK && was_open && sql->handle == NULL)
        code = sql_run(sql, statement, parameters, err);
    return code;
}

/* Binds only the lengths: each column is fetched later into a buffer of its size. */
static enum err_code bind_columns(struct sql *sql, size_t count, struct err *err)
{
    memset(sql->columns, 0, sizeof sql->columns);
    for (size_t i = 0; i < count; i++) {
        sql->columns[i].buffer_type = MYSQL_TYPE_STRING;
        sql->columns[i].length = &sql->lengths[i];
        sql->columns[i].is_null = &sql->is_null[i];
    }
    sql->is_bound = true;
    return mysql_stmt_bind_result(sql->current, sql->columns) == 0 ? ERR_OK
                                                                   : sql_fail_statement(sql, sql->current, err);
}

enum err_code sql_fetch(struct sql *sql, struct text *columns, size_t count, struct arena *arena, struct err *err)
{
    if (!sql->is_bound && bind_columns(sql, count, err) != ERR_OK)
        return err->code;
    switch (mysql_stmt_fetch(sql->current)) {
    case 0:
    case MYSQL_DATA_TRUNCATED: /* always the case: the bound columns have no buffers, only lengths */
        break;
    case MYSQL_NO_DATA:
        sql->has_rows = false;
        return err_set(err, ERR_NOT_FOUND, "no more rows");
    default:
        sql->has_rows = false;
        return sql_fail_statement(sql, sql->current, err);
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned long len = sql->is_null[i] ? 0 : sql->lengths[i];
        char *at = arena_alloc(arena, len + 1);
        MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_STRING, .buffer = at, .buffer_length = len + 1, .length = &len};

        if (len > 0 && mysql_stmt_fetch_column(sql->current, &bind, i, 0) != 0)
            return sql_fail_statement(sql, sql->current, err);
        at[len] = '\0';
        columns[i] = (struct text){at, len};
    }
    return ERR_OK;
}

/* Reads the rest of a result. The server may report an error at its end. */
static enum err_code read_rest(struct sql *sql, struct err *err)
{
    int status = MYSQL_NO_DATA;

    if (sql->current == NULL || !sql->has_rows)
        return ERR_OK;
    sql->has_rows = false;
    if (guard_is_on(GUARD_TRANSACTION))
        do
            status = mysql_stmt_fetch(sql->current);
        while (status == 0 || status == MYSQL_DATA_TRUNCATED);
    if (status != MYSQL_NO_DATA)
        return sql_fail_statement(sql, sql->current, err);
    mysql_stmt_free_result(sql->current);
    return ERR_OK;
}

enum err_code sql_done(struct sql *sql, enum err_code code, struct err *err)
{
    struct err later;
    const enum err_code last = read_rest(sql, code == ERR_OK ? err : &later);

    return code == ERR_OK ? last : code;
}

uint64_t sql_affected(struct sql *sql)
{
    return mysql_stmt_affected_rows(sql->current);
}
