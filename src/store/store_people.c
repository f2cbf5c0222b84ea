#include "store/store_people.h"

#include <stdbool.h>

#include "store/store_parts.h"

enum { PERSON_COLUMNS = 5, FOUND_COLUMNS = 6, LISTED_COLUMNS = 9, PEOPLE_MOST = 10000, KEYS_MOST = 1000 };

#define PERSON "SELECT person, name, role, password, made_at FROM people "

static const struct sql_statement
    get_person = {PERSON "WHERE name = ?", SQL_ONCE},
    list_people = {PERSON "ORDER BY name LIMIT ?", SQL_ONCE},
    add_person = {"INSERT INTO people (name, role, password, made_at) VALUES (?, ?, ?, UTC_TIMESTAMP())", SQL_ONCE},
    set_role = {"UPDATE people SET role = ? WHERE name = ?", SQL_ONCE},
    lock_admins = {"SELECT person FROM people WHERE role = 'admin' FOR UPDATE", SQL_ONCE},
    use_invitation = {"DELETE FROM people_keys WHERE number = ? AND person = ? AND kind = 'invitation'", SQL_ONCE},
    set_password = {"UPDATE people SET password = ? WHERE person = ? AND (? IS NULL OR password = ?)", SQL_ONCE},
    end_keys_for_password = {"DELETE FROM people_keys WHERE person = ? AND kind IN ('session', 'invitation')",
                             SQL_ONCE},
    remove_person = {"DELETE people, people_keys FROM people LEFT JOIN people_keys "
                     "ON people_keys.person = people.person WHERE people.name = ?",
                     SQL_ONCE},
    rename_actor = {"UPDATE music_changes SET actor = ? WHERE actor = ?", SQL_ONCE},
    clear_keys = {"DELETE FROM people_keys WHERE ends_at < UTC_TIMESTAMP()", SQL_ONCE},
    /* The lock makes it wait for a change of the password; that change ends the sessions that are made before. */
    add_key = {"INSERT INTO people_keys (kind, person, hash, scope, about, made_at, used_at, ends_at) "
               "SELECT ?, person, ?, ?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL ? SECOND "
               "FROM people WHERE person = ? AND (? <> 'session' OR password = ?) FOR UPDATE",
               SQL_ONCE},
    clear_idle =
        {"DELETE FROM people_keys WHERE person = ? AND kind = ? AND used_at < UTC_TIMESTAMP() - INTERVAL ? SECOND",
         SQL_ONCE},
    clear_oldest = {"DELETE FROM people_keys WHERE person = ? AND kind = ? AND number <= "
                    "(SELECT number FROM (SELECT number FROM people_keys WHERE person = ? AND kind = ? "
                    "ORDER BY number DESC LIMIT ?, 1) AS last)",
                    SQL_ONCE},
    find_key = {"SELECT people_keys.number, people.person, people.name, people.role, people_keys.scope, "
                "people_keys.used_at < UTC_TIMESTAMP() - INTERVAL 1 MINUTE "
                "FROM people_keys JOIN people ON people.person = people_keys.person "
                "WHERE people_keys.hash = ? AND people_keys.kind = ? AND people_keys.ends_at > UTC_TIMESTAMP() "
                "AND people_keys.used_at > UTC_TIMESTAMP() - INTERVAL ? SECOND",
                SLOT_KEY},
    touch_key = {"UPDATE people_keys SET used_at = UTC_TIMESTAMP() WHERE number = ?", SQL_ONCE},
    list_keys = {"SELECT people_keys.number, people.person, people.name, people.role, people_keys.scope, "
                 "people_keys.about, people_keys.made_at, people_keys.used_at, people_keys.ends_at "
                 "FROM people_keys JOIN people ON people.person = people_keys.person "
                 "WHERE people_keys.kind = ? AND (people_keys.person = ? OR ? = 0) "
                 "AND people_keys.ends_at > UTC_TIMESTAMP() ORDER BY people_keys.used_at DESC, people_keys.number DESC "
                 "LIMIT ?",
                 SQL_ONCE},
    end_key = {"DELETE FROM people_keys WHERE kind = ? AND (person = ? OR ? = 0) AND number = ?", SQL_ONCE},
    end_other_keys = {"DELETE FROM people_keys WHERE kind = ? AND (person = ? OR ? = 0) AND number <> ?", SQL_ONCE},
    clear_attempts = {"DELETE FROM people_attempts WHERE next_at < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR", SQL_ONCE},
    add_attempt = {"INSERT INTO people_attempts (who, failures, next_at) VALUES (?, 0, UTC_TIMESTAMP(3)) "
                   "ON DUPLICATE KEY UPDATE failures = failures",
                   SQL_ONCE},
    count_attempt = {"UPDATE people_attempts SET next_at = UTC_TIMESTAMP(3) + INTERVAL "
                     "IF(failures < ?, 0, LEAST(POW(2, LEAST(failures - ?, 30)), ?)) SECOND, failures = failures + 1 "
                     "WHERE who = ? AND next_at <= UTC_TIMESTAMP(3)",
                     SQL_ONCE},
    read_wait = {"SELECT CAST(CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), next_at) / 1000000) AS UNSIGNED) "
                 "FROM people_attempts WHERE who = ? AND next_at > UTC_TIMESTAMP(3)",
                 SQL_ONCE},
    undo_attempt = {"UPDATE people_attempts SET failures = failures - 1, next_at = UTC_TIMESTAMP(3) "
                    "WHERE who = ? AND failures > 0",
                    SQL_ONCE},
    undo_attempts = {"DELETE FROM people_attempts WHERE who = ?", SQL_ONCE};

