#include "store/store_people.h"

#include <stdbool.h>

#include "store/store_parts.h"
#include "store/store_plain.h"

enum { PERSON_COLUMNS = 5, PEOPLE_MOST = 10000 };

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
    add_rename = {"INSERT INTO people_renames (name, alias, next_version, last_version) "
                  "SELECT name, ?, 0, version FROM people JOIN music_version WHERE name = ?",
                  SQL_ONCE};

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
    code = store_write_alone(store, &add_person, &parameters, NULL, err);
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
    return code == ERR_OK ? store_run_existing(store, &set_role, &parameters, nobody, err) : code;
}

enum err_code store_person_set_role(struct store *store, uint64_t by, struct text name, struct text role,
                                    struct err *err)
{
    return store_transact_plain(store, change_role, &(struct new_role){by, name, role}, err);
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
        code = store_run_existing(store, &use_invitation, &invitation, "the invitation was used meanwhile", err);
    if (code == ERR_OK)
        code = store_run_existing(store, &set_password, &change, "the password was changed meanwhile", err);
    return code == ERR_OK ? sql_run(store->sql, &end_keys_for_password, &whose, err) : code;
}

enum err_code store_person_set_password(struct store *store, const struct store_person *person, struct text password,
                                        uint64_t invitation, struct err *err)
{
    return store_transact_plain(store, change_password, &(struct new_password){person, invitation, password}, err);
}

/* Whom to remove, and what the log of changes is to call them then. */
struct removal {
    uint64_t by;
    struct text name, alias;
};

static enum err_code remove_one(struct store *store, const void *of, struct err *err)
{
    const struct removal *removal = of;
    struct sql_parameters remove = {0}, rename = {0};
    enum err_code code = demand_admin(store, removal->by, err);

    sql_add_text(&remove, removal->name);
    sql_add_text(&rename, removal->alias);
    sql_add_text(&rename, removal->name);
    if (code == ERR_OK && removal->alias.len > 0)
        code = store_run_existing(store, &add_rename, &rename, nobody, err);
    return code == ERR_OK ? store_run_existing(store, &remove_person, &remove, nobody, err) : code;
}

enum err_code store_person_remove(struct store *store, uint64_t by, struct text name, struct text alias,
                                  struct err *err)
{
    return store_transact_plain(store, remove_one, &(struct removal){by, name, alias}, err);
}
