#include "web/import_page.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/slots.h"
#include "files/import.h"
#include "view/html.h"
#include "view/json.h"
#include "view/link.h"
#include "web/app.h"
#include "web/import_pace.h"
#include "web/multipart.h"

enum {
    VALUE_BYTES = 32, /* maximum length of an option in the form; longer values are invalid */
    PIECE_BYTES = 16384
};

/* A running upload: the options come first, then the file. */
struct upload {
    struct exchange *exchange;
    char value[VALUE_BYTES + 1]; /* of the current field */
    size_t length;
    enum { OTHER, MODE, DUPLICATES, FILE_ITSELF } part;
    bool reports;        /* collect a list of all lines that would be skipped, as the response body */
    uint64_t unreported; /* lines beyond its limit */
    struct html_import page;
    struct import *import; /* NULL: no readable file has started */
    enum err_code code;    /* result of the import */
    struct import_pace pace;
    enum import_stop stop;
};

/* Returns whether an import that has written this many books may go on; if not, upload->stop is the reason. */
static bool goes_on(struct upload *upload, uint64_t written)
{
    if (upload->stop == IMPORT_GOES_ON)
        upload->stop = import_pace_judge(&upload->pace, clock_us(), written);
    return upload->stop == IMPORT_GOES_ON;
}

/* Writes or checks a batch, then rests; page files are enabled again before the rest. */
static enum err_code take_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    struct upload *upload = context;
    const struct app *app = upload->exchange->app;
    const struct import_counts counts = import_counts(upload->import);
    const struct write write = {.batch = batch, .actor = exchange_actor(upload->exchange, "import")};
    struct written written;
    enum err_code code;

    if (!goes_on(upload, counts.added + counts.replaced))
        return err_set(err, ERR_BUSY, "the import ends before its file");
    import_pace_work(&upload->pace);
    code = upload->page.writes ? catalogue_write(app->catalogue, &write, arena, &written, err)
                               : catalogue_try_many(app->catalogue, batch, arena, err);
    catalogue_tend_pages(app->catalogue);
    if (code == ERR_OK)
        import_pace_rest(&upload->pace, &counts);
    return code;
}

static void note_fault(void *context, uint64_t line, const char *text)
{
    struct upload *upload = context;
    struct arena *arena = upload->exchange->arena;
    struct html_import *page = &upload->page;
    struct buf *report = &upload->exchange->response->body;

    if (upload->reports && report->len < LIMIT_IMPORT_REPORT_BYTES)
        buf_add_format(report, "line %llu: %s\n", (unsigned long long)line, text);
    else if (upload->reports)
        upload->unreported++;
    if (page->faults == NULL)
        page->faults = arena_alloc(arena, LIMIT_IMPORT_FAULTS * sizeof *page->faults);
    if (page->fault_count < LIMIT_IMPORT_FAULTS)
        page->faults[page->fault_count] = (struct html_import_fault){line, arena_copy(arena, text, strlen(text))};
    page->fault_count++;
}

/* Handles an option of the form, at the end of its field. */
static void end_field(struct upload *upload)
{
    upload->value[upload->length <= VALUE_BYTES ? upload->length : 0] = '\0';
    if (upload->part == MODE) {
        upload->page.writes = strcmp(upload->value, "import") == 0;
        upload->reports = strcmp(upload->value, "report") == 0;
    } else if (upload->part == DUPLICATES)
        upload->page.replaces = strcmp(upload->value, "replace") == 0;
    upload->length = 0;
}

/* Starts to read the file, if its name has a known extension. */
static void begin_file(struct upload *upload, struct text name)
{
    struct import_options options = {.batch = IMPORT_PACE_BATCH, .fault = note_fault, .context = upload};

    if (upload->page.file.at != NULL) /* only the first one */
        return;
    upload->page.file = text_repair(upload->exchange->arena, name);
    if (!import_format_of(text_string(upload->exchange->arena, name), &options.format))
        return;
    options.duplicates = upload->page.replaces ? IMPORT_REPLACE : IMPORT_SKIP;
    options.write = take_batch;
    options.is_trial = !upload->page.writes;
    upload->import = import_new(&options);
    upload->part = FILE_ITSELF;
}