/* The steps of a transaction. of: what they need. They may run several times. */
typedef enum err_code steps(struct store *store, const void *of, struct err *err);

/* Runs steps in a transaction and commits; again after a deadlock or lock timeout. */
static enum err_code transact(struct store *store, steps *run, const void *of, struct err *err)
{
    enum err_code code = ERR_OK;
    bool met_lock = true;

    for (int attempt = 0; attempt < STORE_ATTEMPTS && met_lock; attempt++) {
        code = store_begin(store, "START TRANSACTION", err);
        if (code == ERR_OK)
            code = run(store, of, err);
        if (code == ERR_OK)
            code = sql_commit(store->sql, err);
        met_lock = code != ERR_OK && sql_is_lock_error(store->sql);
        if (code != ERR_OK)
            store_roll_back(store);
    }
    return code;
}

/* A transaction of one statement. */
struct alone {
    const struct sql_statement *statement;
    const struct sql_parameters *parameters;
    uint64_t *rows;
};

static enum err_code run_alone(struct store *store, const void *of, struct err *err)
{
    const struct alone *alone = of;
    const enum err_code code = sql_run(store->sql, alone->statement, alone->parameters, err);

    if (code == ERR_OK && alone->rows != NULL)
        *alone->rows = sql_affected(store->sql);
    return code;
}

/* Runs a statement that writes, in a transaction of its own. *rows (may be NULL): how many it has found. */
static enum err_code write_alone(struct store *store, const struct sql_statement *statement,
                                 const struct sql_parameters *parameters, uint64_t *rows, struct err *err)
{
    return transact(store, run_alone, &(struct alone){statement, parameters, rows}, err);
}

/* Runs a statement within a transaction; ERR_NOT_FOUND if it has found no row. */
static enum err_code run_existing(struct store *store, const struct sql_statement *statement,
                                  const struct sql_parameters *parameters, const char *missing, struct err *err)
{
    const enum err_code code = sql_run(store->sql, statement, parameters, err);

    return code == ERR_OK && sql_affected(store->sql) == 0 ? err_set(err, ERR_NOT_FOUND, "%s", missing) : code;
}

static const char nobody[] = "nobody has this name";

static enum err_code fetch_person(struct store *store, struct arena *arena, struct store_person *person,
                                  struct err *err)
{
    struct text columns[PERSON_COLUMNS];
    const enum err_code code = sql_fetch(store->sql, columns, PERSON_COLUMNS, arena, err);

