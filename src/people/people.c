#include "people/people.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "people/password.h"
#include "people/secret.h"
#include "store/store.h"
#include "store/store_attempts.h"
#include "store/store_keys.h"
#include "store/store_people.h"
#include "store/store_rename.h"

enum { ABOUT_BYTES = 200, IPV6_NETWORK_BYTES = 8 };

static const struct {
    const char *name;
    struct store_bounds bounds;
} kinds[] = {
    [PEOPLE_SESSION] = {"session", {LIMIT_SESSION_S, LIMIT_SESSION_IDLE_S, LIMIT_SESSIONS_PERSON}},
    [PEOPLE_INVITATION] = {"invitation", {LIMIT_INVITATION_S, LIMIT_INVITATION_S, 0}}, /* a new one ends all others */
    [PEOPLE_TOKEN] = {"token", {0, LIMIT_TOKEN_DAYS *UINT64_C(86400), 0}},
};

/* Begins each token, so that a program that looks for secrets in texts recognises it. */
#define TOKEN_PREFIX "bookshare_"

/* Names that the log of changes gives to programs. */
static const char *const programs[] = {"web", "import", "sql"};

/* The scope of keys that are good for everything that their owner may do. */
static const char write_scope[] = "write";

struct people {
    const struct config *config;
    struct store *store;
};

struct people *people_new(const struct config *config, struct store *store)
{
    struct people *people = mem_zero(sizeof *people);

    secret_init();
    people->config = config;
    people->store = store;
    return people;
}

void people_free(struct people *people)
{
    free(people);
}

const char *people_name_fault(struct text name)
{
    size_t characters;

    if (name.len == 0)
        return "A name is required.";
    if (text_check(name, &characters) != TEXT_FINE)
        return "The name is not valid UTF-8 text.";
    if (characters > LIMIT_NAME_CHARACTERS)
        return "The name is too long: at most 64 characters.";
    for (size_t i = 0; i < name.len; i++)
        if (text_space((struct text){name.at + i, name.len - i}) > 0 || name.at[i] == '/')
            return "The name cannot contain blanks or slashes.";
    if (!text_is_visible(name))
        return "The name cannot contain invisible characters, or begin with a combining mark.";
    if (text_equal_string(name, ".") || text_equal_string(name, ".."))
        return "The name cannot be one or two full stops."; /* which have a meaning in URLs */
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (text_equal_string(name, programs[i]))
            return "This name is reserved.";
    return NULL;
}

static struct text kind_name(enum people_key kind)
{
    return text_from_cstr(kinds[kind].name);
}

static struct person person_of(const struct store_person *stored, uint64_t key)
{
    struct person person = {.id = stored->id,
                            .name = stored->name,
                            .key = key,
                            .has_password = stored->password.len > 0,
                            .made_at = stored->made_at};

    if (!role_from_name(stored->role, &person.role))
        person.role = ROLE_NONE;
    return person;
}

/*
 * Asks MySQL for something small, because it waits for that only as long as a page does. A hung MySQL then counts as
 * down.
 */
static enum err_code try_store(struct people *people, struct err *err)
{
    struct version version;

    return store_version(people->store, &version, err);
}

enum err_code people_get(struct people *people, struct text name, struct arena *arena, struct person *person,
                         struct err *err)
{
    struct store_person stored;
    enum err_code code;

    if (people_name_fault(name) != NULL)
        return err_set(err, ERR_NOT_FOUND, "nobody has this name");
    code = try_store(people, err);
    if (code == ERR_OK)
        code = store_person_get(people->store, name, arena, &stored, err);
    if (code == ERR_OK)
        *person = person_of(&stored, 0);
    return code;
}

enum err_code people_list(struct people *people, struct arena *arena, struct person_list *list, struct err *err)
{
    struct store_people stored;
    enum err_code code = try_store(people, err);

    if (code == ERR_OK)
        code = store_person_list(people->store, arena, &stored, err);
    if (code != ERR_OK)
        return code;
    *list = (struct person_list){arena_alloc(arena, (stored.count + 1) * sizeof *list->all), stored.count};
    for (size_t i = 0; i < stored.count; i++)
        list->all[i] = person_of(&stored.all[i], 0);
    return ERR_OK;
}

enum err_code people_add(struct people *people, struct text name, enum role role, struct err *err)
{
    const struct store_person person = {.name = name, .role = text_from_cstr(role_name(role))};
    const char *fault = people_name_fault(name);

    return fault != NULL ? err_set(err, ERR_INVALID, "%s", fault) : store_person_add(people->store, &person, err);
}

