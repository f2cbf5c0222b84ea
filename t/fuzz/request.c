/*
 * An address with its parameters, and a form. Lines: method, address, Content-Type, Content-Length (empty: that of the
 * body); then the body. What was read from an address and written as a link is read the same again.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "book/query_parameters.h"
#include "view/link.h"
#include "web/request.h"
#include "web/table_request.h"

enum { HEADERS = 4 };

static void end_stream(FCGX_Stream *stream)
{
    stream->isClosed = 1;
}

/* Makes a stream of what is left of a request. */
static FCGX_Stream stream_of(struct arena *arena, struct text body)
{
    unsigned char *at = (unsigned char *)arena_copy(arena, body.at, body.len);

    return (FCGX_Stream){.rdNext = at,
                         .wrNext = at + body.len,
                         .stop = at + body.len,
                         .stopUnget = at,
                         .isReader = 1,
                         .fillBuffProc = end_stream};
}

static bool is_same_choice(const struct query_choice *a, const struct query_choice *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (!text_equal(a->values[i], b->values[i]))
            return false;
    return a->count == b->count;
}

static bool is_same_order(const struct query *a, const struct query *b)
{
    if (a->further != b->further)
        return false;
    for (size_t i = 0; i <= a->further; i++)
        if (a->order[i].field != b->order[i].field || a->order[i].is_descending != b->order[i].is_descending)
            return false;
    return true;
}

static bool is_same(const struct query *a, const struct query *b)
{
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (!is_same_choice(&a->choice[field], &b->choice[field]))
            return false;
    return text_equal(a->search, b->search) && text_equal(a->from, b->from) && text_equal(a->until, b->until) &&
           is_same_order(a, b) && a->offset == b->offset && a->limit == b->limit;
}

static void check_query(const struct parameters *parameters, size_t most, struct arena *arena)
{
    struct buf link = {0};
    struct parameters again;
    struct query query, other;

    if (query_read_up_to(parameters, most, arena, &query) != NULL)
        return;
    FUZZ_ASSERT(query.limit >= 1 && query.limit <= most);
    FUZZ_ASSERT(query.further < BOOK_FIELDS);
    for (size_t i = 0; i <= query.further; i++)
        FUZZ_ASSERT(query.order[i].field < BOOK_FIELDS);
    query_write(&link, &query);
    FUZZ_ASSERT(parameters_read(&again, (struct text){buf_string(&link), link.len}, arena));
    FUZZ_ASSERT(query_read_up_to(&again, most, arena, &other) == NULL);
    FUZZ_ASSERT(is_same(&query, &other));
    buf_free(&link);
}

static void check_parameters(const struct parameters *parameters, struct arena *arena)
{
    struct table_request table;

    FUZZ_ASSERT(parameters->count <= LIMIT_PARAMETERS);
    for (size_t i = 0; i < parameters->count; i++) {
        struct buf encoded = {0};
        struct text again;

        text_percent_encode(&encoded, parameters->all[i].value);
        again = text_percent_decode(arena, (struct text){buf_string(&encoded), encoded.len}, i % 2 == 0);
        FUZZ_ASSERT(text_equal(again, parameters->all[i].value));
        buf_free(&encoded);
    }
    check_query(parameters, LIMIT_PAGE_ROWS, arena);
    check_query(parameters, LIMIT_API_ROWS, arena);
    if (table_request_read(parameters, arena, &table) == NULL)
        FUZZ_ASSERT(table.query.limit >= 1 && table.query.limit <= LIMIT_API_ROWS && table.query.limit <= table.length);
}

FUZZ_TARGET(request)
{
    static const char *const names[HEADERS] = {"REQUEST_METHOD", "REQUEST_URI", "CONTENT_TYPE", "CONTENT_LENGTH"};
    struct text input = {(const char *)data, size};
    char *environment[HEADERS + 1] = {NULL};
    struct arena arena = {0};
    FCGX_Request fcgi = {.envp = environment};
    FCGX_Stream stream;
    struct request request;
    struct query back;
    struct err err;

    for (int i = 0; i < HEADERS; i++)
        environment[i] = arena_format(&arena, "%s=%s", names[i], text_string(&arena, fuzz_line(&input)));
    if (environment[HEADERS - 1][strlen("CONTENT_LENGTH=")] == '\0')
        environment[HEADERS - 1] = arena_format(&arena, "CONTENT_LENGTH=%zu", input.len);
    stream = stream_of(&arena, input);
    fcgi.in = &stream;
    if (request_read(&request, &fcgi, "/~b", &arena, &err) == ERR_OK)
        FUZZ_ASSERT(request.path.len == 0 || request.path.at[0] == '/' || text_equal_string(request.path, "*"));
    if (request_read(&request, &fcgi, "", &arena, &err) == ERR_OK) {
        FUZZ_ASSERT(request.path.len > 0);
        check_parameters(&request.query, &arena);
        if (request_read_form(&request, &arena) == REQUEST_BODY_FINE)
            check_parameters(&request.form, &arena);
        else
            FUZZ_ASSERT(request.form.count == 0);
        query_read_back(parameters_get(&request.form, "back"), &arena, &back);
        FUZZ_ASSERT(back.limit >= 1 && back.limit <= LIMIT_PAGE_ROWS);
    }
    arena_free(&arena);
    return 0;
}
