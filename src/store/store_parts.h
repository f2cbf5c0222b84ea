/* What store.c (reading) and store_write.c (writing) share. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "store/sql.h"
#include "store/store.h"

struct store {
    struct sql *sql;
    long check_timeout_ms;
    bool is_locked; /* we hold the rebuild lock */
};

/* The slots of all statements (struct sql_statement). */
enum store_slot {
    SLOT_VERSION,
    SLOT_PAGE,
    SLOT_GET,
    SLOT_SCAN,
    SLOT_GET_FOR_UPDATE,
    SLOT_ADD,
    SLOT_UPDATE,
    SLOT_DELETE,
    SLOT_BUMP_MORE,
    SLOT_BUMP_LESS,
    SLOT_FIND_MANY,
    SLOT_FIND_MANY_FOR_UPDATE,
    SLOT_PUT_MANY,
    SLOT_PUT_SOME,
    SLOT_PUT,
    SLOT_LOG,
    SLOT_LOG_SOME,
    SLOT_LOG_MANY,
    SLOT_WAS_LOGGED,
    SLOT_LOCK_VERSION,
    SLOT_CHANGES,
    SLOT_EPOCH,
    SLOT_RECOUNT,
    SLOT_COUNT_MORE,
    SLOT_COUNT_LESS,
    SLOT_REBUILD_LOCK,
    SLOT_TIME_LIMIT
};

/* Reads the version row; books may be NULL. */
enum err_code store_read_version(struct store *store, struct version *version, uint64_t *books, struct err *err);

/* Opens a transaction, on a new connection if the old one turns out to be dead: nothing has been done yet. */
enum err_code store_begin(struct store *store, const char *how, struct err *err);

/* How: all that is read in it is of one moment. */
#define STORE_SNAPSHOT "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"

/* Ends a transaction without a trace. */
void store_roll_back(struct store *store);

/* Fetches the next row as a book. ERR_NOT_FOUND at the end. */
enum err_code store_fetch_book(struct store *store, struct arena *arena, struct book *book, struct err *err);

/* Fetches at most limit books, and forgets the rest. */
enum err_code store_fetch_books(struct store *store, size_t limit, struct arena *arena, struct book_list *list,
                                struct err *err);

/* A transaction that writes books. */
struct transaction {
    struct version from, to; /* of the table, whose version is locked: as it was, and as it makes it */
    uint64_t token;          /* of what it makes, by which its changes are known again */
    int64_t added;           /* books that come, or go if it is negative */
    bool is_empty;           /* there is nothing to change: it is rolled back */
    bool is_unknown;         /* nobody knows whether it was committed */
};

/* Changes the table and logs that, in a transaction whose versions are known. Fills in added, and is_empty. */
typedef enum err_code store_steps(struct store *store, struct transaction *transaction, void *write, struct err *err);

/*
 * Runs steps in a transaction that locks the version first and makes the next one, again after a deadlock or a lock
 * held too long, and commits. *transaction need not be initialised. If the connection is lost during COMMIT, another
 * one is asked what became of it.
 */
enum err_code store_transact(struct store *store, store_steps *steps, void *write, struct transaction *transaction,
                             struct err *err);

/* Writes a batch: what store_write() does with it. */
enum err_code store_write_batch(struct store *store, const struct write *write, struct arena *arena,
                                struct written *written, struct err *err);

/* Fills in what a transaction did. */
void store_note_written(const struct transaction *transaction, struct change *changes, size_t count,
                        struct written *written);

/* Adds book to the table, puts it in the place of the one with its ID, or takes that out. */
enum err_code store_change_table(struct store *store, enum change_op op, const struct book *book, struct err *err);

/* Adds the changes of a transaction to the log. */
enum err_code store_log(struct store *store, const struct transaction *transaction, const struct change *changes,
                        size_t count, const char *actor, struct err *err);

/* Whether a transaction stands in the log. */
enum err_code store_was_logged(struct store *store, const struct transaction *transaction, bool *was, struct err *err);

/* Returns what version did to a book: before or after is NULL where there was or is none. The rows lie in arena. */
struct change store_change_of(struct version version, const struct book *before, const struct book *after,
                              struct arena *arena);

#endif
