#include "web/table_request.h"

#include <string.h>

#include "base/limits.h"
#include "book/query_parameters.h"

/* The parameters that the list has, too. */
static const char *const filters[] = {"category", "publisher", "edition", "from", "until"};
enum { FILTERS = sizeof filters / sizeof *filters };

static bool begins(struct text text, const char *begin)
{
    const size_t len = strlen(begin);

    return text.len >= len && memcmp(text.at, begin, len) == 0;
}

static bool ends(struct text text, const char *end)
{
    const size_t len = strlen(end);

    return text.len >= len && memcmp(text.at + text.len - len, end, len) == 0;
}

/* Reads a number of at most 15 digits; if absent, leaves *number unchanged. Returns false if it is not a number. */
static bool read_number(const struct parameters *parameters, const char *name, uint64_t *number)
{
    const struct text text = parameters_get(parameters, name);

    if (text.len == 0)
        return true;
    if (text.len > 15 || !text_is_number(text))
        return false;
    *number = text_number(text);
    return true;
}

static const char *read_part(const struct parameters *parameters, struct table_request *request)
{
    request->length = LIMIT_PAGE_ROWS;
    if (!read_number(parameters, "start", &request->query.offset))
        return "start is not a row number.";
    if (text_equal_string(parameters_get(parameters, "length"), "-1"))
        request->length = TABLE_REQUEST_ALL;
    else if (!read_number(parameters, "length", &request->length) || request->length == 0)
        return "length must be a number of rows or -1.";
    request->query.limit = request->length < LIMIT_API_ROWS ? (size_t)request->length : LIMIT_API_ROWS;
    return NULL;
}

/* Splits "columns[3][search][value]" into "3" and "[search][value]". Returns false if it is not about a column. */
static bool split_column(struct text name, struct text *column, struct text *member)
{
    static const char begin[] = "columns[";

    if (!begins(name, begin))
        return false;
    *member = (struct text){name.at + sizeof begin - 1, name.len - (sizeof begin - 1)};
    *column = text_split(member, ']');
    return true;
}

/* Returns the field that a column shows, BOOK_FIELDS if none. */
static enum book_field field_of_column(const struct parameters *parameters, struct arena *arena, struct text column)
{
    static const char *const members[] = {"name", "data"};
    enum book_field field = BOOK_FIELDS;

    for (size_t i = 0; i < sizeof members / sizeof *members && field == BOOK_FIELDS; i++)
        field = book_field_of(parameters_get(
            parameters, arena_format(arena, "columns[%.*s][%s]", (int)column.len, column.at, members[i])));
    return field;
}

/* Appends a search in a column to the search. */
static const char *add_column_search(const struct parameters *parameters, struct arena *arena, struct text column,
                                     struct text value, struct buf *search)
{
    const enum book_field field = field_of_column(parameters, arena, column);

    if (field == BOOK_FIELDS)
        return "A column to search in must have the name of a field, such as title, in its name or data.";
    query_add_term(search, field, value);
    buf_add_char(search, ' ');
    return NULL;
}

/* Reads one parameter if it is about searching, except search[value]. */
static const char *read_criterion(const struct parameters *parameters, const struct parameter *parameter,
                                  struct arena *arena, struct buf *search)
{
    const struct text value = text_trim(parameter->value);
    const struct text name = text_line(arena, parameter->name);
    const bool is_global = begins(name, "search[");
    struct text column, member;

    if (value.len == 0 || text_equal_string(name, "search[value]"))
        return NULL;
    if (!is_global && (!split_column(name, &column, &member) || !begins(member, "[search]")))
        return NULL;
    if (!is_global && text_equal_string(member, "[search][value]"))
        return add_column_search(parameters, arena, column, value, search);
    if (is_global ? !text_equal_string(name, "search[regex]") : !text_equal_string(member, "[search][regex]"))
        return arena_format(arena, "%.*s is not supported.", (int)name.len, name.at);
    return text_equal_string(value, "false") ? NULL : "Regular expressions are not supported: set regex to false.";
}

/*
 * Makes one search of those in columns and search[value]. The latter is last, since a phrase in it may lack the
 * quotation mark at its end.
 */
static const char *read_search(const struct parameters *parameters, struct arena *arena, struct text *search)
{
    const struct text words = text_trim(parameters_get(parameters, "search[value]"));
    struct buf all = {0};
    const char *fault = NULL;

    for (size_t i = 0; i < parameters->count && fault == NULL; i++)
        fault = read_criterion(parameters, &parameters->all[i], arena, &all);
    buf_add(&all, words.at, words.len);
    *search = text_copy(arena, (struct text){buf_string(&all), all.len});
    buf_free(&all);
    return fault;
}

