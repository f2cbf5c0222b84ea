/*
 * store_keys: the table of people's keys: sessions, invitations, tokens. Texts are copied into the caller's arena.
 * Secrets only get here as hashes.
 */
#ifndef STORE_STORE_KEYS_H
#define STORE_STORE_KEYS_H

#include <stdbool.h>

#include "store/store_people.h"

/* A key and whose it is. */
struct store_key {
    uint64_t number; /* 1 or more */
    struct text kind, hash, scope, about;
    struct text made_at, used_at, ends_at;
    struct store_person person; /* when adding a key only its ID matters, and for a session the password */
    bool is_idle;               /* not used within the last minute */
};

struct store_keys {
    struct store_key *all;
    size_t count;
};

/* How long a new key lives, and how many of its kind its person keeps. */
struct store_bounds {
    uint64_t life_s, idle_s; /* seconds */
    unsigned most;           /* with it; 0: any number */
};

/*
 * Adds a key. about may be empty. Deletes the keys that have ended and, if bounds->most is not 0, those of its kind and
 * person that were not used for bounds->idle_s, and the oldest of too many. ERR_NOT_FOUND: the person was removed or,
 * for a session, does not have this password any more.
 */
enum err_code store_key_add(struct store *store, const struct store_key *key, const struct store_bounds *bounds,
                            struct err *err);

/*
 * Finds a key by the hash of its secret. ERR_NOT_FOUND: there is none, it has ended, or it was not used for idle_s
 * seconds. *key has no about and no times.
 */
enum err_code store_key_find(struct store *store, struct text kind, struct text hash, uint64_t idle_s,
                             struct arena *arena, struct store_key *key, struct err *err);

/* Notes that a key is used now. */
enum err_code store_key_touch(struct store *store, uint64_t number, struct err *err);

/* Reads the keys of a kind that have not ended, of one person or, with person 0, of all; the last used first. */
enum err_code store_key_list(struct store *store, struct text kind, uint64_t person, struct arena *arena,
                             struct store_keys *keys, struct err *err);

/* Ends a key of a person or, with person 0, of anybody; ERR_NOT_FOUND if there is none. */
enum err_code store_key_end(struct store *store, struct text kind, uint64_t person, uint64_t number, struct err *err);

/* Ends all keys of a kind of a person but one; but 0: all. */
enum err_code store_key_end_others(struct store *store, struct text kind, uint64_t person, uint64_t but,
                                   struct err *err);

#endif
