#include "web/pages.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "view/html.h"
#include "web/app.h"
#include "web/done.h"
#include "web/import_page.h"
#include "web/write.h"

/* Reads a search term. Answers and returns false if it is none. */
static bool read_search(struct exchange *exchange, const struct parameters *parameters, struct text *search)
{
    size_t characters;
    const char *fault = NULL;

    *search = text_trim(request_parameter(parameters, "search"));
    switch (text_check(*search, &characters)) {
    case TEXT_NOT_UTF8:
        fault = "The search term is not valid UTF-8 text.";
        break;
    case TEXT_CONTROL_CHARACTER:
        fault = "The search term holds a control character.";
        break;
    case TEXT_FINE:
        if (characters > LIMIT_SEARCH_CHARACTERS)
            fault = arena_format(exchange->arena, "A search term may have %d characters; this one has %zu.",
                                 LIMIT_SEARCH_CHARACTERS, characters);
        break;
    }
    if (fault != NULL)
        exchange_problem(exchange, 400, "This cannot be searched for", fault, "/list", "Browse all books");
    return fault == NULL;
}

/* Reads a page number from 1 to LIMIT_PAGE_NUMBER; an empty text is page 1. Returns false if it is none. */
static bool read_page_number(struct text text, uint64_t *page)
{
    *page = text.len == 0 ? 1 : 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || *page > LIMIT_PAGE_NUMBER / 10)
            return false;
        *page = *page * 10 + (uint64_t)(text.at[i] - '0');
    }
    return *page >= 1 && *page <= LIMIT_PAGE_NUMBER;
}

/* Reads where to come back to after a write. What is not a place in the list is its beginning. */
static struct link_place read_back(const struct parameters *parameters)
{
    struct link_place back;
    size_t characters;

    back.search = text_trim(request_parameter(parameters, "search"));
    if (text_check(back.search, &characters) != TEXT_FINE || characters > LIMIT_SEARCH_CHARACTERS)
        back.search = text_of(NULL);
    if (!read_page_number(request_parameter(parameters, "page"), &back.page))
        back.page = 1;
    return back;
}

static void home(struct exchange *exchange)
{
    const struct html_frame frame = exchange_frame(exchange, "Book Share", "home");

    response_header(exchange->response, "Cache-Control", frame.done != NULL ? "no-store" : "no-cache");
    exchange_page(exchange, 200, html_home(exchange->app->html, &frame, &exchange->response->body, &exchange->err));
}

/* The headers by which programs find their way through the list, and learn where a page came from. */
static void list_headers(struct exchange *exchange, const struct html_list *list, enum catalogue_source source)
{
    struct response *response = exchange->response;
    struct link_place place = list->place;
    const uint64_t page = place.page;
    struct buf links = {0};
    const struct {
        const char *name;
        uint64_t page;
    } relations[] = {
        {"first", 1}, {"prev", page - 1}, {"next", page < list->pages ? page + 1 : 0}, {"last", list->pages}};

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (relations[i].page == 0)
            continue;
        place.page = relations[i].page;
        buf_add_format(&links, "%s<%s>; rel=\"%s\"", links.len > 0 ? ", " : "", link_list(exchange->arena, place),
                       relations[i].name);
    }
    response_header(response, "Link", "%s", buf_string(&links));
    buf_free(&links);
    response_header(response, "Cache-Status", "bookshare; %s%s", source == CATALOGUE_REDIS ? "hit" : "fwd=miss",
                    list->is_sure ? "" : "; detail=unverified");
    response_header(response, "Server-Timing", "load;desc=\"%s\";dur=%.3f", list->source, list->seconds * 1e3);
}

/* Answers a page that is not there. If it went with the book that was just deleted, the last page is the way back. */
static void past_the_end(struct exchange *exchange, const struct html_list *list)
{
    const struct link_place last = {list->pages, list->place.search};

    if (done_is_due(exchange)) {
        response_see_other(exchange->response, link_list(exchange->arena, last));
        return;
    }
    exchange_problem(exchange, 404, "There is no such page",
                     arena_format(exchange->arena, "The last page is page %llu.", (unsigned long long)list->pages),
                     link_list(exchange->arena, last), "Go to the last page");
}

