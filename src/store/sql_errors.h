/*
 * The error numbers of the server that we handle. They are part of the protocol and never change, but their names in
 * mysqld_error.h do: MariaDB's and Oracle's headers each lack some of the other's, and either library may talk to
 * either server. So we define our own names. Those of the client library are in errmsg.h.
 */
#ifndef STORE_SQL_ERRORS_H
#define STORE_SQL_ERRORS_H

enum sql_error {
    SQL_ERROR_DISK_FULL = 1021, /* both; InnoDB says SQL_ERROR_TABLE_FULL */
    SQL_ERROR_TOO_MANY_CONNECTIONS = 1040,
    SQL_ERROR_SHUTDOWN = 1053, /* the server is shutting down */
    SQL_ERROR_NO_COLUMN = 1054,
    SQL_ERROR_DUPLICATE = 1062,
    SQL_ERROR_NORMAL_SHUTDOWN = 1077, /* MariaDB */
    SQL_ERROR_TABLE_FULL = 1114,
    SQL_ERROR_NO_TABLE = 1146,
    SQL_ERROR_TOO_MANY_USER_CONNECTIONS = 1203, /* max_user_connections */
    SQL_ERROR_LOCK_TIMEOUT = 1205,
    SQL_ERROR_DEADLOCK = 1213,
    SQL_ERROR_USER_LIMIT = 1226, /* MAX_CONNECTIONS_PER_HOUR and its like */
    SQL_ERROR_READ_ONLY = 1290,
    SQL_ERROR_INTERRUPTED = 1317,       /* KILL QUERY */
    SQL_ERROR_CONNECTION_KILLED = 1927, /* MariaDB: KILL */
    SQL_ERROR_STATEMENT_TIMEOUT = 1969, /* MariaDB: max_statement_time */
    SQL_ERROR_QUERY_TIMEOUT = 3024,     /* MySQL: max_execution_time */
    SQL_ERROR_SESSION_KILLED = 3169,    /* MySQL: KILL */
    SQL_ERROR_IDLE = 4031,              /* MySQL: wait_timeout */
};

#endif
