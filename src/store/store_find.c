/*
 * The searching half of store: searches, choices and orders in SQL. It scans the whole table, which takes some tenths
 * of a second for 500,000 books. It is the fallback when there is no search index (index/index.h).
 */
#include <string.h>

#include "base/buf.h"
#include "base/slots.h"
#include "store/store.h"
#include "store/store_parts.h"

enum { VALUES_MOST = LIMIT_SEARCH_WORDS * BOOK_FIELDS + 2 * BOOK_FIELDS };

/* A condition being built: its text, composed of constants in this file, and the values of its question marks. */
struct condition {
    struct buf text;
    struct sql_parameters parameters;
    struct sql_parameter room[VALUES_MOST];
    struct arena *arena;
};

/* Returns a LIKE pattern for values that contain text. */
static struct text pattern_of(struct arena *arena, struct text text)
{
    char *pattern = arena_alloc(arena, 2 * text.len + 2), *at = pattern;

    *at++ = '%';
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("%_|", text.at[i]) != NULL)
            *at++ = '|';
        *at++ = text.at[i];
    }
    *at++ = '%';
    return (struct text){pattern, (size_t)(at - pattern)};
}

static void add_clause(struct condition *condition, const struct query_clause *clause)
{
    const struct text pattern = pattern_of(condition->arena, clause->text);

    buf_add_string(&condition->text, clause->is_excluded ? "NOT COALESCE(" : "(");
    if (clause->field == QUERY_ANY) {
        buf_add_string(&condition->text, "book_id = ? OR {matches}");
        sql_add_text(&condition->parameters, clause->text);
        for (int field = 0; field < BOOK_FIELDS; field++)
            if (book_fields[field].type == BOOK_TEXT)
                sql_add_text(&condition->parameters, pattern);
    } else if (clause->field == BOOK_ID) {
        buf_add_string(&condition->text, "book_id = ?");
        sql_add_text(&condition->parameters, clause->text);
    } else {
        buf_add_string(&condition->text, book_fields[clause->field].name);
        buf_add_string(&condition->text, " LIKE ? ESCAPE '|'");
        sql_add_text(&condition->parameters, pattern);
    }
    buf_add_string(&condition->text, clause->is_excluded ? ", FALSE)" : ")");
}

/* Returns whether a clause equals an earlier one. */
static bool is_repeated(const struct query_clauses *clauses, size_t clause)
{
    const struct query_clause *all = clauses->all;

    for (size_t i = 0; i < clause; i++)
        if (all[i].field == all[clause].field && all[i].is_excluded == all[clause].is_excluded &&
            text_equal(all[i].text, all[clause].text))
            return true;
    return false;
}

/* Matches if the whole search is the ID, or if all clauses are satisfied. */
static void add_search(struct condition *condition, const struct query_clauses *clauses)
{
    buf_add_string(&condition->text, " AND (book_id = ? OR (TRUE");
    sql_add_text(&condition->parameters, clauses->whole);
    for (size_t i = 0; i < clauses->count; i++) {
        if (is_repeated(clauses, i))
            continue;
        buf_add_string(&condition->text, " AND ");
        add_clause(condition, &clauses->all[i]);
    }
    buf_add_string(&condition->text, "))");
}

/* Appends " AND field", an operator and its value. */
static void add_test(struct condition *condition, enum book_field field, const char *test, struct text value)
{
    if (value.len == 0)
        return;
    buf_add_string(&condition->text, " AND ");
    buf_add_string(&condition->text, book_fields[field].name);
    buf_add_string(&condition->text, test);
    sql_add_text(&condition->parameters, value);
}

