#include "web/restore.h"

#include <string.h>

#include "view/link.h"
#include "web/app.h"
#include "web/flash.h"
#include "web/gate.h"

enum { ATTEMPTS = 3 /* while others delete and add the book again */ };

/* Responds with a reason why nothing was restored, and a link to the history of the book. */
static void refuse(struct exchange *exchange, int status, const char *text)
{
    const char *history = link_history_path(exchange->arena, "/books/", exchange->rest);

    exchange_problem(exchange, status, "Not restored", text, link_changes(exchange->arena, history, NULL),
                     "Show its history");
}

/* Finds the change that a form names. Responds and returns false if the log has none. */
static bool find_change(struct exchange *exchange, struct history_entry *change)
{
    const struct text version = parameters_get(&exchange->request.form, "version");
    struct history_query query = {.id = exchange->rest, .op = HISTORY_ANY, .limit = 1};
    struct history history = {0};
    enum err_code code = ERR_OK;

    if (!book_id_valid(exchange->rest)) {
        exchange_fail(exchange, ERR_NOT_FOUND);
        return false;
    }
    if (!text_is_number(version)) {
        refuse(exchange, 400, "The form does not name a version.");
        return false;
    }
    query.before.version = text_number(version) + 1;
    code = catalogue_history(exchange->app->catalogue, &query, exchange->arena, &history, &exchange->err);
    if (code != ERR_OK) {
        exchange_fail(exchange, code);
        return false;
    }
    if (history.count == 0 || history.entries[0].place.version != text_number(version)) {
        refuse(exchange, 404, "The log of changes does not have this change, or no longer.");
        return false;
    }
    *change = history.entries[0];
    return true;
}

/* Copies a state of the log into *book. Responds and returns false if it is not a valid book. */
static bool take_state(struct exchange *exchange, const struct book *state, struct book *book)
{
    struct book_faults faults;

    if (state != NULL) {
        *book = *state;
        if (book_check(book, &faults, exchange->arena) && text_equal(book->field[BOOK_ID], exchange->rest))
            return true;
    }
    refuse(exchange, 409, "The log of changes does not have this state as a valid book.");
    return false;
}

/* Writes a book whether it is there or not. */
static enum err_code put(struct exchange *exchange, const struct book *book, struct written *written)
{
    enum err_code code = ERR_CONFLICT;

    for (int attempt = 0; attempt < ATTEMPTS && code == ERR_CONFLICT; attempt++) {
        code = exchange_write(exchange, &(struct write){.op = CHANGE_UPDATE, .book = book}, written);
        if (code == ERR_NOT_FOUND)
            code = exchange_write(exchange, &(struct write){.op = CHANGE_ADD, .book = book}, written);
    }
    return code;
}

/* Writes the book as it was before a change, unless it was changed since. */
static enum err_code undo(struct exchange *exchange, const struct history_entry *change, const struct book *book,
                          struct written *written)
{
    struct write write = {.op = CHANGE_ADD, .book = book};
    struct book now;
    char seen[BOOK_TAG_SIZE];
    enum err_code code;

    if (change->op == CHANGE_UPDATE) {
        book_tag(&change->after, seen);
        write.op = CHANGE_UPDATE;
        write.seen = text_from_cstr(seen);
    }
    code = exchange_write(exchange, &write, written);
    if (code == ERR_CONFLICT &&
        catalogue_get(exchange->app->catalogue, exchange->rest, exchange->arena, &now, &exchange->err) == ERR_OK &&
        book_equal(&now, book))
        code = ERR_OK; /* the same form, sent twice */
    return code;
}

/* Returns where to go after a write: on a list page to the row of the book. */
static const char *way_back(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    const char *to;

    if (!parameters_has(form, "to"))
        return link_book_page(exchange->arena, exchange->rest);
    to = gate_way_back(exchange, parameters_get(form, "to"));
    return strcmp(to, "/list") == 0 || strncmp(to, "/list?", 6) == 0
               ? link_at_row(exchange->arena, link_path(exchange->arena, to), exchange->rest)
               : link_path(exchange->arena, to);
}

void restore_send(struct exchange *exchange)
{
    const bool is_undo = text_equal_string(parameters_get(&exchange->request.form, "undo"), "1");
    struct history_entry change;
    struct book book;
    struct written written;
    enum err_code code;

    if (!find_change(exchange, &change) || !take_state(exchange,
                                                       !is_undo            ? history_state(&change)
                                                       : change.has_before ? &change.before
                                                                           : NULL,
                                                       &book))
        return;
    code = is_undo ? undo(exchange, &change, &book, &written) : put(exchange, &book, &written);
    if (code == ERR_REUSED) {
        refuse(exchange, 409, "This form has been sent before, and that was done. Load its page again.");
    } else if (is_undo && (code == ERR_CHANGED || code == ERR_CONFLICT || code == ERR_NOT_FOUND)) {
        refuse(exchange, 409, "Someone else has changed this book since. Its history has each state of it.");
    } else if (code != ERR_OK) {
        exchange_fail(exchange, code);
    } else {
        flash_give(exchange, "restored", exchange->rest,
                   written.deed.is_change && written.deed.op == CHANGE_UPDATE ? written.deed.version : 0);
        exchange_go_on(exchange, way_back(exchange));
    }
}