    if (code == ERR_OK)
        *person = (struct store_person){text_number(columns[0]), columns[1], columns[2], columns[3], columns[4]};
    return code;
}

enum err_code store_person_get(struct store *store, struct text name, struct arena *arena, struct store_person *person,
                               struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_text(&parameters, name);
    code = sql_read(store->sql, &get_person, &parameters, err);
    if (code == ERR_OK)
        code = fetch_person(store, arena, person, err);
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? err_set(err, code, "%s", nobody) : code;
}

enum err_code store_person_list(struct store *store, struct arena *arena, struct store_people *people, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    *people = (struct store_people){arena_alloc(arena, PEOPLE_MOST * sizeof *people->all), 0};
    sql_add_number(&parameters, PEOPLE_MOST);
    code = sql_read(store->sql, &list_people, &parameters, err);
    while (code == ERR_OK && people->count < PEOPLE_MOST) {
        code = fetch_person(store, arena, &people->all[people->count], err);
        people->count += code == ERR_OK;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code store_person_add(struct store *store, const struct store_person *person, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_text(&parameters, person->name);
    sql_add_text(&parameters, person->role);
    sql_add_text(&parameters, person->password);
    code = write_alone(store, &add_person, &parameters, NULL, err);
    return code == ERR_CONFLICT ? err_set(err, code, "This name is taken.") : code;
}

/*
 * Finds out whether a person is an admin, and keeps it so until COMMIT: of two admins who demote each other, the second
 * one fails. by 0: the command line, which needs no role.
 */
static enum err_code demand_admin(struct store *store, uint64_t by, struct err *err)
{
    struct arena arena = {0};
    struct text column;
    bool is_admin = by == 0;
    enum err_code code = is_admin ? ERR_OK : sql_run(store->sql, &lock_admins, NULL, err);

    while (code == ERR_OK && !is_admin) {
        code = sql_fetch(store->sql, &column, 1, &arena, err);
        is_admin = code == ERR_OK && text_number(column) == by;
    }
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    return code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "You are no longer an admin.") : code;
}

/* A change of a role. */
struct new_role {
    uint64_t by;
    struct text name, role;
};

static enum err_code change_role(struct store *store, const void *of, struct err *err)
{
    const struct new_role *new = of;
    struct sql_parameters parameters = {0};
    const enum err_code code = demand_admin(store, new->by, err);

    sql_add_text(&parameters, new->role);
    sql_add_text(&parameters, new->name);
    return code == ERR_OK ? run_existing(store, &set_role, &parameters, nobody, err) : code;
}

enum err_code store_person_set_role(struct store *store, uint64_t by, struct text name, struct text role,
                                    struct err *err)
{
    return transact(store, change_role, &(struct new_role){by, name, role}, err);
}

/* A change of a password. */
struct new_password {
    const struct store_person *person;
    uint64_t invitation;
    struct text hash;
};

static enum err_code change_password(struct store *store, const void *of, struct err *err)
{
    const struct new_password *new = of;
    struct sql_parameters invitation = {0}, change = {0}, whose = {0};
    enum err_code code = ERR_OK;

    sql_add_number(&invitation, new->invitation);
    sql_add_number(&invitation, new->person->id);
    sql_add_text(&change, new->hash);
    sql_add_number(&change, new->person->id);
    sql_add_text(&change, new->person->password);
    sql_add_text(&change, new->person->password);
    sql_add_number(&whose, new->person->id);
    if (new->invitation != 0)
        code = run_existing(store, &use_invitation, &invitation, "the invitation was used meanwhile", err);
    if (code == ERR_OK)
        code = run_existing(store, &set_password, &change, "the password was changed meanwhile", err);
    return code == ERR_OK ? sql_run(store->sql, &end_keys_for_password, &whose, err) : code;
}

enum err_code store_person_set_password(struct store *store, const struct store_person *person, struct text password,
                                        uint64_t invitation, struct err *err)
{
    return transact(store, change_password, &(struct new_password){person, invitation, password}, err);
}

/* Whom to remove, and what the log of changes calls them then. */
struct removal {
    uint64_t by;
    struct text name, alias;
};

static enum err_code remove_and_rename(struct store *store, const void *of, struct err *err)
{
    const struct removal *removal = of;
    struct sql_parameters remove = {0}, rename = {0};
    enum err_code code = demand_admin(store, removal->by, err);

    sql_add_text(&remove, removal->name);
    sql_add_text(&rename, removal->alias);
    sql_add_text(&rename, removal->name);
    if (code == ERR_OK)
        code = run_existing(store, &remove_person, &remove, nobody, err);
    return code == ERR_OK && removal->alias.len > 0 ? sql_run(store->sql, &rename_actor, &rename, err) : code;
}

enum err_code store_person_remove(struct store *store, uint64_t by, struct text name, struct text alias,
                                  struct err *err)
{
    return transact(store, remove_and_rename, &(struct removal){by, name, alias}, err);
}

/* A key to add. */
struct new_key {
    const struct store_key *key;
    const struct store_bounds *bounds;
};

/* Deletes keys of the person and kind of a new one: those that are idle, and the oldest of too many. */
static enum err_code clear_others(struct store *store, const struct new_key *new, struct err *err)
{
    struct sql_parameters idle = {0}, oldest = {0};
    enum err_code code;

    sql_add_number(&idle, new->key->person.id);
    sql_add_text(&idle, new->key->kind);
    sql_add_number(&idle, new->bounds->idle_s);
    for (int i = 0; i < 2; i++) {
        sql_add_number(&oldest, new->key->person.id);
        sql_add_text(&oldest, new->key->kind);
    }
    sql_add_number(&oldest, new->bounds->most);
    code = sql_run(store->sql, &clear_idle, &idle, err);
    return code == ERR_OK ? sql_run(store->sql, &clear_oldest, &oldest, err) : code;
}

static enum err_code insert_key(struct store *store, const void *of, struct err *err)
{
    const struct new_key *new = of;
    const struct store_key *key = new->key;
    struct sql_parameters parameters = {0};
    enum err_code code;

    sql_add_text(&parameters, key->kind);
    sql_add_text(&parameters, key->hash);
    sql_add_text(&parameters, key->scope);
    sql_add_text(&parameters, key->about);
    sql_add_number(&parameters, new->bounds->life_s);
    sql_add_number(&parameters, key->person.id);
    sql_add_text(&parameters, key->kind);
    sql_add_text(&parameters, key->person.password);
    code = run_existing(store, &add_key, &parameters, "the person was removed or has another password", err);
    return code == ERR_OK && new->bounds->most > 0 ? clear_others(store, new, err) : code;
}

enum err_code store_key_add(struct store *store, const struct store_key *key, const struct store_bounds *bounds,
                            struct err *err)
{
    const enum err_code code = write_alone(store, &clear_keys, NULL, NULL, err);

    return code == ERR_OK ? transact(store, insert_key, &(struct new_key){key, bounds}, err) : code;
}

enum err_code store_key_find(struct store *store, struct text kind, struct text hash, uint64_t idle_s,
                             struct arena *arena, struct store_key *key, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct text columns[FOUND_COLUMNS];
    enum err_code code;

    sql_add_text(&parameters, hash);
    sql_add_text(&parameters, kind);
    sql_add_number(&parameters, idle_s);
    code = sql_read(store->sql, &find_key, &parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, FOUND_COLUMNS, arena, err);
    if (code == ERR_OK)
        *key = (struct store_key){.number = text_number(columns[0]),
                                  .kind = kind,
                                  .hash = hash,
                                  .scope = columns[4],
                                  .person = {.id = text_number(columns[1]), .name = columns[2], .role = columns[3]},
                                  .is_idle = text_equal_string(columns[5], "1")};
    return sql_done(store->sql, code, err);
}

enum err_code store_key_touch(struct store *store, uint64_t number, struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, number);
    return write_alone(store, &touch_key, &parameters, NULL, err);
}