/* Reads the order with a number. *is_there: there is one. */
static const char *read_order(const struct parameters *parameters, struct arena *arena, size_t number,
                              struct query_order *order, bool *is_there)
{
    const struct text name = parameters_get(parameters, arena_format(arena, "order[%zu][name]", number));
    const struct text column = parameters_get(parameters, arena_format(arena, "order[%zu][column]", number));
    const struct text way = parameters_get(parameters, arena_format(arena, "order[%zu][dir]", number));

    *is_there = name.len > 0 || column.len > 0;
    order->is_descending = text_equal_string(way, "desc");
    if (way.len > 0 && !order->is_descending && !text_equal_string(way, "asc"))
        return "A direction must be asc or desc.";
    order->field = book_field_of(name);
    if (order->field == BOOK_FIELDS)
        order->field = field_of_column(parameters, arena, column);
    return *is_there && order->field == BOOK_FIELDS
               ? "A column to sort by must have the name of a field, such as title, in its name or data."
               : NULL;
}

/* Returns whether a parameter names the column of an order with a number from count on. */
static bool is_beyond(const struct parameter *parameter, size_t count)
{
    const struct text name = parameter->name;
    size_t number = 0;

    if (!begins(name, "order[") || ends(name, "[dir]") || parameter->value.len == 0)
        return false;
    for (size_t i = strlen("order["); i < name.len && name.at[i] >= '0' && name.at[i] <= '9' && number < count; i++)
        number = 10 * number + (size_t)(name.at[i] - '0');
    return number >= count;
}

/* Sets *sort to the orders as the parameter of a list; empty: none. */
static const char *read_orders(const struct parameters *parameters, struct arena *arena, struct text *sort)
{
    struct buf all = {0};
    struct query_order order;
    const char *fault;
    bool is_there;
    size_t count = 0;

    while ((fault = read_order(parameters, arena, count, &order, &is_there)) == NULL && is_there)
        buf_add_format(&all, "%s%s%s", count++ > 0 ? "," : "", order.is_descending ? "-" : "",
                       book_fields[order.field].name);
    for (size_t i = 0; i < parameters->count && fault == NULL; i++)
        if (is_beyond(&parameters->all[i], count))
            fault = "Orders are numbered from 0, without a gap.";
    *sort = text_copy(arena, (struct text){buf_string(&all), all.len});
    buf_free(&all);
    return fault;
}

/* Returns whether a parameter may not be repeated; query_read() looks at the filters. */
static bool is_known(struct text name)
{
    static const char *const names[] = {"draw", "start", "length", "facets", "suggest"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal_string(name, names[i]))
            return true;
    return begins(name, "search[") || begins(name, "order[") || begins(name, "columns[");
}

static bool is_filter(struct text name)
{
    for (size_t i = 0; i < FILTERS; i++)
        if (text_equal_string(name, filters[i]))
            return true;
    return false;
}

/* Translates the request to the parameters of the list, so that there is only one parser for queries. */
static const char *translate(const struct parameters *parameters, struct arena *arena, struct parameters *ours)
{
    struct text search, sort;
    const char *fault = read_search(parameters, arena, &search);

    if (fault == NULL)
        fault = read_orders(parameters, arena, &sort);
    if (fault != NULL)
        return fault;
    ours->all = arena_alloc(arena, (2 + parameters->count) * sizeof *ours->all);
    ours->count = 0;
    ours->all[ours->count++] = (struct parameter){text_from_cstr("search"), search};
    ours->all[ours->count++] = (struct parameter){text_from_cstr("sort"), sort};
    for (size_t i = 0; i < parameters->count; i++)
        if (is_filter(parameters->all[i].name))
            ours->all[ours->count++] = parameters->all[i];
    return NULL;
}

const char *table_request_read(const struct parameters *parameters, struct arena *arena, struct table_request *request)
{
    struct table_request part = {0};
    struct parameters ours;
    const char *fault;

    *request = (struct table_request){0};
    if (!read_number(parameters, "draw", &request->draw))
        return "draw is not a number.";
    fault = parameters_repeated(parameters, is_known, arena);
    if (fault == NULL && !parameters_is_flag(parameters, "facets"))
        fault = "facets must be 0 or 1.";
    if (fault == NULL && !parameters_is_flag(parameters, "suggest"))
        fault = "suggest must be 0 or 1.";
    if (fault == NULL)
        fault = read_part(parameters, &part);
    if (fault == NULL)
        fault = translate(parameters, arena, &ours);
    if (fault == NULL)
        fault = query_read(&ours, arena, &request->query);
    request->length = part.length;
    request->query.offset = part.query.offset;
    request->query.limit = part.query.limit;
    request->query.wants_facets = text_equal_string(parameters_get(parameters, "facets"), "1");
    request->query.wants_suggestions = text_equal_string(parameters_get(parameters, "suggest"), "1");
    return fault;
}
