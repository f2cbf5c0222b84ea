/* The page of a book. */
#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"
#include "view/time_text.h"

/* Puts the values that there are; those that others may share lead to the books that have them. */
static void put_fields(struct values *values, HDF *node, const struct book *book)
{
    HDF *fields = values_child(values, node, "Fields");
    size_t count = 0;

    for (int field = 0; field < BOOK_FIELDS; field++) {
        struct query query = {.limit = LIMIT_PAGE_ROWS};
        HDF *row;

        if (field == BOOK_TITLE || book->field[field].len == 0)
            continue;
        row = values_element(values, fields, count++);
        values_put(values, row, "Name", book_fields[field].name);
        values_put(values, row, "Label", book_fields[field].label);
        values_put_text(values, row, "Value", text_repair(values->arena, book->field[field]));
        query.choice[field] = (struct query_choice){&book->field[field], 1};
        if (book_fields[field].has_choices)
            values_put(values, row, "URL", link_list(values->arena, &query));
        else if (field == BOOK_AUTHORS)
            values_put(values, row, "URL", link_phrase(values->arena, BOOK_AUTHORS, book->field[field]));
    }
}

enum err_code html_book(struct html *html, const struct html_frame *frame, const struct html_book *book,
                        struct buf *out, struct err *err)
{
    const struct text id = book->book->field[BOOK_ID];
    const struct history_entry *deletion = book->deletion;
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Book");
    values_put_text(&values, node, "Title", text_repair(frame->arena, book->book->field[BOOK_TITLE]));
    put_fields(&values, node, book->book);
    values_put(&values, node, "History",
               link_changes(frame->arena, link_history_path(frame->arena, "/books/", id), NULL));
    if (deletion != NULL) {
        values_put(&values, node, "Gone", "1");
        if (deletion->op == CHANGE_DELETE) {
            values_put(&values, node, "DeletedAt", time_text_plain(frame->arena, deletion->at));
            values_put_text(&values, node, "DeletedBy", text_repair(frame->arena, deletion->actor));
        }
        values_put(&values, node, "Restore", link_restore(frame->arena, id));
        values_put_number(&values, node, "Version", deletion->place.version);
    } else {
        watched_put(&values, book->book);
        values_put_preview(&values, link_book_page(frame->arena, id));
        values_put(&values, node, "Update", link_from_book(frame->arena, "update", id));
        values_put(&values, node, "Delete", link_from_book(frame->arena, "delete", id));
        values_put(&values, node, "JSON", link_book(frame->arena, id));
    }
    return values_render(&values, html, "book.cs", out, err);
}