static void add_query(struct condition *condition, const struct query *query)
{
    condition->parameters.many = condition->room;
    buf_add_string(&condition->text, " FROM music WHERE TRUE");
    if (query->clauses != NULL)
        add_search(condition, query->clauses);
    for (int field = 0; field < BOOK_FIELDS; field++)
        add_test(condition, (enum book_field)field, " COLLATE utf8mb4_bin = ?", query->choice[field]);
    if (query->from.len > 0 ||
        query->until.len > 0) /* invalid dates count as none (book_repair), so no range includes them */
        buf_add_string(&condition->text, " AND DAY(available_from) BETWEEN 1 AND DAY(LAST_DAY(available_from))");
    add_test(condition, BOOK_AVAILABLE_FROM, " >= ?", query->from);
    add_test(condition, BOOK_AVAILABLE_FROM, " <= ?", query->until);
}

/* ---- Time limits */

/* A search running in MySQL. */
struct search {
    struct deadline *deadline; /* deadline of the query; NULL: none */
    int slot;                  /* slot among the searches of this host in MySQL */
    bool is_limited;           /* the session has a time limit */
};

/* Takes a slot for a search in MySQL: each one scans the whole table, so more at a time would only be slower. */
static enum err_code begin_search(struct search *search, struct deadline *deadline, struct err *err)
{
    *search = (struct search){.deadline = deadline, .slot = SLOTS_NONE};
    if (deadline == NULL ||
        slots_take(deadline->config, "mysql-searches", LIMIT_MYSQL_SEARCHES, &search->slot, err) != ERR_BUSY)
        return ERR_OK;
    return err_set(err, ERR_BUSY, "Too many searches are running. Try again in a few seconds.");
}

/* Limits the statements of this session to ms milliseconds; 0: no limit. Each server has its own variable for it. */
static enum err_code limit_statements(struct store *store, uint64_t ms, struct err *err)
{
    static const struct sql_statement of_mariadb = {"SET SESSION max_statement_time = ? / 1000", SLOT_TIME_LIMIT},
                                      of_mysql = {"SET SESSION max_execution_time = ?", SLOT_TIME_LIMIT};
    struct sql_parameters parameters = {0};

    sql_add_number(&parameters, ms);
    return sql_run(store->sql, sql_is_mariadb(store->sql) ? &of_mariadb : &of_mysql, &parameters, err);
}

/* Limits the next statement to the deadline, or to a short time without a slot for long work. */
static enum err_code limit_search(struct store *store, struct search *search, struct err *err)
{
    int64_t ms;

    if (search->deadline == NULL)
        return ERR_OK;
    if (deadline_passed(search->deadline))
        return deadline_error(search->deadline, err);
    ms = deadline_left_ms(search->deadline);
    if (!deadline_take_share(search->deadline) && ms > LIMIT_MYSQL_SHORT_MS)
        ms = LIMIT_MYSQL_SHORT_MS;
    search->is_limited = true;
    return limit_statements(store, (uint64_t)ms, err);
}

/* Resets the session; if that fails, the session must not be used for anything else. */
static void lift_limit(struct store *store, struct search *search)
{
    struct err err;

    if (search->is_limited && sql_is_open(store->sql) && limit_statements(store, 0, &err) != ERR_OK)
        sql_drop(store->sql);
    search->is_limited = false;
}

/* Sets the error for a failed search. */
static enum err_code why(struct store *store, struct search *search, enum err_code code, struct err *err)
{
    if (code == ERR_OK || search->deadline == NULL || !sql_is_timeout(store->sql))
        return code;
    search->deadline->state = search->deadline->is_long ? DEADLINE_LATE : DEADLINE_BUSY;
    return deadline_error(search->deadline, err);
}

/* ---- Searching */

/* Counts the result. */
static enum err_code count_found(struct store *store, struct search *search, const struct condition *condition,
                                 uint64_t *total, struct err *err)
{
    struct buf text = {0};
    struct text column = {"", 0};
    enum err_code code = limit_search(store, search, err);

    buf_add_string(&text, "SELECT COUNT(*)");
    buf_add_string(&text, buf_string(&condition->text));
    if (code == ERR_OK)
        code = sql_run(store->sql, &(struct sql_statement){text.at, SQL_ONCE}, &condition->parameters, err);
    if (code == ERR_OK)
        code = sql_fetch(store->sql, &column, 1, condition->arena, err);
    *total = text_number(column);
    code = sql_done(store->sql, code, err);
    buf_free(&text);
    return why(store, search, code, err);
}