enum err_code store_key_list(struct store *store, struct text kind, uint64_t person, struct arena *arena,
                             struct store_keys *keys, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code;

    *keys = (struct store_keys){arena_alloc(arena, KEYS_MOST * sizeof *keys->all), 0};
    sql_add_text(&parameters, kind);
    sql_add_number(&parameters, person);
    sql_add_number(&parameters, person);
    sql_add_number(&parameters, KEYS_MOST);
    code = sql_read(store->sql, &list_keys, &parameters, err);
    while (code == ERR_OK && keys->count < KEYS_MOST) {
        struct text columns[LISTED_COLUMNS];

        code = sql_fetch(store->sql, columns, LISTED_COLUMNS, arena, err);
        if (code == ERR_OK)
            keys->all[keys->count++] =
                (struct store_key){.number = text_number(columns[0]),
                                   .kind = kind,
                                   .scope = columns[4],
                                   .about = columns[5],
                                   .made_at = columns[6],
                                   .used_at = columns[7],
                                   .ends_at = columns[8],
                                   .person = {.id = text_number(columns[1]), .name = columns[2], .role = columns[3]}};
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Runs a DELETE of keys by kind, person and number. */
static enum err_code end_keys(struct store *store, const struct sql_statement *statement, struct text kind,
                              uint64_t person, uint64_t number, uint64_t *rows, struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_text(&parameters, kind);
    sql_add_number(&parameters, person);
    sql_add_number(&parameters, person);
    sql_add_number(&parameters, number);
    return write_alone(store, statement, &parameters, rows, err);
}

enum err_code store_key_end(struct store *store, struct text kind, uint64_t person, uint64_t number, struct err *err)
{
    uint64_t rows;
    const enum err_code code = end_keys(store, &end_key, kind, person, number, &rows, err);

    return code == ERR_OK && rows == 0 ? err_set(err, ERR_NOT_FOUND, "there is no such key") : code;
}

enum err_code store_key_end_others(struct store *store, struct text kind, uint64_t person, uint64_t but,
                                   struct err *err)
{
    return end_keys(store, &end_other_keys, kind, person, but, NULL, err);
}

/* Reads how many seconds the next attempt has to wait, at least 1. */
static enum err_code wait_for_attempt(struct store *store, const struct sql_parameters *who, unsigned *wait_s,
                                      struct err *err)
{
    struct arena arena = {0};
    struct text column = {"", 0};
    enum err_code code = sql_read(store->sql, &read_wait, who, err);

    *wait_s = 1; /* it has ended just now */
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, &arena, err);
    if (code == ERR_OK && text_number(column) > 1)
        *wait_s = (unsigned)text_number(column);
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    return code == ERR_OK || code == ERR_NOT_FOUND ? err_set(err, ERR_BUSY, "too many attempts to sign in") : code;
}

enum err_code store_attempt(struct store *store, struct text who, unsigned free, unsigned most_s, unsigned *wait_s,
                            struct err *err)
{
    struct sql_parameters name = {0}, count = {0};
    uint64_t rows = 0;
    enum err_code code = write_alone(store, &clear_attempts, NULL, NULL, err);

    sql_add_text(&name, who);
    sql_add_number(&count, free);
    sql_add_number(&count, free);
    sql_add_number(&count, most_s);
    sql_add_text(&count, who);
    if (code == ERR_OK)
        code = write_alone(store, &add_attempt, &name, NULL, err);
    if (code == ERR_OK)
        code = write_alone(store, &count_attempt, &count, &rows, err);
    return code == ERR_OK && rows == 0 ? wait_for_attempt(store, &name, wait_s, err) : code;
}

enum err_code store_attempt_undo(struct store *store, struct text who, bool all, struct err *err)
{
    struct sql_parameters parameters = {0};

    sql_add_text(&parameters, who);
    return write_alone(store, all ? &undo_attempts : &undo_attempt, &parameters, NULL, err);
}
