/* What store.c (reading) and store_write.c (writing) share. */
#ifndef CATALOGUE_STORE_PARTS_H
#define CATALOGUE_STORE_PARTS_H

#include "catalogue/sql.h"
#include "catalogue/store.h"

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
    SLOT_BUMP_ADD,
    SLOT_BUMP_UPDATE,
    SLOT_BUMP_DELETE,
    SLOT_LOG,
    SLOT_WAS_LOGGED,
    SLOT_LOCK_VERSION,
    SLOT_CHANGES,
    SLOT_EPOCH,
    SLOT_RECOUNT,
    SLOT_COUNT_MORE,
    SLOT_COUNT_LESS,
    SLOT_REBUILD_LOCK
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

#endif