static const char list_title[] = "All books";

/* Renders a page once more, as it will be found in its file by those who come later, and keeps it. */
static void keep_page(struct exchange *exchange)
{
    struct app *app = exchange->app;
    const struct html_frame frame = {.title = list_title, .nav = "list", .arena = exchange->arena};
    struct html_list list = *exchange->kept;
    struct buf *body = &exchange->response->body;
    const time_t now = time(NULL);
    struct tm tm;
    char stamp[32];

    if (!pagefile_is_wanted(app->pagefiles, list.place.page, list.version))
        return;
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &tm));
    list.rendered_at = stamp;
    buf_clear(body);
    if (html_list(app->html, &frame, &list, body, &exchange->err) == ERR_OK)
        pagefile_write(app->pagefiles, list.place.page, list.version, body);
}

/* Has a page kept as a file, if it is one that everybody may be given. */
static void keep(struct exchange *exchange, const struct html_list *list, bool has_message)
{
    struct html_list *kept;

    if (list->place.search.len > 0 || has_message || !list->is_sure || list->version.epoch == 0 ||
        exchange->request.method != METHOD_GET)
        return;
    kept = arena_alloc(exchange->arena, sizeof *kept);
    *kept = *list;
    exchange->kept = kept;
    exchange->afterwards = keep_page;
}

/*
 * Names the state of a list page in an ETag, and tells whether the client has it. The tag is a weak one: two pages of
 * one version differ in the time that loading took.
 */
static bool is_known_to_client(struct exchange *exchange, const struct html_list *list)
{
    const char *etag;

    if (list->version.epoch == 0 || !list->is_sure)
        return false;
    etag = arena_format(exchange->arena, "W/\"%llu-%llu-%llu-%08x\"", (unsigned long long)list->version.epoch,
                        (unsigned long long)list->version.number, (unsigned long long)list->place.page,
                        (unsigned)exchange->app->stamp);
    response_header(exchange->response, "ETag", "%s", etag);
    return request_has(&exchange->request, etag);
}

static void list(struct exchange *exchange)
{
    const struct parameters *query = &exchange->request.query;
    struct html_list list = {0};
    struct catalogue_page page = {0};
    struct html_frame frame;
    const int64_t started = clock_us();
    enum err_code code;

    if (!read_search(exchange, query, &list.place.search))
        return;
    if (!read_page_number(request_parameter(query, "page"), &list.place.page)) {
        exchange_problem(exchange, 400, "This is not a page number", "Pages are numbered from 1 on.", "/list",
                         "Go to the first page");
        return;
    }
    list.offset = (list.place.page - 1) * LIMIT_PAGE_ROWS;
    code = list.place.search.len > 0 ? catalogue_search(exchange->app->catalogue, list.place.search, list.offset,
                                                        LIMIT_PAGE_ROWS, exchange->arena, &page, &exchange->err)
                                     : catalogue_list(exchange->app->catalogue, list.offset, LIMIT_PAGE_ROWS,
                                                      exchange->arena, &page, &exchange->err);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    list.seconds = (double)(clock_us() - started) / 1e6;
    list.total = page.total;
    list.pages = page.total > 0 ? (page.total + LIMIT_PAGE_ROWS - 1) / LIMIT_PAGE_ROWS : 1;
    list.list = page.list;
    list.source = page.source == CATALOGUE_REDIS ? "Redis cache" : "MySQL";
    list.is_sure = page.is_sure;
    list.version = page.version;
    if (list.place.page > list.pages) {
        past_the_end(exchange, &list);
        return;
    }
    frame = exchange_frame(exchange, list.place.search.len > 0 ? "Search" : list_title, "list");
    list_headers(exchange, &list, page.source);
    if (page.version.epoch != 0)
        response_header(exchange->response, "Bookshare-Version", "%llu-%llu", (unsigned long long)page.version.epoch,
                        (unsigned long long)page.version.number);
    response_header(exchange->response, "Cache-Control", frame.done != NULL ? "no-store" : "no-cache");
    keep(exchange, &list, frame.done != NULL);
    if (frame.done == NULL && is_known_to_client(exchange, &list)) {
        response_not_modified(exchange->response);
        return;
    }
    exchange_page(exchange, 200,
                  html_list(exchange->app->html, &frame, &list, &exchange->response->body, &exchange->err));
}

