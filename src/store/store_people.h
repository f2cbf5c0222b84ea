/*
 * store_people: the tables of people, of their keys (sessions, invitations, tokens) and of attempts to sign in. Texts
 * are copied into the caller's arena. Secrets only get here as hashes.
 */
#ifndef STORE_STORE_PEOPLE_H
#define STORE_STORE_PEOPLE_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

struct store;

struct store_person {
    uint64_t id; /* 1 or more, never used again */
    struct text name, role;
    struct text password; /* hash; empty: none yet */
    struct text made_at;  /* "2026-11-26 19:57:00", UTC */
};

struct store_people {
    struct store_person *all;
    size_t count;
};

/* Reads a person; ERR_NOT_FOUND if nobody has this name. */
enum err_code store_person_get(struct store *store, struct text name, struct arena *arena, struct store_person *person,
                               struct err *err);

/* Reads all people, ordered by name. */
enum err_code store_person_list(struct store *store, struct arena *arena, struct store_people *people, struct err *err);

/* Adds a person. ERR_CONFLICT: the name is taken. */
enum err_code store_person_add(struct store *store, const struct store_person *person, struct err *err);

/*
 * Changes the role of a person; ERR_NOT_FOUND if nobody has this name. by: the ID of the admin who wants it,
 * ERR_CONFLICT with a text for them if they are no longer one; 0: the command line.
 */
enum err_code store_person_set_role(struct store *store, uint64_t by, struct text name, struct text role,
                                    struct err *err);

/*
 * Sets the password (hash) of a person and ends their sessions and invitations, in one transaction. Of *person, the ID
 * and the password matter: the present one, ERR_NOT_FOUND if it was changed meanwhile; empty: any. invitation: the
 * number of the invitation that allows it, ERR_NOT_FOUND if it was used meanwhile; 0: none.
 */
enum err_code store_person_set_password(struct store *store, const struct store_person *person, struct text password,
                                        uint64_t invitation, struct err *err);

/*
 * Removes a person with all keys; ERR_NOT_FOUND if nobody has this name. The log of changes keeps their name, or gets
 * alias in its place; an empty alias: it keeps it. by: as above.
 */
enum err_code store_person_remove(struct store *store, uint64_t by, struct text name, struct text alias,
                                  struct err *err);

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

/*
 * Counts an attempt, in advance as a failure, unless it comes too early. ERR_OK: it may go on. ERR_BUSY: it may not,
 * and *wait_s is the number of seconds to wait. The first `free` attempts need no wait; each further one doubles the
 * wait for the next, from 1 to at most most_s seconds. An hour without attempts forgets them.
 */
enum err_code store_attempt(struct store *store, struct text who, unsigned free, unsigned most_s, unsigned *wait_s,
                            struct err *err);

/* Takes back one attempt, or all of them. */
enum err_code store_attempt_undo(struct store *store, struct text who, bool all, struct err *err);

#endif