static void on_part(void *context, struct text name, struct text file)
{
    struct upload *upload = context;

    end_field(upload);
    upload->part = OTHER;
    if (text_equal_string(name, "mode") && upload->page.file.at == NULL) /* too late: the file has been read */
        upload->part = MODE;
    else if (text_equal_string(name, "duplicates") && upload->page.file.at == NULL)
        upload->part = DUPLICATES;
    else if (text_equal_string(name, "file") && file.len > 0)
        begin_file(upload, file);
}

static void on_bytes(void *context, const char *bytes, size_t len)
{
    struct upload *upload = context;

    if (upload->part == FILE_ITSELF) {
        upload->code = import_feed(upload->import, bytes, len, &upload->exchange->err);
        return;
    }
    if (upload->length + len <= VALUE_BYTES)
        memcpy(upload->value + upload->length, bytes, len);
    upload->length = upload->length + len <= VALUE_BYTES ? upload->length + len : VALUE_BYTES + 1;
}

/* Feeds the body to multipart as it arrives, unless the import must end. */
static enum request_body read_upload(struct upload *upload, struct multipart *multipart)
{
    struct request *request = &upload->exchange->request;
    char bytes[PIECE_BYTES];
    size_t got = 1;
    enum request_body result = request_begin_body(request, LIMIT_IMPORT_BYTES);

    upload->pace = import_pace_begin(upload->exchange->app->config, request);
    while (result == REQUEST_BODY_FINE && got > 0 && goes_on(upload, 0)) {
        result = request_next_piece(request, bytes, sizeof bytes, &got);
        multipart_feed(multipart, bytes, got);
    }
    if (upload->stop != IMPORT_GOES_ON)
        request_forget_body(request);
    return result;
}

static void show(struct exchange *exchange, int status, const struct html_import *page)
{
    const struct html_frame frame = exchange_frame(exchange, "Import books", "add");

    response_header(exchange->response, "Cache-Control", "no-store");
    if (status == 503)
        response_header(exchange->response, "Retry-After", "%d", LIMIT_RETRY_AFTER_S);
    exchange_page(exchange, status,
                  html_import(exchange->app->html, &frame, page, &exchange->response->body, &exchange->err));
}

/* Explains that an import ended before its file and how to continue. Returns the status. */
static int explain_stop(struct upload *upload)
{
    struct arena *arena = upload->exchange->arena;
    struct html_import *page = &upload->page;
    const char *next = page->writes ? "Upload the same file again to continue: existing books stay as they are."
                                    : "The rest of the file was not checked.";

    if (upload->stop == IMPORT_FULL) {
        page->error = arena_format(
            arena, "The file has more books than one upload may write. Below is the result so far. %s", next);
        return 413;
    }
    if (upload->stop == IMPORT_LATE) {
        page->error =
            arena_format(arena, "The upload took longer than the limit of %d seconds. Below is the result so far. %s",
                         LIMIT_IMPORT_S, next);
        return 503;
    }
    log_info("import: the client has disconnected");
    page->error = "The connection was closed before the end of the file.";
    return 400;
}

/* Explains a failed import. Returns the status. */
static int explain_failure(struct upload *upload)
{
    struct exchange *exchange = upload->exchange;
    struct html_import *page = &upload->page;

    if (upload->code == ERR_INVALID) {
        page->error = arena_format(exchange->arena, "Cannot read the file: %s", exchange->err.text);
        page->error = text_repair(exchange->arena, text_from_cstr(page->error)).at;
        return 422;
    }
    if (upload->code == ERR_INTERNAL) {
        log_error("import: %s", exchange->err.text);
        page->error = "Internal error. Below is the result so far.";
        return 500;
    }
    log_warn("import: %s", exchange->err.text);
    page->error = "The connection to the database was lost. Below is the result so far. Please upload the file again "
                  "later: existing books stay as they are.";
    return 503;
}