/* A search sent as a form gets an address that can be kept and shared. */
static void list_search(struct exchange *exchange)
{
    struct link_place place = {.page = 1};

    if (read_search(exchange, &exchange->request.form, &place.search))
        response_see_other(exchange->response, link_list(exchange->arena, place));
}

static enum err_code write_book(struct exchange *exchange, enum change_op op, const struct book *book, struct text seen,
                                bool *is_unknown)
{
    const struct write_door door = {exchange->app->catalogue, exchange->app->pagefiles};

    return write_one(door, op, book, seen, exchange->arena, is_unknown, &exchange->err);
}

/* Answers with the form of a book. */
static void show_form(struct exchange *exchange, int status, const struct html_form *form)
{
    const struct html_frame frame =
        exchange_frame(exchange, form->is_update ? "Update a book" : "Add a book", form->is_update ? "" : "add");

    response_header(exchange->response, "Cache-Control", "no-store");
    if (status == 503)
        response_header(exchange->response, "Retry-After", "%d", LIMIT_RETRY_AFTER_S);
    exchange_page(exchange, status,
                  html_form(exchange->app->html, &frame, form, &exchange->response->body, &exchange->err));
}

/* Takes the fields of a book from the form that was sent. */
static void read_book(const struct exchange *exchange, struct book *book)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        book->field[i] = request_parameter(&exchange->request.form, book_fields[i].name);
}

/* Answers a write that failed; with the form again, every input kept, where the user can do something about it. */
static void refuse_form(struct exchange *exchange, struct html_form *form, struct book_faults *faults,
                        enum err_code code, bool is_unknown)
{
    form->faults = faults;
    if (code == ERR_CONFLICT) {
        faults->text[BOOK_ID] = "There is a book with this ID already.";
        form->error = "This ID is taken. Please choose another.";
        show_form(exchange, 409, form);
    } else if (code == ERR_UNAVAILABLE && !request_wants_json(&exchange->request)) {
        form->error = is_unknown
                          ? "The database went away while it saved this. Please look whether it was saved before "
                            "you send the form again."
                          : "The database does not answer, and nothing was saved. Your entries are kept: please "
                            "send the form again in a few seconds.";
        log_warn("%s", exchange->err.text);
        show_form(exchange, 503, form);
    } else {
        exchange_fail(exchange, code);
    }
}

/* Answers with the form again because of what is wrong in its fields. */
static void refuse_fields(struct exchange *exchange, struct html_form *form, const struct book_faults *faults)
{
    form->faults = faults;
    form->error = faults->count == 1 ? "One field needs a change. Nothing has been saved yet."
                                     : "Some fields need a change. Nothing has been saved yet.";
    show_form(exchange, 422, form);
}

static void add_form(struct exchange *exchange)
{
    const struct book book = {0};
    const struct html_form form = {.book = &book, .back = read_back(&exchange->request.query)};

    show_form(exchange, 200, &form);
}

static void add(struct exchange *exchange)
{
    struct book book;
    struct book_faults faults;
    struct html_form form = {.book = &book, .back = read_back(&exchange->request.form)};
    bool is_unknown;
    enum err_code code;

    read_book(exchange, &book);
    if (!book_check(&book, &faults, exchange->arena)) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    code = write_book(exchange, CHANGE_ADD, &book, text_of(NULL), &is_unknown);
    if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, is_unknown);
        return;
    }
    done_give(exchange, "added", book.field[BOOK_ID]);
    response_see_other(exchange->response, link_list(exchange->arena, form.back));
}

/* Finds the book that the path names. Answers and returns false if there is none. */
static bool find_book(struct exchange *exchange, struct book *book)
{
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, book, &exchange->err);
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    return code == ERR_OK;
}

/* Returns the tag of a book, in the arena. */
static struct text tag_of(const struct exchange *exchange, const struct book *book)
{
    char *tag = arena_alloc(exchange->arena, BOOK_TAG_SIZE);

