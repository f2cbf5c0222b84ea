/*
 * store_people: the table of people. Texts are copied into the caller's arena. Passwords only get here as hashes.
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
 * Removes a person with all keys; ERR_NOT_FOUND if nobody has this name. The log of changes keeps their name; unless
 * alias is empty, store_rename_some() is then to replace the name by it. by: as above.
 */
enum err_code store_person_remove(struct store *store, uint64_t by, struct text name, struct text alias,
                                  struct err *err);

#endif
