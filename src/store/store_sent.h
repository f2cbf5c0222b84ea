/* store_sent: the keys of requests that were written (music_sent), each stored in the transaction of its write. */
#ifndef STORE_STORE_SENT_H
#define STORE_STORE_SENT_H

#include "base/err.h"
#include "book/write.h"

struct store;
struct transaction;

/*
 * Within the transaction of a write: stores its key, and removes a few old ones. ERR_REUSED: the key was written
 * before.
 */
enum err_code store_sent_add(struct store *store, const struct transaction *transaction, const struct write *write,
                             struct err *err);

/* The same, once it is clear that nothing is to be changed. */
enum err_code store_sent_empty(struct store *store, const struct transaction *transaction, const struct write *write,
                               struct err *err);

#endif
