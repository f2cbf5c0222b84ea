#include "web/book_page.h"

#include "view/html.h"
#include "view/link.h"
#include "web/app.h"

/* Returns one line about a book: "Homer. Penguin, 2nd edition. Drama". */
static const char *describe(struct arena *arena, const struct book *book)
{
    static const enum book_field fields[] = {BOOK_AUTHORS, BOOK_PUBLISHER, BOOK_EDITION, BOOK_CATEGORY};
    struct buf line = {0};
    const char *copy;

    buf_add(&line, book->field[BOOK_TITLE].at, book->field[BOOK_TITLE].len);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct text value = book->field[fields[i]];

        if (value.len == 0)
            continue;
        buf_add_string(&line, i == 0 ? ", by " : fields[i] == BOOK_EDITION ? ", edition " : ". ");
        buf_add(&line, value.at, value.len);
    }
    copy = arena_copy(arena, line.at, line.len);
    buf_free(&line);
    return copy;
}

static void show(struct exchange *exchange, int status, const struct html_book *page)
{
    const struct text title = text_repair(exchange->arena, page->book->field[BOOK_TITLE]);
    struct html_frame frame = exchange_frame(
        exchange, arena_format(exchange->arena, "%s%.*s", status == 410 ? "Deleted: " : "", (int)title.len, title.at),
        "");

    if (status == 200)
        frame.description = describe(exchange->arena, page->book);
    exchange_cache_control(exchange, status == 200 && frame.flash == NULL);
    exchange_page(exchange, status,
                  html_book(exchange->app->html, &frame, page, &exchange->response->body, &exchange->err));
}

/* Responds for a book that is not in the table: it never was there, or the log still knows it. */
static void show_missing(struct exchange *exchange)
{
    const struct history_query query = {.id = exchange->rest, .op = HISTORY_ANY, .limit = 1};
    struct history history = {0};
    enum err_code code = catalogue_history(exchange->app->catalogue, &query, exchange->arena, &history, &exchange->err);
    const struct history_entry *last = history.entries;

    if (code == ERR_OK && (history.count == 0 || history_state(last) == NULL))
        code = ERR_NOT_FOUND;
    if (code != ERR_OK)
        exchange_fail(exchange, code);
    else if (request_wants_json(&exchange->request))
        exchange_problem(exchange, 410, "Deleted", "This book was deleted.", link_whole_list(exchange->arena),
                         "Browse all books");
    else
        show(exchange, 410, &(struct html_book){.book = history_state(last), .deletion = last});
}

void book_page_show(struct exchange *exchange)
{
    struct book book;
    enum err_code code;

    if (!book_id_valid(exchange->rest)) {
        exchange_fail(exchange, ERR_NOT_FOUND);
        return;
    }
    code = catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, &book, &exchange->err);
    if (code == ERR_OK)
        show(exchange, 200, &(struct html_book){.book = &book});
    else if (code == ERR_NOT_FOUND)
        show_missing(exchange);
    else
        exchange_fail(exchange, code);
}