enum err_code people_set_role(struct people *people, const struct person *by, struct text name, enum role role,
                              struct err *err)
{
    return store_person_set_role(people->store, by != NULL ? by->id : 0, name, text_from_cstr(role_name(role)), err);
}

enum err_code people_remove(struct people *people, const struct person *by, const struct person *person,
                            bool hides_name, struct err *err)
{
    char alias[32];

    snprintf(alias, sizeof alias, "former user %llu", (unsigned long long)person->id); /* no name has blanks */
    return store_person_remove(people->store, by != NULL ? by->id : 0, person->name,
                               text_from_cstr(hides_name ? alias : ""), err);
}

enum err_code people_hide_some(struct people *people, struct arena *arena, struct hidden_name *hidden, struct err *err)
{
    struct store_renamed part;
    const enum err_code code = store_rename_some(people->store, arena, &part, err);

    if (code == ERR_OK)
        *hidden = (struct hidden_name){part.name, part.alias, part.changes, part.version, part.last, part.is_done};
    return code;
}

enum err_code people_set_password(struct people *people, struct person *person, struct text password,
                                  struct arena *arena, struct err *err)
{
    const struct store_person stored = {.id = person->id, .password = person->hash};
    const char *fault = password_fault(password);
    struct text hash;
    enum err_code code;

    if (fault != NULL)
        return err_set(err, ERR_INVALID, "%s", fault);
    code = password_hash(people->config, password, arena, &hash, err);
    if (code == ERR_OK)
        code = store_person_set_password(people->store, &stored, hash, person->key, err);
    if (code == ERR_OK)
        person->hash = hash;
    return code;
}

/*
 * Returns under what the attempts from an address are counted: an IPv6 address usually comes with the 2^64
 * addresses of its network, unless it stands for one of IPv4 (RFC 4291, 2.5.5.2).
 */
static struct text address_key(const char *address, struct arena *arena)
{
    struct in6_addr bytes;

    if (address != NULL && inet_pton(AF_INET6, address, &bytes) == 1)
        return secret_hash(arena, (struct text){(const char *)&bytes,
                                                IN6_IS_ADDR_V4MAPPED(&bytes) ? sizeof bytes : IPV6_NETWORK_BYTES});
    return secret_hash(arena, text_from_cstr(arena_format(arena, "address %s", address != NULL ? address : "none")));
}

static struct text name_key(struct text name, struct arena *arena)
{
    return secret_hash(arena, text_from_cstr(arena_format(arena, "name %.*s", (int)name.len, name.at)));
}

/*
 * Counts an attempt, of the address first: a stopped address must not make the owner of the name wait. Nor does a name
 * that has to wait, perhaps because of others, count against the address of its owner.
 */
static enum err_code count_attempt(struct people *people, struct text address, struct text name, unsigned *wait_s,
                                   struct err *err)
{
    enum err_code code =
        store_attempt(people->store, address, LIMIT_ATTEMPTS_ADDRESS, LIMIT_ATTEMPTS_ADDRESS_S, wait_s, err);

    if (code != ERR_OK)
        return code;
    code = store_attempt(people->store, name, LIMIT_ATTEMPTS_NAME, LIMIT_ATTEMPTS_NAME_S, wait_s, err);
    if (code != ERR_OK)
        store_attempt_undo(people->store, address, false, &(struct err){0});
    return code;
}

enum err_code people_sign_in(struct people *people, struct text name, struct text password, const char *address,
                             struct arena *arena, struct person *person, unsigned *wait_s, struct err *err)
{
    const struct text from = address_key(address, arena), as = name_key(name, arena);
    struct store_person stored = {0};
    bool matches = false;
    enum err_code code;

    *wait_s = 0;
    code = try_store(people, err);
    if (code == ERR_OK)
        code = count_attempt(people, from, as, wait_s, err);
    if (code != ERR_OK)
        return code;
    if (name.len > 0 && text_is_utf8(name))
        code = store_person_get(people->store, name, arena, &stored, err);
    if (code == ERR_NOT_FOUND)
        code = ERR_OK;
    if (code == ERR_OK)
        code = password_check(people->config, password, stored.password, &matches, err);
    if (code == ERR_OK && !matches)
        return err_set(err, ERR_NOT_FOUND, "the name or the password is wrong");
    if (code == ERR_OK || code == ERR_BUSY) { /* not a failure */
        struct err ignored;

        store_attempt_undo(people->store, from, false, &ignored);
        store_attempt_undo(people->store, as, code == ERR_OK, &ignored);
    }
    if (code == ERR_OK) {
        *person = person_of(&stored, 0);
        person->hash = stored.password;
    }
    return code;
}

