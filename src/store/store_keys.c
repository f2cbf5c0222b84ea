#include "store/store_keys.h"

#include "store/store_parts.h"
#include "store/store_plain.h"

enum { FOUND_COLUMNS = 6, LISTED_COLUMNS = 9, KEYS_MOST = 1000 };

static const struct sql_statement
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
    end_other_keys = {"DELETE FROM people_keys WHERE kind = ? AND (person = ? OR ? = 0) AND number <> ?", SQL_ONCE};

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
    code = store_run_existing(store, &add_key, &parameters, "the person was removed or has another password", err);
    return code == ERR_OK && new->bounds->most > 0 ? clear_others(store, new, err) : code;
}

enum err_code store_key_add(struct store *store, const struct store_key *key, const struct store_bounds *bounds,
                            struct err *err)
{
    const enum err_code code = store_write_alone(store, &clear_keys, NULL, NULL, err);

    return code == ERR_OK ? store_transact_plain(store, insert_key, &(struct new_key){key, bounds}, err) : code;
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
    return store_write_alone(store, &touch_key, &parameters, NULL, err);
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
    return store_write_alone(store, statement, &parameters, rows, err);
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
