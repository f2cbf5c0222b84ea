#include "web/datatable.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "view/json_table.h"
#include "web/answers.h"
#include "web/app.h"
#include "web/list.h"
#include "web/table_request.h"

/* Returns the parameters of the URL and, of a POST, those of its body. */
static struct parameters parameters_of(const struct exchange *exchange)
{
    const struct parameters *query = &exchange->request.query, *form = &exchange->request.form;
    struct parameters both = *query;

    if (form->count == 0)
        return both;
    both.count = query->count + form->count;
    both.all = arena_alloc(exchange->arena, both.count * sizeof *both.all);
    memcpy(both.all, query->all, query->count * sizeof *both.all);
    memcpy(both.all + query->count, form->all, form->count * sizeof *both.all);
    return both;
}

static void begin(struct exchange *exchange)
{
    exchange->response->status = 200;
    response_header(exchange->response, "Content-Type", "application/json");
    response_header(exchange->response, "Cache-Control", "no-store");
}

static void refuse(struct exchange *exchange, uint64_t draw, const char *fault)
{
    begin(exchange);
    json_table_error(draw, fault, &exchange->response->body);
}

/* Returns how many rows the answer to a request would have without a limit. */
static uint64_t rows_of(const struct table_request *request, uint64_t total)
{
    const uint64_t offset = request->query.offset, rest = total > offset ? total - offset : 0;

    return request->length < rest ? request->length : rest;
}

void datatable_show(struct exchange *exchange)
{
    const struct parameters parameters = parameters_of(exchange);
    struct table_request request;
    struct catalogue_page page = {0};
    struct json_table table;
    const int64_t started = clock_us();
    const char *fault = table_request_read(&parameters, exchange->arena, &request);
    enum err_code code;

    if (fault != NULL) {
        refuse(exchange, request.draw, fault);
        return;
    }
    code = exchange_find(exchange, &request.query, &page);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    if (rows_of(&request, page.total) > LIMIT_API_ROWS) {
        refuse(exchange, request.draw,
               arena_format(exchange->arena,
                            "%llu rows were requested; an answer has at most %d. Show them in pages, or search for "
                            "fewer.",
                            (unsigned long long)rows_of(&request, page.total), LIMIT_API_ROWS));
        return;
    }
    table = (struct json_table){.draw = request.draw,
                                .books = page.books,
                                .total = page.total,
                                .list = &page.list,
                                .marks = marks_new(exchange->arena, &request.query),
                                .facets = &page.facets,
                                .suggestions = &page.suggestions,
                                .source = list_sources[page.source],
                                .seconds = (double)(clock_us() - started) / 1e6,
                                .version = page.version,
                                .is_sure = page.is_sure};
    begin(exchange);
    answers_allow(exchange, &request.query, &page);
    list_state_headers(exchange, &page, table.seconds);
    json_table(&table, &exchange->response->body);
}
