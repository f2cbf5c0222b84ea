/*
 * people: who may do what: people and their roles, passwords, sessions and invitations. They are in MySQL; every
 * function returns ERR_UNAVAILABLE while it is down. Texts are copied into the caller's arena.
 */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "people/role.h"

struct store;
struct people;

/* config and store (catalogue_store()) must outlive it. Free it with people_free(). */
struct people *people_new(const struct config *config, struct store *store);
void people_free(struct people *people);

struct person {
    uint64_t id; /* 0: not in the table */
    struct text name;
    enum role role;
    uint64_t key;        /* the number of the session or invitation they came with; 0: none */
    bool is_token;       /* they are a program that came with a token */
    bool has_password;   /* not set by people_of_secret() */
    struct text hash;    /* of the password that they have given; set by people_sign_in() and people_set_password() */
    struct text made_at; /* "2026-11-26 19:57:00", UTC; not set by people_of_secret() */
};

/* Returns what is wrong with the name of a person, as a sentence; NULL if it is fine. */
const char *people_name_fault(struct text name);

/* Finds a person by name; ERR_NOT_FOUND if nobody has it. It waits for MySQL only as long as a page does. */
enum err_code people_get(struct people *people, struct text name, struct arena *arena, struct person *person,
                         struct err *err);

/* Lists all people by name. */
struct person_list {
    struct person *all;
    size_t count;
};
enum err_code people_list(struct people *people, struct arena *arena, struct person_list *list, struct err *err);

/* Adds a person without a password. ERR_CONFLICT: the name is taken. ERR_INVALID: people_name_fault(). */
enum err_code people_add(struct people *people, struct text name, enum role role, struct err *err);

/*
 * Change the role of a person, or remove them; ERR_NOT_FOUND if nobody has this name. The log of changes keeps the
 * name, unless hides_name: then people_hide_some() is to replace it by a number, the same in all changes. by: the
 * admin who wants it, ERR_CONFLICT with a text for them if they are no longer one; NULL: the command line, which needs
 * no role.
 */
enum err_code people_set_role(struct people *people, const struct person *by, struct text name, enum role role,
                              struct err *err);
enum err_code people_remove(struct people *people, const struct person *by, const struct person *person,
                            bool hides_name, struct err *err);

/* A name that is being taken out of the log of changes: what has been done of that. */
struct hidden_name {
    struct text name, alias; /* alias takes its place */
    uint64_t changes;        /* changes in which it was replaced now */
    uint64_t version, last;  /* how far it was done, of how many versions */
    bool is_done;
};

/*
 * Takes names out of the next part of the log of changes, for people who were removed with hides_name. Call it until it
 * returns ERR_NOT_FOUND: none is left. If nobody does, a later call goes on where the last one ended.
 */
enum err_code people_hide_some(struct people *people, struct arena *arena, struct hidden_name *hidden, struct err *err);

/*
 * Sets a password, which ends all sessions and invitations of its owner. person.key: the invitation that allows it,
 * which is used up, ERR_NOT_FOUND if it was meanwhile; 0: none. person->hash, unless empty: the present password,
 * ERR_NOT_FOUND if it was changed meanwhile. ERR_INVALID: password_fault(). ERR_BUSY: password_hash().
 */
enum err_code people_set_password(struct people *people, struct person *person, struct text password,
                                  struct arena *arena, struct err *err);

/*
 * Checks a name and a password from an address (REMOTE_ADDR; NULL: none). ERR_OK: *person. ERR_NOT_FOUND: one of them
 * is wrong; it takes the same time whether the name exists. ERR_BUSY: *wait_s is the number of seconds to wait after
 * too many failures; 0: password_check() was busy.
 */
enum err_code people_sign_in(struct people *people, struct text name, struct text password, const char *address,
                             struct arena *arena, struct person *person, unsigned *wait_s, struct err *err);

/* The kinds of keys: who sends the secret of one is its owner. */
enum people_key { PEOPLE_SESSION, PEOPLE_INVITATION, PEOPLE_TOKEN };

/*
 * Makes a token with which programs do what a person may do: read, or also write, but nothing that needs an admin.
 * days: its life, 1 to LIMIT_TOKEN_DAYS. Returns its secret.
 */
enum err_code people_give_token(struct people *people, const struct person *person, bool may_write, unsigned days,
                                struct arena *arena, struct text *secret, struct err *err);

/*
 * Makes a session or an invitation for a person and returns its secret. about: the browser of a session, shortened; may
 * be empty. An invitation ends earlier ones, a session the oldest of more than LIMIT_SESSIONS_PERSON. ERR_NOT_FOUND:
 * the person was removed or, for a session, person->hash is not that of their password any more.
 */
enum err_code people_give_key(struct people *people, const struct person *person, enum people_key kind,
                              struct text about, struct arena *arena, struct text *secret, struct err *err);

/* Finds whose a secret is. ERR_NOT_FOUND: nobody's, or it has ended. It waits for MySQL only as long as a page does. */
enum err_code people_of_secret(struct people *people, enum people_key kind, struct text secret, struct arena *arena,
                               struct person *person, struct err *err);

struct session {
    uint64_t key;
    struct text about, made_at, used_at;
};
struct session_list {
    struct session *all;
    size_t count;
};

/* Lists the sessions of a person, the last used first. */
enum err_code people_sessions(struct people *people, const struct person *person, struct arena *arena,
                              struct session_list *list, struct err *err);

/* Ends a session of a person, ERR_NOT_FOUND if there is none; or all but person->key. */
enum err_code people_end_session(struct people *people, const struct person *person, uint64_t key, struct err *err);
enum err_code people_end_other_sessions(struct people *people, const struct person *person, struct err *err);

struct token {
    uint64_t key;
    struct text person;
    bool may_write;
    struct text made_at, used_at, ends_at;
};
struct token_list {
    struct token *all;
    size_t count;
};

/* Lists all tokens, the last used first. */
enum err_code people_tokens(struct people *people, struct arena *arena, struct token_list *list, struct err *err);

/* Ends a token; ERR_NOT_FOUND if there is none. */
enum err_code people_end_token(struct people *people, uint64_t key, struct err *err);

#endif
