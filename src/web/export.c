#include "web/export.h"

#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "book/query_parameters.h"
#include "files/book_file.h"
#include "view/link.h"
#include "web/app.h"

enum { PART_BYTES = 65528 }; /* bytes buffered before they are sent: a FastCGI record */

/* A running download. */
struct download {
    struct exchange *exchange;
    struct book_file file;
    bool is_gone; /* the client has disconnected */
};

/* Sends the headers and starts the file. A large export is long work. */
static enum err_code begin(void *context, uint64_t total, struct version version, struct err *err)
{
    struct download *download = context;
    struct response *response = download->exchange->response;
    const struct book_format_info *format = &book_formats[download->file.format];
    const time_t now = time(NULL);
    struct tm tm;
    char day[16];

    if (download->exchange->request.method != METHOD_HEAD && total > LIMIT_SHORT_EXPORT_BOOKS &&
        !deadline_take_share(&download->exchange->deadline))
        return err_set(err, ERR_BUSY, "Other exports are running. Try again in a few seconds.");
    strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&now, &tm));
    response->status = 200;
    response_header(response, "Content-Type", "%s", format->type);
    response_header(response, "Content-Disposition", "attachment; filename=\"books-%s.%s\"", day, format->name);
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "X-Total-Count", "%llu", (unsigned long long)total);
    if (version_is_known(version))
        response_header(response, "Bookshare-Version", "%s", version_text(version).string);
    download->is_gone = !response_stream(response, download->exchange->request.fcgi);
    if (download->exchange->request.method != METHOD_HEAD)
        book_file_begin(&download->file, &response->body);
    return ERR_OK;
}

static enum err_code flush(struct download *download, struct err *err)
{
    download->is_gone |= !response_flush(download->exchange->response, download->exchange->request.fcgi);
    if (!download->is_gone && clock_us() - download->exchange->started > LIMIT_EXPORT_S * INT64_C(1000000))
        return err_set(err, ERR_UNAVAILABLE, "it took longer than %d s", LIMIT_EXPORT_S);
    return download->is_gone ? err_set(err, ERR_UNAVAILABLE, "the client has disconnected") : ERR_OK;
}

static enum err_code add(void *context, const struct book *book, struct err *err)
{
    struct download *download = context;
    struct buf *body = &download->exchange->response->body;

    book_file_add(&download->file, book, body);
    return body->len >= PART_BYTES ? flush(download, err) : ERR_OK;
}

/* Responds to a HEAD without reading the books. */
static enum err_code answer_head(struct download *download, struct query *query)
{
    struct exchange *exchange = download->exchange;
    struct catalogue_page page;
    enum err_code code;

    query->limit = 1;
    query->offset = 0;
    code = exchange_find(exchange, query, &page);
    if (code == ERR_OK && !page.is_sure) /* a download would not use it */
        code = err_set(&exchange->err, ERR_UNAVAILABLE, "cannot get the version from MySQL");
    if (code == ERR_OK)
        code = begin(download, page.total, page.version, &exchange->err);
    return code;
}

static void export(struct exchange *exchange, enum book_format format)
{
    const struct parameters *parameters = &exchange->request.query;
    struct download download = {exchange,
                                {format, text_equal_string(parameters_get(parameters, "raw"), "1"),
                                 text_equal_string(parameters_get(parameters, "bom"), "1")},
                                false};
    struct query query;
    const char *fault = query_read(parameters, exchange->arena, &query);
    enum err_code code;

    if (fault == NULL && !(parameters_is_flag(parameters, "raw") && parameters_is_flag(parameters, "bom")))
        fault = "raw and bom must be 0 or 1.";
    if (fault != NULL) {
        exchange_problem(exchange, 400, "Invalid query", fault, link_whole_list(exchange->arena), "Browse all books");
        return;
    }
    query.deadline = &exchange->deadline; /* limits finding the books, not sending them */
    if (exchange->request.method == METHOD_HEAD)
        code = answer_head(&download, &query);
    else
        code = catalogue_each(exchange->app->catalogue, &query, begin, add, &download, &exchange->err);
    if (code == ERR_OK && exchange->response->stage == RESPONSE_STREAMED)
        code = flush(&download, &exchange->err);
    if (code == ERR_OK)
        return;
    if (exchange->response->stage == RESPONSE_GATHERED) {
        exchange_fail(exchange, code);
        return;
    }
    if (!download.is_gone)
        log_warn("export aborted: %s", exchange->err.text);
    response_cut(exchange->response);
}

void export_csv(struct exchange *exchange)
{
    export(exchange, BOOK_CSV);
}

void export_ndjson(struct exchange *exchange)
{
    export(exchange, BOOK_NDJSON);
}
