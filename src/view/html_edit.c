/* The part of html that renders edits of many books: the form with its preview, and what one has done. */
#include <inttypes.h>

#include "view/html_parts.h"
#include "view/link.h"
#include "view/time_text.h"

/* Puts a number of books, and whether it is one. */
static void put_books(struct values *values, HDF *node, const char *name, uint64_t books)
{
    values_put_grouped(values, node, name, books);
    if (books == 1)
        values_put(values, node, arena_format(values->arena, "%sOne", name), "1");
}

static void put_sample(struct values *values, HDF *list, size_t index, const struct edit_plan *plan,
                       const struct edit_sample *sample)
{
    const struct edit *edit = &plan->wish.edit;
    HDF *row = values_element(values, list, index);

    values_put_text(values, row, "ID", sample->before.field[BOOK_ID]);
    values_put_text(values, row, "Title", text_repair(values->arena, sample->before.field[BOOK_TITLE]));
    values_put(values, row, "Page", link_book_page(values->arena, sample->before.field[BOOK_ID]));
    if (sample->fault != NULL) {
        values_put(values, row, "Fault", sample->fault);
    } else if (edit->kind != EDIT_DELETE) {
        HDF *field = values_element(values, values_child(values, row, "Fields"), 0);

        values_put(values, field, "Label", book_fields[edit->field].label);
        values_put_text(values, field, "Old", text_repair(values->arena, sample->before.field[edit->field]));
        values_put_text(values, field, "New", text_repair(values->arena, sample->after.field[edit->field]));
    }
}

/* Puts the first books, and how many more there are. */
static void put_samples(struct values *values, HDF *node, const struct edit_plan *plan,
                        const struct edit_sample *samples, size_t count, uint64_t total)
{
    HDF *list = values_child(values, node, "Samples");

    for (size_t i = 0; i < count; i++)
        put_sample(values, list, i, plan, &samples[i]);
    if (total > count)
        values_put_grouped(values, node, "More", total - count);
}

static void put_plan(struct values *values, HDF *node, const struct edit_plan *plan)
{
    values_put(values, node, "What", edit_words(&plan->wish.edit, values->arena));
    put_books(values, node, "Changes", plan->changes);
    if (plan->changes > 0)
        values_put(values, node, "Due", "1");
    if (plan->unchanged > 0)
        put_books(values, node, "Unchanged", plan->unchanged);
    values_put(values, node, "Sum", arena_format(values->arena, "%016" PRIx64, plan->sum));
    if (plan->refused > 0) {
        put_books(values, node, "Refused", plan->refused);
        put_samples(values, node, plan, plan->faults, plan->fault_count, plan->refused);
    } else {
        put_samples(values, node, plan, plan->samples, plan->sample_count, plan->changes);
    }
}

enum err_code html_edit(struct html *html, const struct html_frame *frame, const struct html_edit *edit,
                        struct buf *out, struct err *err)
{
    struct values values;
    HDF *node, *list;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Edit");
    if (edit->is_counted)
        put_books(&values, node, "Found", edit->found);
    values_put(&values, node, "Action",
               edit->id_count > 0 ? link_edit_back(frame->arena, edit->query) : link_edit(frame->arena, edit->query));
    values_put(&values, node, "Back", link_list(frame->arena, edit->query));
    if (edit->id_count == 0) {
        values_put_text(&values, node, "Search", edit->query->search);
        chosen_put(&values, node, edit->query);
    }
    list = values_child(&values, node, "IDs");
    for (size_t i = 0; i < edit->id_count; i++)
        values_put_text(&values, values_element(&values, list, i), "ID", edit->ids[i]);
    if (edit->error != NULL)
        values_put_text(&values, node, "Error", text_repair(frame->arena, text_from_cstr(edit->error)));
    values_put(&values, node, "Kind", edit_kind_name(edit->edit.kind));
    values_put_text(&values, node, "Old", text_repair(frame->arena, edit->edit.old_text));
    values_put_text(&values, node, "New", text_repair(frame->arena, edit->edit.new_text));
    if (edit->edit.field < BOOK_FIELDS)
        values_put(&values, node, "Field", book_fields[edit->edit.field].name);
    list = values_child(&values, node, "Fields");
    for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++) {
        HDF *row = values_element(&values, list, (size_t)field);

        values_put(&values, row, "Name", book_fields[field].name);
        values_put(&values, row, "Label", book_fields[field].label);
        if (edit->edit.field == (enum book_field)field)
            values_put(&values, row, "Chosen", "1");
    }
    if (edit->plan != NULL)
        put_plan(&values, values_child(&values, node, "Plan"), edit->plan);
    return values_render(&values, html, "edit.cs", out, err);
}

enum err_code html_edited(struct html *html, const struct html_frame *frame, const struct edit_record *record,
                          struct buf *out, struct err *err)
{
    const struct history_query single = {.edit = record->number, .op = HISTORY_ANY, .limit = LIMIT_CHANGES};
    const struct history_query of_actor = {.actor = record->actor, .op = HISTORY_ANY, .limit = LIMIT_CHANGES};
    const bool can_go_on = record->search.len > 0 || record->edit.kind == EDIT_UNDO;
    const char *page = link_edits(frame->arena, record->number);
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Edited");
    values_put_number(&values, node, "Number", record->number);
    values_put(&values, node, "What", edit_words(&record->edit, frame->arena));
    values_put(&values, node, "Op", change_op_name(edit_op(&record->edit)));
    values_put(&values, node, "State", edit_state_name(record->state));
    put_books(&values, node, "Done", record->done);
    values_put_grouped(&values, node, "Planned", record->planned);
    if (record->skipped > 0)
        put_books(&values, node, "Skipped", record->skipped);
    values_put(&values, node, "At", time_text_plain(frame->arena, record->at));
    values_put_text(&values, node, "Who", text_repair(frame->arena, record->actor));
    values_put(&values, node, "ByWho", link_changes(frame->arena, "/changes", &of_actor));
    if (record->search.len > 1) {
        const char *search = text_string(frame->arena, record->search);

        values_put(&values, node, "Search", link_path(frame->arena, arena_format(frame->arena, "/list%s", search)));
    }
    if (record->edit.kind == EDIT_UNDO)
        values_put(&values, node, "Undoes", link_edits(frame->arena, record->edit.undoes));
    if (record->undone_by > 0)
        values_put(&values, node, "UndoneBy", link_edits(frame->arena, record->undone_by));
    if (record->done > 0)
        values_put(&values, node, "Changes", link_changes(frame->arena, "/changes", &single));
    if (record->done > 0 && record->state != EDIT_RUNNING && record->undone_by == 0)
        values_put(&values, node, "Undo", arena_format(frame->arena, "%s/undo", page));
    if (record->state == EDIT_STOPPED && can_go_on)
        values_put(&values, node, "Continue", arena_format(frame->arena, "%s/continue", page));
    return values_render(&values, html, "edited.cs", out, err);
}