enum err_code people_give_key(struct people *people, const struct person *person, enum people_key kind,
                              struct text about, struct arena *arena, struct text *secret, struct err *err)
{
    struct store_key key = {.kind = kind_name(kind),
                            .scope = text_from_cstr(write_scope),
                            .person = {.id = person->id, .password = person->hash}};
    enum err_code code = ERR_OK;

    *secret = secret_new(arena);
    key.hash = secret_hash(arena, *secret);
    about.len = about.len < ABOUT_BYTES ? about.len : ABOUT_BYTES;
    key.about = text_line(arena, about);
    key.about.len = key.about.len < ABOUT_BYTES ? key.about.len : 0; /* replacement characters may be longer */
    if (kind == PEOPLE_INVITATION)
        code = store_key_end_others(people->store, key.kind, person->id, 0, err);
    return code == ERR_OK ? store_key_add(people->store, &key, &kinds[kind].bounds, err) : code;
}

enum err_code people_give_token(struct people *people, const struct person *person, bool may_write, unsigned days,
                                struct arena *arena, struct text *secret, struct err *err)
{
    struct store_key key = {.kind = kind_name(PEOPLE_TOKEN),
                            .scope = text_from_cstr(may_write ? write_scope : "read"),
                            .person = {.id = person->id}};
    const struct text random = secret_new(arena);

    *secret = text_from_cstr(arena_format(arena, TOKEN_PREFIX "%.*s", (int)random.len, random.at));
    key.hash = secret_hash(arena, *secret);
    return store_key_add(people->store, &key, &(struct store_bounds){.life_s = days * UINT64_C(86400)}, err);
}

/* A token that was stolen must not make further people. */
static void limit_token(struct person *person, const struct store_key *key)
{
    const enum role most = text_equal_string(key->scope, write_scope) ? ROLE_EDITOR : ROLE_READER;

    person->is_token = true;
    if (person->role > most)
        person->role = most;
}

enum err_code people_of_secret(struct people *people, enum people_key kind, struct text secret, struct arena *arena,
                               struct person *person, struct err *err)
{
    struct store_key key;
    struct err ignored;
    enum err_code code = try_store(people, err);

    if (code == ERR_OK)
        code = store_key_find(people->store, kind_name(kind), secret_hash(arena, secret), kinds[kind].bounds.idle_s,
                              arena, &key, err);
    if (code != ERR_OK)
        return code;
    if (key.is_idle)
        store_key_touch(people->store, key.number, &ignored);
    *person = person_of(&key.person, key.number);
    if (kind == PEOPLE_TOKEN)
        limit_token(person, &key);
    return ERR_OK;
}

enum err_code people_sessions(struct people *people, const struct person *person, struct arena *arena,
                              struct session_list *list, struct err *err)
{
    struct store_keys keys;
    enum err_code code = try_store(people, err);

    if (code == ERR_OK)
        code = store_key_list(people->store, kind_name(PEOPLE_SESSION), person->id, arena, &keys, err);
    if (code != ERR_OK)
        return code;
    *list = (struct session_list){arena_alloc(arena, (keys.count + 1) * sizeof *list->all), keys.count};
    for (size_t i = 0; i < keys.count; i++)
        list->all[i] =
            (struct session){keys.all[i].number, keys.all[i].about, keys.all[i].made_at, keys.all[i].used_at};
    return ERR_OK;
}

enum err_code people_end_session(struct people *people, const struct person *person, uint64_t key, struct err *err)
{
    return store_key_end(people->store, kind_name(PEOPLE_SESSION), person->id, key, err);
}

enum err_code people_end_other_sessions(struct people *people, const struct person *person, struct err *err)
{
    return store_key_end_others(people->store, kind_name(PEOPLE_SESSION), person->id, person->key, err);
}

enum err_code people_tokens(struct people *people, struct arena *arena, struct token_list *list, struct err *err)
{
    struct store_keys keys;
    const enum err_code code = store_key_list(people->store, kind_name(PEOPLE_TOKEN), 0, arena, &keys, err);

    if (code != ERR_OK)
        return code;
    *list = (struct token_list){arena_alloc(arena, (keys.count + 1) * sizeof *list->all), keys.count};
    for (size_t i = 0; i < keys.count; i++) {
        const struct store_key *key = &keys.all[i];

        list->all[i] = (struct token){key->number,  key->person.name, text_equal_string(key->scope, write_scope),
                                      key->made_at, key->used_at,     key->ends_at};
    }
    return ERR_OK;
}

enum err_code people_end_token(struct people *people, uint64_t key, struct err *err)
{
    return store_key_end(people->store, kind_name(PEOPLE_TOKEN), 0, key, err);
}
