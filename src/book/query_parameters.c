#include "book/query_parameters.h"

#include <string.h>

#include "base/limits.h"

#define BEST "best" /* the order by rank */
#define HIDE "hide"

/* Parses a number from 1 to most. Returns false if it is invalid. */
static bool read_number(struct text text, uint64_t most, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || *number > most / 10)
            return false;
        *number = *number * 10 + (uint64_t)(text.at[i] - '0');
    }
    return *number >= 1 && *number <= most;
}

/* Returns whether a list, the API or an export knows a parameter of this name that has one value. */
static bool is_single(struct text name)
{
    static const char *const names[] = {"page",  "per_page", "search",  "from",    "until", "sort",
                                        "after", "facets",   "suggest", "filters", "raw",   "bom"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal_string(name, names[i]))
            return true;
    return false;
}

/* Converts page and per_page to offset and limit. */
static const char *read_part(const struct parameters *parameters, size_t most, struct arena *arena, struct query *query)
{
    const struct text page_text = parameters_get(parameters, "page");
    const struct text rows_text = parameters_get(parameters, "per_page");
    uint64_t page = 1, rows = LIMIT_PAGE_ROWS;

    if (page_text.len > 0 && !read_number(page_text, LIMIT_PAGE_NUMBER, &page))
        return "Page numbers start at 1.";
    if (rows_text.len > 0 && !read_number(rows_text, most, &rows))
        return arena_format(arena, "A page has 1 to %zu books.", most);
    query->limit = (size_t)rows;
    query->offset = (page - 1) * rows;
    return NULL;
}

/* Checks a text of at most this many characters; what is its name in messages. Returns an error, or NULL. */
static const char *text_fault(struct text text, size_t longest, const char *what, struct arena *arena)
{
    size_t characters;

    switch (text_check(text, &characters)) {
    case TEXT_NOT_UTF8:
        return arena_format(arena, "The %s is not valid UTF-8 text.", what);
    case TEXT_CONTROL_CHARACTER:
        return arena_format(arena, "The %s contains a control character.", what);
    case TEXT_FINE:
        break;
    }
    return characters > longest
               ? arena_format(arena, "The %s has %zu characters; the limit is %zu.", what, characters, longest)
               : NULL;
}

static const char *read_search(const struct parameters *parameters, struct arena *arena, struct query *query)
{
    const struct text search = text_trim(parameters_get(parameters, "search"));
    const char *fault = text_fault(search, LIMIT_SEARCH_CHARACTERS, "search", arena);

    if (fault == NULL && !query_set_search(query, search, arena))
        fault = arena_format(arena, "A search may have %d words.", LIMIT_SEARCH_WORDS);
    return fault;
}

/* Reads the values that are chosen for a field. Empty ones are left out, and so is one that is there already. */
static const char *read_choice(const struct parameters *parameters, const struct book_field_info *field,
                               struct arena *arena, struct query_choice *choice)
{
    struct text *values = arena_alloc(arena, LIMIT_CHOICES * sizeof *values);
    struct text value;
    size_t place = 0;

    *choice = (struct query_choice){values, 0};
    while (parameters_next(parameters, field->name, &place, &value)) {
        const char *fault;

        value = text_trim(value);
        fault = text_fault(value, field->longest, field->name, arena);
        if (fault != NULL)
            return fault;
        if (value.len == 0 || query_choice_has(choice, value))
            continue;
        if (choice->count == LIMIT_CHOICES)
            return arena_format(arena, "At most %d values of %s can be chosen.", LIMIT_CHOICES, field->name);
        values[choice->count++] = value;
    }
    return NULL;
}

static const char *read_choices(const struct parameters *parameters, struct arena *arena, struct query *query)
{
    const char *fault = NULL;

    for (int i = 0; i < BOOK_FIELDS && fault == NULL; i++)
        if (book_fields[i].has_choices)
            fault = read_choice(parameters, &book_fields[i], arena, &query->choice[i]);
    return fault;
}

static const char *read_days(const struct parameters *parameters, struct query *query)
{
    query->from = text_trim(parameters_get(parameters, "from"));
    query->until = text_trim(parameters_get(parameters, "until"));
    return (query->from.len > 0 && !book_date_valid(query->from)) ||
                   (query->until.len > 0 && !book_date_valid(query->until))
               ? "A date must have the form YYYY-MM-DD."
               : NULL;
}

/* Returns the field with exactly this name, or BOOK_FIELDS. */
static int field_named(struct text name)
{
    int field = 0;

    while (field < BOOK_FIELDS && !text_equal_string(name, book_fields[field].name))
        field++;
    return field;
}

/* Removes the text before the next comma from rest and returns it. *is_more: there was a comma. */
static struct text take_name(struct text *rest, bool *is_more)
{
    const char *comma = memchr(rest->at, ',', rest->len);
    const size_t len = comma != NULL ? (size_t)(comma - rest->at) : rest->len;
    const struct text name = {rest->at, len};

    *is_more = comma != NULL;
    rest->at += len + *is_more;
    rest->len -= len + *is_more;
    return name;
}

