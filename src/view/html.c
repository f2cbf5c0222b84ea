#include "view/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/program.h"
#include "book/query_parameters.h"
#include "view/html_parts.h"
#include "view/link.h"

struct html *html_new(const char *folder)
{
    struct html *html = mem_zero(sizeof *html);

    html->templates = templates_new(folder);
    html->program = program_sum();
    return html;
}

void html_free(struct html *html)
{
    if (html == NULL)
        return;
    templates_free(html->templates);
    buf_free(&html->specimen);
    free(html);
}

bool html_refresh(struct html *html)
{
    return templates_refresh(html->templates);
}

uint32_t html_stamp(const struct html *html)
{
    const uint32_t stamp = templates_stamp(html->templates) ^ html->program;
    const char *base = link_base(), *site = link_site();

    return stamp ^ (*base == '\0' ? 0 : (uint32_t)hash_bytes(0, base, strlen(base))) ^
           (*site == '\0' ? 0 : (uint32_t)hash_bytes(1, site, strlen(site)));
}

/*
 * Puts the page that the user came from: for the form to send along, and as the link back, to the row of book id if
 * there is one, or to its page.
 */
static void put_back(struct values *values, HDF *node, const struct query *back, struct text id, bool is_of_page)
{
    struct buf parameters = {0};

    if (is_of_page)
        buf_add_string(&parameters, LINK_BACK_TO_BOOK);
    else
        query_write(&parameters, back);
    values_put(values, node, "Back", buf_string(&parameters));
    values_put(values, node, "Cancel",
               is_of_page   ? link_book_page(values->arena, id)
               : id.len > 0 ? link_row(values->arena, back, id)
                            : link_list(values->arena, back));
    buf_free(&parameters);
}

void watched_put(struct values *values, const struct book *book)
{
    char tag[BOOK_TAG_SIZE];

    book_tag(book, tag);
    values_put(values, values->hdf, "Watched.Book", link_book(values->arena, book->field[BOOK_ID]));
    values_put(values, values->hdf, "Watched.Tag", tag);
}

/* Puts the notice or question about someone else's change to a field. */
static void put_change(struct values *values, HDF *node, const struct html_change *change)
{
    if (change->is_taken)
        values_put(values, node, "Taken", "1");
    if (!change->is_asked)
        return;
    values_put(values, values->hdf, "Form.Asked", "1");
    values_put(values, node, "Asked", "1");
    values_put_text(values, node, "Before", text_repair(values->arena, change->before));
    if (change->keeps_mine || change->takes_theirs)
        values_put(values, node, "Take", change->keeps_mine ? "mine" : "theirs");
}

/* The field at each place of a form: the title first, since an ID can be made from it. */
static const enum book_field places[BOOK_FIELDS] = {BOOK_TITLE,     BOOK_ID,      BOOK_CATEGORY,      BOOK_AUTHORS,
                                                    BOOK_PUBLISHER, BOOK_EDITION, BOOK_AVAILABLE_FROM};

static void put_field(struct values *values, HDF *fields, const struct html_form *form, int place)
{
    const enum book_field field = places[place];
    const struct book_field_info *info = &book_fields[field];
    HDF *node = values_element(values, fields, (size_t)place);

    values_put(values, node, "Name", info->name);
    values_put(values, node, "Label", info->label);
    values_put_text(values, node, "Value", text_repair(values->arena, form->book->field[field]));
    values_put(values, node, "Type", info->type == BOOK_DATE ? "date" : "text");
    values_put_number(values, node, "MaxLength", info->longest);
    if (info->required && info->type != BOOK_KEY)
        values_put(values, node, "Required", "1");
    if (info->type == BOOK_KEY)
        values_put(values, node, "Hint", "At most 30 characters, never changed later. Left empty, one is made.");
    if (book_field_repeats(field))
        values_put(values, node, "Suggests", link_values(values->arena, info->name));
    if (form->faults != NULL && form->faults->text[field] != NULL)
        values_put(values, node, "Error", form->faults->text[field]);
    if (form->base != NULL) {
        values_put(values, node, "HasBase", "1");
        values_put_text(values, node, "Base", text_repair(values->arena, form->base->field[field]));
    }
    if (form->changes != NULL)
        put_change(values, node, &form->changes[field]);
}

enum err_code html_form(struct html *html, const struct html_frame *frame, const struct html_form *form,
                        struct buf *out, struct err *err)
{
    const struct text id = form->book->field[BOOK_ID];
    struct values values;
    HDF *node, *fields;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Form");
    values_put(&values, node, "Mode", form->is_update ? "update" : "add");
    values_put(&values, node, "Action",
               form->is_update ? link_update(frame->arena, id, &query_whole) : link_add(frame->arena, &query_whole));
    if (form->error != NULL)
        values_put(&values, node, "Error", form->error);
    if (!form->is_update)
        values_put(&values, node, "Taken", link_path(frame->arena, "/api/books"));
    if (form->is_update) {
        if (form->base != NULL) {
            struct book seen = *form->base;

            seen.field[BOOK_ID] = id;
            watched_put(&values, &seen);
        }
        values_put_text(&values, node, "ID", id);
        values_put(&values, node, "Delete",
                   form->is_of_page ? link_from_book(frame->arena, "delete", id)
                                    : link_delete(frame->arena, id, &form->back));
        if (form->changes != NULL)
            values_put(&values, node, "Present",
                       form->is_of_page ? link_from_book(frame->arena, "update", id)
                                        : link_update(frame->arena, id, &form->back));
    }
    put_back(&values, node, &form->back, form->is_update ? id : text_from_cstr(NULL),
             form->is_update && form->is_of_page);
    values_put(&values, node, "Import", link_import(values.arena));
    fields = values_child(&values, node, "Fields");
    for (int place = 0; place < BOOK_FIELDS; place++)
        if (!form->is_update || places[place] != BOOK_ID)
            put_field(&values, fields, form, place);
    return values_render(&values, html, "form.cs", out, err);
}

enum err_code html_delete(struct html *html, const struct html_frame *frame, const struct html_delete *delete,
                          struct buf *out, struct err *err)
{
    const struct text id = delete->book->field[BOOK_ID];
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Delete");
    values_put(&values, node, "Action", link_delete(frame->arena, id, &query_whole));
    values_put_text(&values, node, "ID", id);
    values_put_text(&values, node, "Title", delete->book->field[BOOK_TITLE]);
    values_put_text(&values, node, "Authors", delete->book->field[BOOK_AUTHORS]);
    values_put_text(&values, node, "Neighbour", delete->neighbour);
    put_back(&values, node, &delete->back, id, delete->is_of_page);
    return values_render(&values, html, "delete.cs", out, err);
}

enum err_code html_error(struct html *html, const struct html_frame *frame, const struct html_error *error,
                         struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, error->search);
    node = values_child(&values, values.hdf, "Error");
    values_put_number(&values, node, "Status", (uint64_t)error->status);
    values_put(&values, node, "Title", error->title);
    values_put(&values, node, "Text", error->text);
    values_put(&values, node, "Link.URL", error->link);
    values_put(&values, node, "Link.Label", error->label);
    return values_render(&values, html, "error.cs", out, err);
}
