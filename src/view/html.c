#include "view/html.h"

#include <ClearSilver/ClearSilver.h>
#include <stdlib.h>

#include "base/limits.h"
#include "view/rows.h"
#include "view/template.h"

/* Where a page's values go. The first failure sticks, and the rest is left out. */
struct values {
    HDF *hdf;
    NEOERR *error;
    struct arena *arena;
};

static void put(struct values *values, HDF *node, const char *name, const char *value)
{
    if (values->error == STATUS_OK)
        values->error = hdf_set_value(node, name, value);
}

static void put_text(struct values *values, HDF *node, const char *name, struct text text)
{
    put(values, node, name, text_string(values->arena, text));
}

static void put_number(struct values *values, HDF *node, const char *name, uint64_t number)
{
    put(values, node, name, arena_format(values->arena, "%llu", (unsigned long long)number));
}

/* Puts a number as people read it: 500,000. */
static void put_grouped(struct values *values, HDF *node, const char *name, uint64_t number)
{
    char digits[32], grouped[48];
    size_t out = 0;
    const int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            grouped[out++] = ',';
        grouped[out++] = digits[i];
    }
    grouped[out] = '\0';
    put(values, node, name, grouped);
}

/* Returns the node called name below node, made if need be; NULL after a failure. */
static HDF *child(struct values *values, HDF *node, const char *name)
{
    HDF *found = NULL;

    if (values->error == STATUS_OK)
        values->error = hdf_get_node(node, name, &found);
    return found;
}

/* Returns the next element of a list of nodes. */
static HDF *element(struct values *values, HDF *list, size_t index)
{
    char name[24];

    snprintf(name, sizeof name, "%zu", index);
    return child(values, list, name);
}

struct html {
    struct templates *templates;
    struct buf specimen; /* of a list page, kept for its memory */
};

struct html *html_new(const char *folder)
{
    struct html *html = mem_zero(sizeof *html);

    html->templates = templates_new(folder);
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

uint32_t html_stamp(const struct html *html)
{
    return templates_stamp(html->templates);
}

/* Starts the values of a page with what all pages are given. */
static void values_begin(struct values *values, const struct html_frame *frame, struct text search)
{
    *values = (struct values){.arena = frame->arena};
    values->error = hdf_init(&values->hdf);
    put(values, values->hdf, "Page.Title", frame->title);
    put(values, values->hdf, "Page.Nav", frame->nav);
    put(values, values->hdf, "Page.Static", "/static");
    put_text(values, values->hdf, "Page.Search", search);
    if (frame->done != NULL) {
        put(values, values->hdf, "Done.Kind", frame->done);
        put_text(values, values->hdf, "Done.ID", frame->done_id);
        put(values, values->hdf, "Done.Find", link_list(frame->arena, (struct link_place){1, frame->done_id}));
    }
}

/* Renders a page from its values, and gives them back. */
static enum err_code values_render(struct values *values, struct html *html, const char *name, struct buf *out,
                                   struct err *err)
{
    enum err_code code = values->error == STATUS_OK ? templates_render(html->templates, name, values->hdf, out, err)
                                                    : template_error(values->error, name, err);

    hdf_destroy(&values->hdf);
    return code;
}

enum err_code html_home(struct html *html, const struct html_frame *frame, struct buf *out, struct err *err)
{
    struct values values;