    book_tag(book, tag);
    return text_of(tag);
}

static void update_form(struct exchange *exchange)
{
    struct book book;
    struct html_form form = {.is_update = true, .book = &book, .back = read_back(&exchange->request.query)};

    if (!find_book(exchange, &book))
        return;
    form.seen = tag_of(exchange, &book);
    show_form(exchange, 200, &form);
}

/*
 * Answers an update of a book that is not what the form was opened with: with the form once more, every input kept,
 * what is stored now beside it. Sent again it is an update of that.
 */
static void show_changed(struct exchange *exchange, const struct html_form *form)
{
    struct html_form again = *form;
    struct book now;

    if (!find_book(exchange, &now))
        return;
    again.now = &now;
    again.seen = tag_of(exchange, &now);
    show_form(exchange, 409, &again);
}

/* Answers an update of a book that was deleted since the form was opened: with the form to add it, every input kept. */
static void show_deleted(struct exchange *exchange, const struct html_form *form)
{
    struct html_form again = *form;

    again.is_update = false;
    again.error =
        "This book was deleted by somebody else since you opened it. Your entries are kept: you can add it anew.";
    show_form(exchange, 409, &again);
}

static void update(struct exchange *exchange)
{
    struct book book;
    struct book_faults faults;
    struct html_form form = {.is_update = true,
                             .book = &book,
                             .seen = request_parameter(&exchange->request.form, "seen"),
                             .back = read_back(&exchange->request.form)};
    bool is_unknown;
    enum err_code code;

    if (!book_id_valid(exchange->rest)) {
        exchange_fail(exchange, ERR_NOT_FOUND);
        return;
    }
    read_book(exchange, &book);
    book.field[BOOK_ID] = exchange->rest; /* it never changes */
    if (!book_check(&book, &faults, exchange->arena)) {
        refuse_fields(exchange, &form, &faults);
        return;
    }
    code = write_book(exchange, CHANGE_UPDATE, &book, form.seen, &is_unknown);
    if (code == ERR_CHANGED) {
        show_changed(exchange, &form);
        return;
    }
    if (code == ERR_NOT_FOUND && form.seen.len > 0) {
        show_deleted(exchange, &form);
        return;
    }
    if (code != ERR_OK) {
        refuse_form(exchange, &form, &faults, code, is_unknown);
        return;
    }
    done_give(exchange, "updated", book.field[BOOK_ID]);
    response_see_other(exchange->response, link_list(exchange->arena, form.back));
}

static void delete_ask(struct exchange *exchange)
{
    struct book book;
    const struct html_delete delete = {&book, read_back(&exchange->request.query)};
    struct html_frame frame;

    if (!find_book(exchange, &book))
        return;
    frame = exchange_frame(exchange, "Delete a book", "");
    response_header(exchange->response, "Cache-Control", "no-store");
    exchange_page(exchange, 200,
                  html_delete(exchange->app->html, &frame, &delete, &exchange->response->body, &exchange->err));
}

static void delete (struct exchange *exchange)
{
    struct book book = {.field[BOOK_ID] = exchange->rest};
    bool is_unknown;
    enum err_code code = ERR_NOT_FOUND;

    if (book_id_valid(exchange->rest))
        code = write_book(exchange, CHANGE_DELETE, &book, text_of(NULL), &is_unknown);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return;
    }
    done_give(exchange, "deleted", exchange->rest);
    response_see_other(exchange->response, link_list(exchange->arena, read_back(&exchange->request.form)));
}

enum { READ = METHOD_GET | METHOD_HEAD };

const struct route pages_routes[] = {
    {READ, "/", home},
    {READ, "/list", list},
    {METHOD_POST, "/list", list_search},
    {READ, "/add", add_form},
    {METHOD_POST, "/add", add},
    {READ, "/import", import_page_form},
    {METHOD_POST | ROUTE_READS_BODY, "/import", import_page_upload},
    {READ, "/update/*", update_form},
    {METHOD_POST, "/update/*", update},
    {READ, "/delete/*", delete_ask},
    {METHOD_POST, "/delete/*", delete},
    {0, NULL, NULL},
};
