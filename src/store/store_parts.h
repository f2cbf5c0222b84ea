/* Shared by store.c (reading) and store_write.c (writing). */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "store/sql.h"
#include "store/store.h"

/* A search that reads the table (store_search.c). */
struct store_search {
    struct deadline *deadline; /* of the query; NULL: none */
    int slot;                  /* among the searches of this host */
    bool is_limited;           /* the session has a time limit */
};

struct store {
    struct sql *sql;
    long check_timeout_ms;
    bool is_locked; /* this connection holds the rebuild lock */
    struct store_search search;
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
    SLOT_DELETE_MANY,
    SLOT_NOTE_SLICE,
    SLOT_LOG,
    SLOT_LOG_SOME,
    SLOT_LOG_MANY,
    SLOT_WAS_LOGGED,
    SLOT_LOCK_VERSION,
    SLOT_CHANGES,
    SLOT_LOG_TIME,
    SLOT_EPOCH,
    SLOT_RECOUNT,
    SLOT_COUNT_MORE,
    SLOT_COUNT_LESS,
    SLOT_REBUILD_LOCK,
    SLOT_TIME_LIMIT,
    SLOT_COUNT,
    SLOT_KEY,
    SLOT_ADD_SENT,
    SLOT_EMPTY_SENT,
    SLOT_PRUNE_SENT,
    SLOT_FIND_SENT
};

/* Reads the version row; books may be NULL. */
enum err_code store_read_version(struct store *store, struct version *version, uint64_t *books, struct err *err);

/* Starts a transaction, on a new connection if the old one turns out to be dead: nothing is lost yet. */
enum err_code store_begin(struct store *store, const char *how, struct err *err);

/* A kind of transaction: all reads see the same snapshot. */
#define STORE_SNAPSHOT "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"

/* Attempts at a transaction that meets a deadlock or lock timeout. */
enum { STORE_ATTEMPTS = 5 };

/* Rolls back a transaction. */
void store_roll_back(struct store *store);

/* Selects all books, ordered by ID. */
enum err_code store_select_all(struct store *store, struct err *err);

/* Fetches the next row as a book. ERR_NOT_FOUND at the end. */
enum err_code store_fetch_book(struct store *store, struct arena *arena, struct book *book, struct err *err);

/* Fetches at most limit books and drops the rest. */
enum err_code store_fetch_books(struct store *store, size_t limit, struct arena *arena, struct book_list *list,
                                struct err *err);

/* A transaction that writes books. */
struct transaction {
    struct version from, to; /* versions of the table before and after; locked */
    uint64_t token;          /* token of the new version, identifies its changes later */
    int64_t added;           /* number of books added, negative if removed */
    bool is_empty;           /* nothing to change: roll back, */
    bool is_noted;           /* unless the key of the request was stored: commit without a new version */
    bool is_unknown;         /* it is unknown whether it was committed */
};

/* Changes the table and logs the changes, in a transaction with known versions. Sets added and is_empty. */
typedef enum err_code store_steps(struct store *store, struct transaction *transaction, void *write, struct err *err);

/*
 * Runs steps in a transaction that locks the version first and makes the next one, then commits. Retries after a
 * deadlock or lock timeout. *transaction need not be initialised. If the connection is lost during COMMIT, a new one
 * checks the outcome.
 */
enum err_code store_transact(struct store *store, store_steps *steps, void *write, struct transaction *transaction,
                             struct err *err);

/* Writes a batch, and a slice, for store_write(). */
enum err_code store_write_batch(struct store *store, const struct write *write, struct arena *arena,
                                struct written *written, struct err *err);
enum err_code store_write_slice(struct store *store, const struct write *write, struct arena *arena,
                                struct written *written, struct err *err);

/* Sets *written to the result of a transaction. */
void store_note_written(const struct transaction *transaction, struct change *changes, size_t count,
                        struct written *written);

/* Inserts book, or updates or deletes the one with its ID. */
enum err_code store_change_table(struct store *store, enum change_op op, const struct book *book, struct err *err);

/* Who changes books, and as a part of which edit of many (0: none). */
struct store_source {
    struct text actor;
    uint64_t edit;
};

/* Appends the changes of a transaction to the log. */
enum err_code store_log(struct store *store, const struct transaction *transaction, const struct change *changes,
                        size_t count, const struct store_source *source, struct err *err);

/*
 * Reads the books with these IDs, which are sorted, into arena; NULL: there is none. Of equal IDs, the first gets the
 * book. is_for_update: within a transaction, which locks them.
 */
enum err_code store_find_many(struct store *store, const struct text *ids, size_t count, bool is_for_update,
                              struct arena *arena, const struct book **stored, struct err *err);

/* Inserts books, or replaces those with their IDs. */
enum err_code store_put_many(struct store *store, const struct book *const *books, size_t count, struct err *err);

/* Returns the first and the last version of the log; 0 if it is empty. */
enum err_code store_log_ends(struct store *store, uint64_t *first, uint64_t *last, struct err *err);

/*
 * Finds the first version from low on that was made after time or, with is_same, at it; high if there is none before
 * that. time: a day or a second, as "2026-11-26" or "2026-11-26 19:57:00" (UTC).
 */
enum err_code store_log_find_time(struct store *store, struct text time, bool is_same, uint64_t low, uint64_t high,
                                  uint64_t *found, struct err *err);

/* Returns whether a transaction is in the log. */
enum err_code store_was_logged(struct store *store, const struct transaction *transaction, bool *was, struct err *err);

/*
 * Returns the change of a book by version; before or after is NULL if there was or is no book. The rows live in arena.
 */
struct change store_change_of(struct version version, const struct book *before, const struct book *after,
                              struct arena *arena);

#endif
