#include "web/import_page.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "catalogue/import.h"
#include "view/html.h"
#include "view/link.h"
#include "web/app.h"
#include "web/multipart.h"
#include "web/write.h"

enum {
    VALUE_BYTES = 32, /* of a choice in the form; more is none of them */
    PIECE_BYTES = 16384
};

/* An upload under way: the choices come first, then the file. */
struct upload {
    struct exchange *exchange;
    char value[VALUE_BYTES + 1]; /* of the field at hand */
    size_t length;
    enum { OTHER, MODE, DUPLICATES, FILE_ITSELF } part;
    struct html_import page;
    struct import *import; /* NULL: no file has begun that can be read */
    enum err_code code;    /* of the import */
};

static enum err_code write_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    const struct upload *upload = context;
    const struct write_door door = {upload->exchange->app->catalogue, upload->exchange->app->pagefiles};
    bool is_unknown;

    return write_many(door, batch, arena, &is_unknown, err);
}

static enum err_code try_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    const struct upload *upload = context;

    return catalogue_try_many(upload->exchange->app->catalogue, batch, arena, err);
}

static void note_fault(void *context, uint64_t line, const char *text)
{
    struct upload *upload = context;
    struct arena *arena = upload->exchange->arena;
    struct html_import *page = &upload->page;

    if (page->faults == NULL)
        page->faults = arena_alloc(arena, LIMIT_IMPORT_FAULTS * sizeof *page->faults);
    if (page->fault_count < LIMIT_IMPORT_FAULTS)
        page->faults[page->fault_count] = (struct html_import_fault){line, arena_copy(arena, text, strlen(text))};
    page->fault_count++;
}

/* Takes what was chosen in the form, once a field has ended. */
static void end_field(struct upload *upload)
{
    upload->value[upload->length <= VALUE_BYTES ? upload->length : 0] = '\0';
    if (upload->part == MODE)
        upload->page.writes = strcmp(upload->value, "import") == 0;
    else if (upload->part == DUPLICATES)
        upload->page.replaces = strcmp(upload->value, "replace") == 0;
    upload->length = 0;
}

/* Begins to read the file, if its name says how. */
static void begin_file(struct upload *upload, struct text name)
{
    struct import_options options = {.batch = IMPORT_BATCH, .fault = note_fault, .context = upload};

    if (upload->page.file.at != NULL) /* one will do */
        return;
    upload->page.file = text_repair(upload->exchange->arena, name);
    if (!import_format_of(text_string(upload->exchange->arena, name), &options.format))
        return;
    options.duplicates = upload->page.replaces ? IMPORT_REPLACE : IMPORT_SKIP;
    options.write = upload->page.writes ? write_batch : try_batch;
    options.is_trial = !upload->page.writes;
    upload->import = import_new(&options);
    upload->part = FILE_ITSELF;
}

static void on_part(void *context, struct text name, struct text file)
{
    struct upload *upload = context;

    end_field(upload);
    upload->part = OTHER;
    if (text_equal_string(name, "mode") && upload->page.file.at == NULL) /* too late for a file that was read */
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

/* Reads the body into multipart as it comes. */
static enum request_body read_upload(struct request *request, struct multipart *multipart)
{
    char bytes[PIECE_BYTES];
    size_t got = 1;
    enum request_body result = request_begin_body(request, LIMIT_IMPORT_BYTES);

    while (result == REQUEST_BODY_FINE && got > 0) {
        result = request_next_piece(request, bytes, sizeof bytes, &got);
        multipart_feed(multipart, bytes, got);
    }
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

/* Answers what became of an upload that was read to its end, or of what was read of it. */
static void answer(struct upload *upload, bool is_whole)
{
    struct exchange *exchange = upload->exchange;
    struct html_import *page = &upload->page;
    int status = 422;

    if (page->file.at == NULL) {
        page->error = "Please choose a file.";
    } else if (upload->import == NULL) {
        page->error = "The name of the file has to end in .csv, .tsv or .ndjson, by which its format is known.";
    } else if (upload->code == ERR_INVALID) {
        page->error = arena_format(exchange->arena, "This file cannot be read: %s", exchange->err.text);
        page->error = text_repair(exchange->arena, text_of(page->error)).at;
    } else if (upload->code == ERR_INTERNAL) {
        log_error("import: %s", exchange->err.text);
        page->error = "Something went wrong on our side. Below is what was done until then.";
        status = 500;
    } else if (upload->code != ERR_OK) {
        log_warn("import: %s", exchange->err.text);
        page->error = "The database went away. Below is what was done until then. Please send the file once more in a "
                      "while: what is there already is left as it is.";
        status = 503;
    } else if (!is_whole) {
        page->error = "The file did not arrive to its end. Below is what was done with its beginning.";
        status = 400;
    } else {
        status = 200;
    }
    page->has_result = upload->import != NULL && upload->code != ERR_INVALID;
    show(exchange, status, page);
}

void import_page_form(struct exchange *exchange)
{
    const struct html_import page = {0};

    show(exchange, 200, &page);
}

void import_page_upload(struct exchange *exchange)
{
    struct upload upload = {.exchange = exchange};
    const struct multipart_hooks hooks = {on_part, on_bytes, &upload};
    struct multipart *multipart;
    struct text boundary;
    enum request_body body;
    bool is_whole;

    if (!multipart_boundary(request_header(&exchange->request, "CONTENT_TYPE"), &boundary)) {
        request_forget_body(&exchange->request);
        exchange_problem(exchange, 415, "This is not a form with a file", "Send it as multipart/form-data.",
                         link_import(), "Import books");
        return;
    }
    multipart = multipart_new(boundary, &hooks);
    body = read_upload(&exchange->request, multipart);
    is_whole = body == REQUEST_BODY_FINE && multipart_end(multipart);
    if (upload.import != NULL && is_whole && upload.code == ERR_OK)
        upload.code = import_end(upload.import, &exchange->err);
    catalogue_settle(exchange->app->catalogue);
    if (upload.import != NULL)
        upload.page.counts = import_counts(upload.import);
    if (body == REQUEST_BODY_TOO_LARGE)
        exchange_problem(exchange, 413, "This file is too large",
                         "A file may have 4 MB here. The command bookshare import takes files of any size.",
                         link_import(), "Import books");
    else
        answer(&upload, is_whole);
    import_free(upload.import);
    multipart_free(multipart);
}
