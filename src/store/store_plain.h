/* store_plain: transactions that write no books, and so make no version of the table. Others: store_transact.c. */
#ifndef STORE_STORE_PLAIN_H
#define STORE_STORE_PLAIN_H

#include <stdint.h>

#include "base/err.h"
#include "store/sql.h"

struct store;

/* The steps of a transaction. of: what they need. They may run several times. */
typedef enum err_code store_plain_steps(struct store *store, const void *of, struct err *err);

/* Runs steps in a transaction and commits; again after a deadlock or lock timeout, STORE_ATTEMPTS times at most. */
enum err_code store_transact_plain(struct store *store, store_plain_steps *run, const void *of, struct err *err);

/*
 * Runs a statement that writes, in a transaction of its own. parameters may be NULL. *rows (may be NULL): how many rows
 * it has found.
 */
enum err_code store_write_alone(struct store *store, const struct sql_statement *statement,
                                const struct sql_parameters *parameters, uint64_t *rows, struct err *err);

/* Runs a statement within a transaction. ERR_NOT_FOUND, with the text missing, if it has found no row. */
enum err_code store_run_existing(struct store *store, const struct sql_statement *statement,
                                 const struct sql_parameters *parameters, const char *missing, struct err *err);

#endif