/* Responds with the list of lines that would be skipped. */
static void show_report(const struct upload *upload)
{
    struct response *response = upload->exchange->response;
    const struct import_counts *counts = &upload->page.counts;

    if (upload->unreported > 0)
        buf_add_format(&response->body, "... and %llu more\n", (unsigned long long)upload->unreported);
    buf_add_format(&response->body, "would be added %llu, replaced %llu, unchanged %llu, skipped %llu, bad %llu\n",
                   (unsigned long long)counts->added, (unsigned long long)counts->replaced,
                   (unsigned long long)counts->unchanged, (unsigned long long)counts->skipped,
                   (unsigned long long)counts->bad);
    response->status = 200;
    response_header(response, "Content-Type", "text/plain; charset=utf-8");
    response_header(response, "Content-Disposition", "inline; filename=\"import-report.txt\"");
    response_header(response, "Cache-Control", "no-store");
}

/* Responds with the result of an upload, read completely or in part. */
static void answer(struct upload *upload, bool is_whole)
{
    struct html_import *page = &upload->page;
    int status = 200;

    if (upload->stop != IMPORT_GOES_ON) {
        status = explain_stop(upload);
    } else if (page->file.at == NULL) {
        page->error = "Please choose a file.";
        status = 422;
    } else if (upload->import == NULL) {
        page->error = "The name of the file must end in .csv, .tsv or .ndjson, which determines its format.";
        status = 422;
    } else if (upload->code != ERR_OK) {
        status = explain_failure(upload);
    } else if (!is_whole) {
        page->error = "The upload is incomplete. Below is the result so far.";
        status = 400;
    }
    page->has_result = upload->import != NULL && upload->code != ERR_INVALID;
    if (upload->reports && status == 200) {
        show_report(upload);
        return;
    }
    buf_clear(&upload->exchange->response->body);
    show(upload->exchange, status, page);
}

void import_page_form(struct exchange *exchange)
{
    const struct html_import page = {0};

    show(exchange, 200, &page);
}

void import_page_progress(struct exchange *exchange)
{
    struct import_progress progress = {0};
    const bool is_under_way = import_pace_progress(exchange->app->config, &progress);

    if (is_under_way)
        json_progress(progress.read, progress.size, progress.books, &exchange->response->body);
    exchange->response->status = is_under_way ? 200 : 204;
    response_header(exchange->response, "Cache-Control", "no-store");
    if (is_under_way)
        response_header(exchange->response, "Content-Type", "application/json");
}

/* Reads an upload, imports it and responds. */
static void take_upload(struct exchange *exchange, struct text boundary)
{
    struct upload upload = {.exchange = exchange};
    const struct multipart_hooks hooks = {on_part, on_bytes, &upload};
    struct multipart *multipart = multipart_new(boundary, &hooks);
    const enum request_body body = read_upload(&upload, multipart);
    const bool is_whole = body == REQUEST_BODY_FINE && multipart_end(multipart);

    if (upload.import != NULL && is_whole && upload.code == ERR_OK)
        upload.code = import_end(upload.import, &exchange->err);
    catalogue_settle(exchange->app->catalogue);
    if (upload.import != NULL)
        upload.page.counts = import_counts(upload.import);
    if (body == REQUEST_BODY_TOO_LARGE)
        exchange_problem(exchange, 413, "File too large",
                         "The limit for an upload is 4 MB. The command bookshare import accepts files of any size.",
                         link_import(exchange->arena), "Import books");
    else
        answer(&upload, is_whole);
    import_free(upload.import);
    multipart_free(multipart);
}

void import_page_upload(struct exchange *exchange)
{
    const struct html_import busy = {
        .error = "Another import is running, and only one at a time is allowed. Please try again in a minute."};
    struct text boundary;
    int slot;
    enum err_code code;

    if (!multipart_boundary(request_header(&exchange->request, "CONTENT_TYPE"), &boundary)) {
        request_forget_body(&exchange->request);
        exchange_problem(exchange, 415, "Not a form with a file", "Send it as multipart/form-data.",
                         link_import(exchange->arena), "Import books");
        return;
    }
    code = import_pace_take(exchange->app->config, &slot, &exchange->err);
    if (code == ERR_OK) {
        take_upload(exchange, boundary);
        slots_give(slot);
        return;
    }
    request_forget_body(&exchange->request);
    if (code == ERR_BUSY)
        show(exchange, 503, &busy);
    else
        exchange_fail(exchange, code);
}
