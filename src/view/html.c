#include "view/html.h"

#include <ClearSilver/ClearSilver.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "view/link.h"
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

bool html_refresh(struct html *html)
{
    return templates_refresh(html->templates);
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
        put(values, values->hdf, "Done.Find",
            link_list(frame->arena, &(struct query){.search = frame->done_id, .limit = LIMIT_PAGE_ROWS}));
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

/* Puts the address of a page of what a query asks for. */
static void put_place(struct values *values, HDF *node, const char *name, const struct query *query, uint64_t page)
{
    struct query place = *query;

    place.offset = (page - 1) * query->limit;
    put(values, node, name, link_list(values->arena, &place));
}

/* Adds an entry to the page bar; page 0 gives one without an address. */
static void put_pager(struct values *values, HDF *pager, size_t *index, const char *kind, uint64_t page,
                      const struct html_list *list)
{
    HDF *entry = element(values, pager, (*index)++);

    put(values, entry, "Kind", kind);
    if (page > 0) {
        put_grouped(values, entry, "Label", page);
        put_place(values, entry, "URL", &list->query, page);
    }
    if (page == list->page && kind[0] == 'p' && kind[1] == 'a')
        put(values, entry, "Current", "1");
}

enum { PAGER_AROUND = 2 }; /* pages shown on either side of the current one */

/* The page bar: first, previous, the pages around the current one, next, last. */
static void put_pagers(struct values *values, HDF *node, const struct html_list *list)
{
    const uint64_t page = list->page, last = list->pages;
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
        put(values, row, "update", link_update_encoded(values->arena, id, &list->query));
        put(values, row, "delete", link_delete_encoded(values->arena, id, &list->query));
    }
}

enum err_code html_list(struct html *html, const struct html_frame *frame, const struct html_list *list,
                        struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;
    enum err_code code;

    values_begin(&values, frame, list->query.search);
    node = child(&values, values.hdf, "List");
    put_number(&values, node, "Total", list->total);
    put_grouped(&values, node, "TotalText", list->total);
    put_grouped(&values, node, "From", list->list.count > 0 ? list->query.offset + 1 : 0);
    put_grouped(&values, node, "To", list->query.offset + list->list.count);
    put_grouped(&values, node, "Page", list->page);
    put_grouped(&values, node, "Pages", list->pages);
    put_text(&values, node, "Search", list->query.search);
    put(&values, node, "Source", list->source);
    put(&values, node, "Seconds", arena_format(frame->arena, "%.4f", list->seconds));
    put(&values, node, "Add", link_add(frame->arena, &list->query));
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

/* Puts where the user came from: for a form to send along, and as the way back. */
static void put_back(struct values *values, HDF *node, const struct query *back)
{
    struct buf parameters = {0};

    link_parameters(&parameters, back);
    put(values, node, "Back", buf_string(&parameters));
    put(values, node, "Cancel", link_list(values->arena, back));
    buf_free(&parameters);
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
    struct values values;
    HDF *node, *fields;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Form");
    put(&values, node, "Mode", form->is_update ? "update" : "add");
    put(&values, node, "Action",
        form->is_update ? link_update(frame->arena, id, &link_whole) : link_add(frame->arena, &link_whole));
    if (form->error != NULL)
        put(&values, node, "Error", form->error);
    if (form->is_update) {
        put_text(&values, node, "ID", id);
        put(&values, node, "Delete", link_delete(frame->arena, id, &form->back));
        put_text(&values, node, "Seen", text_repair(frame->arena, form->seen));
        if (form->now != NULL)
            put(&values, node, "Present", link_update(frame->arena, id, &form->back));
    }
    put_back(&values, node, &form->back);
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
    put(&values, node, "Action", link_delete(frame->arena, id, &link_whole));
    put_text(&values, node, "ID", id);
    put_text(&values, node, "Title", delete->book->field[BOOK_TITLE]);
    put_text(&values, node, "Authors", delete->book->field[BOOK_AUTHORS]);
    put_back(&values, node, &delete->back);
    return values_render(&values, html, "delete.cs", out, err);
}

/* Puts a time as people read it, in s, ms or µs. */
static void put_time(struct values *values, HDF *node, const char *name, double seconds)
{
    const double ms = seconds * 1e3;

    put(values, node, name,
        ms >= 100  ? arena_format(values->arena, "%.2f s", seconds)
        : ms >= 10 ? arena_format(values->arena, "%.0f ms", ms)
        : ms >= 1  ? arena_format(values->arena, "%.1f ms", ms)
                   : arena_format(values->arena, "%.0f µs", ms * 1e3));
}

/* The scale of the bars is logarithmic: seven times a factor of ten, from 1 µs to 10 s, as templates/timings.cs has
 * it. */
enum { BAR_UNITS = 100 /* of the drawing, for a factor of ten */, BAR_FACTORS = 7 };

static double bar_of(double seconds)
{
    const double bar = (log10(seconds) + 6) * BAR_UNITS;

    return bar < 2 ? 2 : bar > BAR_UNITS * BAR_FACTORS ? BAR_UNITS * BAR_FACTORS : bar;
}

static void put_timing(struct values *values, HDF *rows, size_t index, const char *way, const struct timing *timing)
{
    static const char *const outcomes[] = {
        [TIMING_NONE] = "none",     [TIMING_DONE] = "done",       [TIMING_AWAY] = "away",
        [TIMING_ABSENT] = "absent", [TIMING_CHANGED] = "changed", [TIMING_CUT] = "cut",
    };
    HDF *row = element(values, rows, index);

    put(values, row, "Way", way);
    put(values, row, "Outcome", outcomes[timing->outcome]);
    put_grouped(values, row, "Books", timing->books);
    if (timing->outcome != TIMING_DONE && timing->outcome != TIMING_CUT)
        return;
    put_time(values, row, "Time", timing->seconds);
    put(values, row, "Bar", arena_format(values->arena, "%.0f", bar_of(timing->seconds)));
}

enum err_code html_timings(struct html *html, const struct html_frame *frame, const struct html_timings *timings,
                           struct buf *out, struct err *err)
{
    /* The application that this one replaces, as it was once measured. */
    static const struct timing original_first = {TIMING_DONE, 500000, 7.1}, original_next = {TIMING_DONE, 500000, 0.85};
    static const struct catalogue_timings nothing = {.page = 1};
    static const char *const ways[] = {
        [TIMING_TABLE_MYSQL] = "table-mysql", [TIMING_TABLE_REDIS] = "table-redis", [TIMING_PAGE_MYSQL] = "page-mysql",
        [TIMING_PAGE_REDIS] = "page-redis",   [TIMING_PAGE_FILE] = "page-file",
    };
    const struct catalogue_timings *shown = timings->timings != NULL ? timings->timings : &nothing;
    struct values values;
    HDF *node, *rows;

    values_begin(&values, frame, text_of(NULL));
    node = child(&values, values.hdf, "Timings");
    if (timings->timings != NULL) {
        put(&values, node, "At", timings->at);
        put_grouped(&values, node, "Page", shown->page);
    }
    put_number(&values, node, "Most", LIMIT_TIMING_S);
    rows = child(&values, node, "Rows");
    put_timing(&values, rows, 0, "original-first", &original_first);
    put_timing(&values, rows, 1, "original-next", &original_next);
    for (size_t i = 0; i < TIMING_WAYS; i++)
        if (i != TIMING_PAGE_FILE || timings->has_files)
            put_timing(&values, rows, i + 2, ways[i], &shown->ways[i]);
    return values_render(&values, html, "timings.cs", out, err);
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
