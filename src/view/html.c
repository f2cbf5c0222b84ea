#include "view/html.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"

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

enum err_code html_home(struct html *html, const struct html_frame *frame, struct buf *out, struct err *err)
{
    struct values values;

    values_begin(&values, frame, text_of(NULL));
    return values_render(&values, html, "home.cs", out, err);
}

/* Puts where the user came from: for a form to send along, and as the way back. */
static void put_back(struct values *values, HDF *node, const struct query *back)
{
    struct buf parameters = {0};

    link_parameters(&parameters, back);
    values_put(values, node, "Back", buf_string(&parameters));
    values_put(values, node, "Cancel", link_list(values->arena, back));
    buf_free(&parameters);
}

static void put_field(struct values *values, HDF *fields, const struct html_form *form, int field)
{
    const struct book_field_info *info = &book_fields[field];
    HDF *node = values_element(values, fields, (size_t)field);

    values_put(values, node, "Name", info->name);
    values_put(values, node, "Label", info->label);
    values_put_text(values, node, "Value", text_repair(values->arena, form->book->field[field]));
    values_put(values, node, "Type", info->type == BOOK_DATE ? "date" : "text");
    values_put_number(values, node, "MaxLength", info->longest);
    if (info->required)
        values_put(values, node, "Required", "1");
    if (info->type == BOOK_KEY)
        values_put(values, node, "Hint", "1 to 30 characters. It cannot be changed later.");
    if (form->faults != NULL && form->faults->text[field] != NULL)
        values_put(values, node, "Error", form->faults->text[field]);
    if (form->now != NULL && !text_equal(form->now->field[field], form->book->field[field])) {
        values_put(values, node, "Differs", "1");
        values_put_text(values, node, "Now", text_repair(values->arena, form->now->field[field]));
    }
}

enum err_code html_form(struct html *html, const struct html_frame *frame, const struct html_form *form,
                        struct buf *out, struct err *err)
{
    const struct text id = form->book->field[BOOK_ID];
    struct values values;
    HDF *node, *fields;

    values_begin(&values, frame, text_of(NULL));
    node = values_child(&values, values.hdf, "Form");
    values_put(&values, node, "Mode", form->is_update ? "update" : "add");
    values_put(&values, node, "Action",
               form->is_update ? link_update(frame->arena, id, &link_whole) : link_add(frame->arena, &link_whole));
    if (form->error != NULL)
        values_put(&values, node, "Error", form->error);
    if (form->is_update) {
        values_put_text(&values, node, "ID", id);
        values_put(&values, node, "Delete", link_delete(frame->arena, id, &form->back));
        values_put_text(&values, node, "Seen", text_repair(frame->arena, form->seen));
        if (form->now != NULL)
            values_put(&values, node, "Present", link_update(frame->arena, id, &form->back));
    }
    put_back(&values, node, &form->back);
    fields = values_child(&values, node, "Fields");
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
    node = values_child(&values, values.hdf, "Delete");
    values_put(&values, node, "Action", link_delete(frame->arena, id, &link_whole));
    values_put_text(&values, node, "ID", id);
    values_put_text(&values, node, "Title", delete->book->field[BOOK_TITLE]);
    values_put_text(&values, node, "Authors", delete->book->field[BOOK_AUTHORS]);
    put_back(&values, node, &delete->back);
    return values_render(&values, html, "delete.cs", out, err);
}

/* Puts a time as people read it, in s, ms or µs. */
static void put_time(struct values *values, HDF *node, const char *name, double seconds)
{
    const double ms = seconds * 1e3;

    values_put(values, node, name,
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
    HDF *row = values_element(values, rows, index);

    values_put(values, row, "Way", way);
    values_put(values, row, "Outcome", outcomes[timing->outcome]);
    values_put_grouped(values, row, "Books", timing->books);
    if (timing->outcome != TIMING_DONE && timing->outcome != TIMING_CUT)
        return;
    put_time(values, row, "Time", timing->seconds);
    values_put(values, row, "Bar", arena_format(values->arena, "%.0f", bar_of(timing->seconds)));
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
    node = values_child(&values, values.hdf, "Timings");
    if (timings->timings != NULL) {
        values_put(&values, node, "At", timings->at);
        values_put_grouped(&values, node, "Page", shown->page);
    }
    values_put_number(&values, node, "Most", LIMIT_TIMING_S);
    rows = values_child(&values, node, "Rows");
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
    node = values_child(&values, values.hdf, "Error");
    values_put_number(&values, node, "Status", (uint64_t)error->status);
    values_put(&values, node, "Title", error->title);
    values_put(&values, node, "Text", error->text);
    values_put(&values, node, "Link.URL", error->link);
    values_put(&values, node, "Link.Label", error->label);
    return values_render(&values, html, "error.cs", out, err);
}