/* Opens a snapshot and reads its version and the count of books in the version row. */
static enum err_code open_snapshot(struct store *store, struct version *version, uint64_t *books, struct err *err)
{
    enum err_code code = store_begin(store, STORE_SNAPSHOT, err);

    return code == ERR_OK ? store_read_version(store, version, books, err) : code;
}

/* Selects the result in its order: all of it or, with limit, the requested part. Appends to the values of condition. */
static enum err_code select_found(struct store *store, struct condition *condition, const struct query *query,
                                  bool is_part, struct err *err)
{
    const char *way = query->is_descending ? " DESC" : "";
    struct buf text = {0};
    enum err_code code;

    add_test(condition, BOOK_ID, " > ?", query->after);
    buf_add_string(&text, "SELECT {columns}");
    buf_add_string(&text, buf_string(&condition->text));
    buf_add_format(&text, " ORDER BY %s%s", book_fields[query->sort].name, way);
    if (query->sort != BOOK_ID)
        buf_add_format(&text, ", book_id%s", way);
    if (is_part) {
        buf_add_string(&text, " LIMIT ? OFFSET ?");
        sql_add_number(&condition->parameters, query->limit);
        sql_add_number(&condition->parameters, query->offset);
    }
    code = sql_run(store->sql, &(struct sql_statement){text.at, SQL_ONCE}, &condition->parameters, err);
    buf_free(&text);
    return code;
}

enum err_code store_find(struct store *store, const struct query *query, struct arena *arena, struct store_page *page,
                         struct err *err)
{
    struct condition condition = {.arena = arena};
    struct search search;
    enum err_code code = begin_search(&search, query->deadline, err);

    *page = (struct store_page){0};
    if (code == ERR_OK)
        add_query(&condition, query);
    if (code == ERR_OK) {
        code = open_snapshot(store, &page->version, &page->books, err);
        page->total = page->books;
        if (code == ERR_OK && !query_is_whole(query))
            code = count_found(store, &search, &condition, &page->total, err);
        if (code == ERR_OK && query->offset < page->total) {
            code = limit_search(store, &search, err);
            if (code == ERR_OK)
                code = select_found(store, &condition, query, true, err);
            if (code == ERR_OK)
                code = store_fetch_books(store, query->limit, arena, &page->list, err);
            code = why(store, &search, code, err);
        }
        store_roll_back(store);
        lift_limit(store, &search);
    }
    slots_give(search.slot);
    buf_free(&condition.text);
    return code;
}

/* Only the counting is limited; it reads as much as the rest. The rest takes as long as the client takes to read it. */
enum err_code store_find_begin(struct store *store, const struct query *query, struct version *version, uint64_t *total,
                               struct err *err)
{
    struct arena arena = {0};
    struct condition condition = {.arena = &arena};
    struct search search;
    enum err_code code = begin_search(&search, query->deadline, err);

    add_query(&condition, query);
    if (code == ERR_OK)
        code = open_snapshot(store, version, total, err);
    if (code == ERR_OK) /* exact, unlike the version row after edits that bypassed the application */
        code = count_found(store, &search, &condition, total, err);
    if (code == ERR_OK) {
        lift_limit(store, &search);
        code = select_found(store, &condition, query, false, err);
    }
    if (code != ERR_OK)
        store_roll_back(store);
    lift_limit(store, &search);
    slots_give(search.slot);
    buf_free(&condition.text);
    arena_free(&arena);
    return code;
}

enum err_code store_find_next(struct store *store, struct arena *arena, struct book *book, struct err *err)
{
    return store_fetch_book(store, arena, book, err);
}

void store_find_end(struct store *store)
{
    store_roll_back(store);
}