/* Reads an order: the name of a field, after a '-' if it is descending. Returns false if it is invalid. */
static bool read_one_order(struct text name, struct query_order *order)
{
    int field;

    order->is_descending = name.len > 0 && name.at[0] == '-';
    if (order->is_descending)
        name = (struct text){name.at + 1, name.len - 1};
    field = field_named(name);
    order->field = (enum book_field)field;
    return field < BOOK_FIELDS;
}

/* Returns whether one more order changes nothing, after count others. */
static bool is_implied(const struct query *query, size_t count, struct query_order order)
{
    for (size_t i = 0; i < count; i++)
        if (query->order[i].field == order.field || query->order[i].field == BOOK_ID)
            return true;
    return count > 0 && order.field == BOOK_ID && query->order[count - 1].is_descending == order.is_descending;
}

static const char *read_order(const struct parameters *parameters, struct query *query)
{
    struct text rest = parameters_get(parameters, "sort");
    struct query_order order;
    bool is_more = true;
    size_t count = 0;

    if (rest.len == 0 || text_equal_string(rest, BEST)) {
        query->is_best_first = query->search.len > 0;
        return NULL;
    }
    while (is_more) {
        if (!read_one_order(take_name(&rest, &is_more), &order))
            return "Unknown column to sort by.";
        if (!is_implied(query, count, order))
            query->order[count++] = order;
    }
    query->further = count - 1;
    return NULL;
}

static const char *read_hidden(const struct parameters *parameters, struct query *query)
{
    struct text name;
    size_t place = 0;

    while (parameters_next(parameters, HIDE, &place, &name)) {
        const int field = field_named(name);

        if (name.len == 0)
            continue;
        if (field == BOOK_FIELDS)
            return "Unknown column to hide.";
        if (field == BOOK_TITLE)
            return "The title is always shown.";
        query->hidden |= 1u << field;
    }
    return NULL;
}

const char *query_read_up_to(const struct parameters *parameters, size_t most, struct arena *arena, struct query *query)
{
    const char *fault;

    *query = (struct query){0};
    fault = parameters_repeated(parameters, is_single, arena); /* one of two values would answer another question */
    if (fault == NULL)
        fault = read_part(parameters, most, arena, query);
    if (fault == NULL)
        fault = read_search(parameters, arena, query);
    if (fault == NULL)
        fault = read_choices(parameters, arena, query);
    if (fault == NULL)
        fault = read_days(parameters, query);
    if (fault == NULL)
        fault = read_hidden(parameters, query);
    return fault == NULL ? read_order(parameters, query) : fault;
}

const char *query_read(const struct parameters *parameters, struct arena *arena, struct query *query)
{
    return query_read_up_to(parameters, LIMIT_PAGE_ROWS, arena, query);
}

void query_read_back(struct text text, struct arena *arena, struct query *query)
{
    struct parameters parameters;

    if (!parameters_read(&parameters, text, arena) || query_read(&parameters, arena, query) != NULL)
        *query = query_whole;
}

/* Appends "name=", after a "&" unless it is the first. */
static void add_name(struct buf *out, const char *name, size_t start)
{
    if (out->len > start)
        buf_add_char(out, '&');
    buf_add_string(out, name);
    buf_add_char(out, '=');
}

static void add_text(struct buf *out, const char *name, struct text value, size_t start)
{
    if (value.len == 0)
        return;
    add_name(out, name, start);
    text_percent_encode(out, value);
}

static void add_number(struct buf *out, const char *name, uint64_t value, uint64_t unsaid, size_t start)
{
    if (value == unsaid)
        return;
    add_name(out, name, start);
    buf_add_format(out, "%llu", (unsigned long long)value);
}

void query_write(struct buf *out, const struct query *query)
{
    const size_t start = out->len;

    add_number(out, "page", query->limit > 0 ? query->offset / query->limit + 1 : 1, 1, start);
    add_number(out, "per_page", query->limit, LIMIT_PAGE_ROWS, start);
    add_text(out, "search", query->search, start);
    for (int field = 0; field < BOOK_FIELDS; field++)
        for (size_t i = 0; i < query->choice[field].count; i++)
            add_text(out, book_fields[field].name, query->choice[field].values[i], start);
    add_text(out, "from", query->from, start);
    add_text(out, "until", query->until, start);
    add_text(out, "after", query->after, start);
    if (!query_has_usual_order(query)) {
        add_name(out, "sort", start);
        query_write_order(out, query);
    }
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (query_hides(query, field))
            add_text(out, HIDE, text_from_cstr(book_fields[field].name), start);
}

bool query_has_usual_order(const struct query *query)
{
    const bool is_search = query->search.len > 0 && query->after.len == 0;

    return is_search ? query->is_best_first : query_is_by_id(query) || query->is_best_first;
}

void query_write_order(struct buf *out, const struct query *query)
{
    if (query->is_best_first)
        buf_add_string(out, BEST);
    for (size_t i = 0; i <= query->further && !query->is_best_first; i++)
        buf_add_format(out, "%s%s%s", i > 0 ? "," : "", query->order[i].is_descending ? "-" : "",
                       book_fields[query->order[i].field].name);
}
