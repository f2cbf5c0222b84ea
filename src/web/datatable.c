#include "web/datatable.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "book/query_parameters.h"
#include "view/json_table.h"
#include "view/link.h"
#include "web/app.h"
#include "web/list.h"

/* A parsed request. */
struct question {
    struct query query;
    uint64_t draw;
};

/* Reads a number of at most 15 digits; if absent, leaves *number unchanged. Returns false if it is not a number. */
static bool read_number(const struct parameters *parameters, const char *name, uint64_t *number)
{
    const struct text text = parameters_get(parameters, name);

    if (text.len > 15)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    if (text.len > 0)
        *number = text_number(text);
    return true;
}

/* Reads the requested part. */
static const char *read_part(const struct parameters *parameters, struct question *question)
{
    uint64_t length = LIMIT_PAGE_ROWS;

    if (!read_number(parameters, "draw", &question->draw))
        return "draw is not a number.";
    if (!read_number(parameters, "start", &question->query.offset))
        return "start is not a row number.";
    if (!text_equal_string(parameters_get(parameters, "length"), "-1") &&
        (!read_number(parameters, "length", &length) || length == 0))
        return "length must be a number of rows or -1.";
    question->query.limit = length < LIMIT_PAGE_ROWS ? (size_t)length : LIMIT_PAGE_ROWS;
    return NULL;
}

/* Returns the name of the column to sort by; empty: none. */
static struct text order_name(const struct parameters *parameters, struct arena *arena)
{
    struct text name = parameters_get(parameters, "order[0][name]");
    const struct text column = parameters_get(parameters, "order[0][column]");

    if (name.len == 0 && column.len > 0 && column.len < 8) {
        const char *number = text_string(arena, column);

        name = parameters_get(parameters, arena_format(arena, "columns[%s][name]", number));
        if (name.len == 0)
            name = parameters_get(parameters, arena_format(arena, "columns[%s][data]", number));
        if (name.len == 0)
            name = column; /* an unknown name */
    }
    return name;
}

/* Returns whether a parameter is columns[...][search][value]. */
static bool is_column_search(struct text name)
{
    static const char begin[] = "columns[", end[] = "][search][value]";
    const size_t begin_len = sizeof begin - 1, end_len = sizeof end - 1;

    return name.len > begin_len + end_len && memcmp(name.at, begin, begin_len) == 0 &&
           memcmp(name.at + name.len - end_len, end, end_len) == 0;
}

/* Translates the request to the parameters of the list, so that there is only one parser for queries. */
static const char *translate(const struct parameters *parameters, struct arena *arena, struct parameters *ours)
{
    static const char *const kept[] = {"category", "publisher", "edition", "from", "until"};
    const struct text column = order_name(parameters, arena), way = parameters_get(parameters, "order[0][dir]");
    const bool is_descending = text_equal_string(way, "desc");

    for (size_t i = 0; i < parameters->count; i++)
        if (parameters->all[i].value.len > 0 && is_column_search(parameters->all[i].name))
            return "Per-column search is not supported: use title:word in the search.";
    if (way.len > 0 && !is_descending && !text_equal_string(way, "asc"))
        return "A direction must be asc or desc.";
    ours->all = arena_alloc(arena, (2 + sizeof kept / sizeof *kept) * sizeof *ours->all);
    ours->count = 0;
    ours->all[ours->count++] =
        (struct parameter){text_from_cstr("search"), parameters_get(parameters, "search[value]")};
    if (column.len > 0)
        ours->all[ours->count++] = (struct parameter){
            text_from_cstr("sort"),
            text_from_cstr(arena_format(arena, "%s%s", is_descending ? "-" : "", text_string(arena, column)))};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        ours->all[ours->count++] = (struct parameter){text_from_cstr(kept[i]), parameters_get(parameters, kept[i])};
    return NULL;
}

static const char *read_question(const struct exchange *exchange, struct question *question)
{
    const struct parameters *parameters = &exchange->request.query;
    struct parameters ours;
    struct question part = {0};
    const char *fault = read_part(parameters, &part);

    if (fault == NULL)
        fault = translate(parameters, exchange->arena, &ours);
    if (fault == NULL)
        fault = query_read(&ours, exchange->arena, &question->query);
    if (fault != NULL)
        return fault;
    question->draw = part.draw;
    question->query.offset = part.query.offset;
    question->query.limit = part.query.limit;
    question->query.wants_facets = text_equal_string(parameters_get(parameters, "facets"), "1");
    return NULL;
}

void datatable_show(struct exchange *exchange)
{
    struct response *response = exchange->response;
    struct question question = {0};
    struct catalogue_page page = {0};
    struct json_table table;
    const int64_t started = clock_us();
    const char *fault = read_question(exchange, &question);
    enum err_code code;

    if (fault != NULL) {
        exchange_problem(exchange, 400, "Invalid query", fault, link_whole_list(exchange->arena), "Browse all books");
        return;
    }
    code = exchange_find(exchange, &question.query, &page);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    table = (struct json_table){.draw = question.draw,
                                .books = page.books,
                                .total = page.total,
                                .list = &page.list,
                                .marks = marks_new(exchange->arena, &question.query),
                                .facets = &page.facets,
                                .source = list_sources[page.source],
                                .seconds = (double)(clock_us() - started) / 1e6,
                                .version = page.version,
                                .is_sure = page.is_sure};
    response->status = 200;
    response_header(response, "Content-Type", "application/json");
    response_header(response, "Cache-Control", "no-store");
    list_state_headers(exchange, &page, table.seconds);
    json_table(&table, &response->body);
}
