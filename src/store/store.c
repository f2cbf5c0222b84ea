#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/store_parts.h"

static const char ask_version[] = "SELECT epoch, version, token FROM music_version";

static const struct sql_statement read_version = {"SELECT epoch, version, token, books FROM music_version",
                                                  SLOT_VERSION},
                                  read_page = {"SELECT {columns} FROM music ORDER BY book_id LIMIT ? OFFSET ?",
                                               SLOT_PAGE},
                                  read_book = {"SELECT {columns} FROM music WHERE book_id = ?", SLOT_GET},
                                  read_all = {"SELECT {columns} FROM music ORDER BY book_id", SLOT_SCAN};

struct store *store_new(const struct config *config)
{
    struct store *store = mem_zero(sizeof *store);

    store->sql = sql_new(config);
    store->check_timeout_ms = config->check_timeout_ms;
    return store;
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    sql_free(store->sql);
    free(store);
}

bool store_rest(struct store *store)
{
    return sql_rest(store->sql);
}

enum err_code store_begin(struct store *store, const char *how, struct err *err)
{
    enum err_code code = ERR_UNAVAILABLE;

    for (int attempt = 0; attempt < 2 && code == ERR_UNAVAILABLE; attempt++) {
        code = sql_open(store->sql, err);
        if (code != ERR_OK)
            return code;
        code = sql_begin(store->sql, how, err);
    }
    return code;
}

void store_roll_back(struct store *store)
{
    sql_roll_back(store->sql);
}

enum err_code store_read_version(struct store *store, struct version *version, uint64_t *books, struct err *err)
{
    struct text columns[4];
    struct arena arena = {0};
    enum err_code code = sql_run(store->sql, &read_version, NULL, err);

    if (code == ERR_OK)
        code = sql_fetch(store->sql, columns, 4, &arena, err);
    if (code == ERR_NOT_FOUND)
        code = err_set(err, ERR_INTERNAL, "MySQL: music_version is empty; run `bookshare migrate`");
    if (code == ERR_OK) {
        *version = version_read(columns);
        if (books != NULL)
            *books = text_number(columns[3]);
    }
    code = sql_done(store->sql, code, err);
    arena_free(&arena);
    return code;
}

enum err_code store_check(struct store *store, char *about, size_t size, struct err *err)
{
    struct arena arena = {0};
    struct book book;
    struct version version;
    struct written written;
    enum err_code code = store_get(store, text_from_cstr("?"), &arena, &book, err);

    if (code == ERR_OK || code == ERR_NOT_FOUND)
        code = store_read_version(store, &version, NULL, err);
    if (code == ERR_OK)
        code =
            store_repeat(store, &(struct write_key){text_from_cstr("?"), text_from_cstr("?")}, &arena, &written, err);
    if (code == ERR_NOT_FOUND)
        code = ERR_OK;
    if (code == ERR_OK)
        snprintf(about, size, "%s", sql_about(store->sql));
    arena_free(&arena);
    return code;
}

enum err_code store_version_ask(struct store *store, struct err *err)
{
    enum err_code code = sql_ask(store->sql, ask_version, err);

    return code == ERR_UNAVAILABLE ? sql_ask(store->sql, ask_version, err) : code;
}

enum err_code store_version_answer(struct store *store, struct version *version, struct err *err)
{
    struct text columns[3];
    struct arena arena = {0};
    enum err_code code = sql_answer(store->sql, columns, 3, store->check_timeout_ms, &arena, err);

    if (code == ERR_UNAVAILABLE && !sql_is_open(store->sql)) { /* perhaps a stale connection: retry once */
        code = sql_ask(store->sql, ask_version, err);
        if (code == ERR_OK)
            code = sql_answer(store->sql, columns, 3, store->check_timeout_ms, &arena, err);
    }
    if (code == ERR_OK)
        *version = version_read(columns);
    arena_free(&arena);
    return code;
}

enum err_code store_version(struct store *store, struct version *version, struct err *err)
{
    const enum err_code code = store_version_ask(store, err);

    return code == ERR_OK ? store_version_answer(store, version, err) : code;
}

enum err_code store_fetch_book(struct store *store, struct arena *arena, struct book *book, struct err *err)
{
    const enum err_code code = sql_fetch(store->sql, book->field, BOOK_FIELDS, arena, err);

    if (code == ERR_OK)
        book_repair(book, arena);
    return code;
}

enum err_code store_fetch_books(struct store *store, size_t limit, struct arena *arena, struct book_list *list,
                                struct err *err)
{
    enum err_code code = ERR_OK;

    *list = (struct book_list){arena_alloc(arena, limit * sizeof(struct book)), 0};
    while (code == ERR_OK && list->count < limit) {
        code = store_fetch_book(store, arena, &list->books[list->count], err);
        if (code == ERR_OK)
            list->count++;
    }
    code = sql_done(store->sql, code, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code store_page(struct store *store, uint64_t offset, size_t limit, struct arena *arena,
                         struct store_page *page, struct err *err)
{
    struct sql_parameters parameters = {0};
    enum err_code code = store_begin(store, STORE_SNAPSHOT, err);

    if (code == ERR_OK)
        code = store_read_version(store, &page->version, &page->total, err);
    page->books = code == ERR_OK ? page->total : 0;
    sql_add_number(&parameters, limit);
    sql_add_number(&parameters, offset);
    if (code == ERR_OK)
        code = sql_run(store->sql, &read_page, &parameters, err);
    if (code == ERR_OK)
        code = store_fetch_books(store, limit, arena, &page->list, err);
    store_roll_back(store);
    return code;
}

enum err_code store_get(struct store *store, struct text id, struct arena *arena, struct book *book, struct err *err)
{
    struct sql_parameters parameters = {0};
    struct book_list list = {0};
    enum err_code code;

    sql_add_text(&parameters, id);
    code = sql_read(store->sql, &read_book, &parameters, err);
    if (code == ERR_OK)
        code = store_fetch_books(store, 1, arena, &list, err);
    if (code != ERR_OK)
        return code;
    if (list.count == 0)
        return err_set(err, ERR_NOT_FOUND, "no book with this ID");
    *book = list.books[0];
    return ERR_OK;
}

enum err_code store_select_all(struct store *store, struct err *err)
{
    return sql_run(store->sql, &read_all, NULL, err);
}

enum err_code store_scan_begin(struct store *store, struct version *version, uint64_t *books, struct err *err)
{
    enum err_code code = store_begin(store, STORE_SNAPSHOT, err);

    if (code == ERR_OK)
        code = store_read_version(store, version, books, err);
    if (code == ERR_OK)
        code = store_select_all(store, err);
    if (code != ERR_OK)
        store_roll_back(store);
    return code;
}

enum err_code store_scan_next(struct store *store, struct arena *arena, struct book *book, struct err *err)
{
    return store_fetch_book(store, arena, book, err);
}

void store_scan_end(struct store *store)
{
    store_roll_back(store);
}

void store_scan_cancel(struct store *store)
{
    sql_break(store->sql);
}