    values_begin(&values, frame, text_of(NULL));
    return values_render(&values, html, "home.cs", out, err);
}

/* Adds an entry to the page bar; page 0 gives one without an address. */
static void put_pager(struct values *values, HDF *pager, size_t *index, const char *kind, uint64_t page,
                      const struct html_list *list)
{
    HDF *entry = element(values, pager, (*index)++);

    put(values, entry, "Kind", kind);
    if (page > 0) {
        put_grouped(values, entry, "Label", page);
        put(values, entry, "URL", link_list(values->arena, (struct link_place){page, list->place.search}));
    }
    if (page == list->place.page && kind[0] == 'p' && kind[1] == 'a')
        put(values, entry, "Current", "1");
}

enum { PAGER_AROUND = 2 }; /* pages shown on either side of the current one */

/* The page bar: first, previous, the pages around the current one, next, last. */
static void put_pagers(struct values *values, HDF *node, const struct html_list *list)
{
    const uint64_t page = list->place.page, last = list->pages;
    const uint64_t from = page > PAGER_AROUND ? page - PAGER_AROUND : 1;
    const uint64_t to = page + PAGER_AROUND < last ? page + PAGER_AROUND : last;
    HDF *pager = child(values, node, "Pager");
    size_t index = 0;

    put_pager(values, pager, &index, "first", page > 1 ? 1 : 0, list);
    put_pager(values, pager, &index, "previous", page - 1, list);
    if (from > 1)
        put_pager(values, pager, &index, "gap", 0, list);
    for (uint64_t i = from; i <= to; i++)
        put_pager(values, pager, &index, "page", i, list);
    if (to < last)
        put_pager(values, pager, &index, "gap", 0, list);
    put_pager(values, pager, &index, "next", page < last ? page + 1 : 0, list);
    put_pager(values, pager, &index, "last", page < last ? last : 0, list);
}

/* Puts specimens in the place of the books (view/rows.h). */
static void put_specimens(struct values *values, HDF *node, const struct html_list *list)
{
    HDF *books = child(values, node, "Books");

    for (int i = 0; i < ROWS_SPECIMENS; i++) {
        const char *id = rows_mark(values->arena, i, ROWS_ENCODED_ID);
        HDF *row = element(values, books, (size_t)i);

        for (int field = 0; field < BOOK_FIELDS; field++)
            put(values, row, book_fields[field].name, rows_mark(values->arena, i, field));
        put(values, row, "update", link_update_encoded(values->arena, id, list->place));
        put(values, row, "delete", link_delete_encoded(values->arena, id, list->place));
    }
}

enum err_code html_list(struct html *html, const struct html_frame *frame, const struct html_list *list,
                        struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;
    enum err_code code;

    values_begin(&values, frame, list->place.search);
    node = child(&values, values.hdf, "List");
    put_number(&values, node, "Total", list->total);
    put_grouped(&values, node, "TotalText", list->total);
    put_grouped(&values, node, "From", list->list.count > 0 ? list->offset + 1 : 0);
    put_grouped(&values, node, "To", list->offset + list->list.count);
    put_grouped(&values, node, "Page", list->place.page);
    put_grouped(&values, node, "Pages", list->pages);
    put_text(&values, node, "Search", list->place.search);
    put(&values, node, "Source", list->source);
    put(&values, node, "Seconds", arena_format(frame->arena, "%.4f", list->seconds));
    put(&values, node, "Add", link_add(frame->arena, list->place));
    if (!list->is_sure)
        put(&values, node, "Unsure", "1");
    if (list->version.epoch != 0)
        put(&values, node, "Version",
            arena_format(frame->arena, "%llu-%llu", (unsigned long long)list->version.epoch,
                         (unsigned long long)list->version.number));
    if (list->rendered_at != NULL)
        put(&values, node, "RenderedAt", list->rendered_at);
    put_pagers(&values, node, list);
    put_number(&values, node, "Rows", list->list.count);
    if (list->list.count == 0)
        return values_render(&values, html, "list.cs", out, err);
    put_specimens(&values, node, list);
    buf_clear(&html->specimen);
    code = values_render(&values, html, "list.cs", &html->specimen, err);
    if (code == ERR_OK && !rows_expand((struct text){html->specimen.at, html->specimen.len}, &list->list, out))
        code = err_set(err, ERR_INTERNAL, "template list.cs: its rows differ by more than their books' values");
    return code;
}

static void put_field(struct values *values, HDF *fields, const struct html_form *form, int field)
{
    const struct book_field_info *info = &book_fields[field];
    HDF *node = element(values, fields, (size_t)field);

    put(values, node, "Name", info->name);
    put(values, node, "Label", info->label);
    put_text(values, node, "Value", text_repair(values->arena, form->book->field[field]));
    put(values, node, "Type", info->type == BOOK_DATE ? "date" : "text");
    put_number(values, node, "MaxLength", info->longest);
    if (info->required)
        put(values, node, "Required", "1");
    if (info->type == BOOK_KEY)
        put(values, node, "Hint", "1 to 30 characters. It cannot be changed later.");
    if (form->faults != NULL && form->faults->text[field] != NULL)
        put(values, node, "Error", form->faults->text[field]);
    if (form->now != NULL && !text_equal(form->now->field[field], form->book->field[field])) {
        put(values, node, "Differs", "1");
        put_text(values, node, "Now", text_repair(values->arena, form->now->field[field]));
    }
}

enum err_code html_form(struct html *html, const struct html_frame *frame, const struct html_form *form,
                        struct buf *out, struct err *err)
{
    const struct text id = form->book->field[BOOK_ID];
    const struct link_place here = {1, {NULL, 0}};
    struct values values;
    HDF *node, *fields;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Form");
    put(&values, node, "Mode", form->is_update ? "update" : "add");
    put(&values, node, "Action", form->is_update ? link_update(frame->arena, id, here) : link_add(frame->arena, here));
    if (form->error != NULL)
        put(&values, node, "Error", form->error);
    if (form->is_update) {
        put_text(&values, node, "ID", id);
        put(&values, node, "Delete", link_delete(frame->arena, id, form->back));
        put_text(&values, node, "Seen", text_repair(frame->arena, form->seen));
        if (form->now != NULL)
            put(&values, node, "Present", link_update(frame->arena, id, form->back));
    }
    put_number(&values, node, "Page", form->back.page);
    put_text(&values, node, "Search", form->back.search);
    put(&values, node, "Cancel", link_list(frame->arena, form->back));
    put(&values, node, "Import", link_import());
    fields = child(&values, node, "Fields");
    for (int field = form->is_update ? BOOK_ID + 1 : BOOK_ID; field < BOOK_FIELDS; field++)
        put_field(&values, fields, form, field);
    return values_render(&values, html, "form.cs", out, err);
}

enum err_code html_delete(struct html *html, const struct html_frame *frame, const struct html_delete *delete,
                          struct buf *out, struct err *err)
{
    const struct text id = delete->book->field[BOOK_ID];
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Delete");
    put(&values, node, "Action", link_delete(frame->arena, id, (struct link_place){1, {NULL, 0}}));
    put_text(&values, node, "ID", id);
    put_text(&values, node, "Title", delete->book->field[BOOK_TITLE]);
    put_text(&values, node, "Authors", delete->book->field[BOOK_AUTHORS]);
    put_number(&values, node, "Page", delete->back.page);
    put_text(&values, node, "Search", delete->back.search);
    put(&values, node, "Cancel", link_list(frame->arena, delete->back));
    return values_render(&values, html, "delete.cs", out, err);
}

/* Puts what became of the lines of a file. */
static void put_result(struct values *values, HDF *node, const struct html_import *import)
{
    const size_t shown = import->fault_count < LIMIT_IMPORT_FAULTS ? import->fault_count : (size_t)LIMIT_IMPORT_FAULTS;
    HDF *faults;

    put(values, node, "Result", "1");
    put_grouped(values, node, "Added", import->counts.added);
    put_grouped(values, node, "Replaced", import->counts.replaced);
    put_grouped(values, node, "Unchanged", import->counts.unchanged);
    put_grouped(values, node, "Skipped", import->counts.skipped);
    put_grouped(values, node, "Bad", import->counts.bad);
    if (import->fault_count > shown)
        put_grouped(values, node, "More", import->fault_count - shown);
    faults = child(values, node, "Faults");
    for (size_t i = 0; i < shown; i++) {
        HDF *fault = element(values, faults, i);

        put_grouped(values, fault, "Line", import->faults[i].line);
        put_text(values, fault, "Text", text_repair(values->arena, text_of(import->faults[i].text)));
    }
}

enum err_code html_import(struct html *html, const struct html_frame *frame, const struct html_import *import,
                          struct buf *out, struct err *err)
{
    struct values values;
    HDF *node, *columns;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Import");
    put(&values, node, "Action", link_import());
    columns = child(&values, node, "Columns");
    for (int field = 0; field < BOOK_FIELDS; field++)
        put(&values, element(&values, columns, (size_t)field), "Name", book_fields[field].name);
    if (import->writes)
        put(&values, node, "Writes", "1");
    if (import->replaces)
        put(&values, node, "Replaces", "1");
    if (import->error != NULL)
        put(&values, node, "Error", import->error);
    put_text(&values, node, "File", import->file);
    if (import->has_result)
        put_result(&values, node, import);
    return values_render(&values, html, "import.cs", out, err);
}

enum err_code html_error(struct html *html, const struct html_frame *frame, const struct html_error *error,
                         struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Error");
    put_number(&values, node, "Status", (uint64_t)error->status);
    put(&values, node, "Title", error->title);
    put(&values, node, "Text", error->text);
    put(&values, node, "Link.URL", error->link);
    put(&values, node, "Link.Label", error->label);
    return values_render(&values, html, "error.cs", out, err);
}
