/* The pages of the log of changes. */
#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"
#include "view/time_text.h"

static const char changes_path[] = "/changes", feed_path[] = "/changes.atom";

/* Puts what a change did to a field. */
static void put_field(struct values *values, HDF *fields, size_t index, int field, struct text old, struct text new)
{
    HDF *row = values_element(values, fields, index);

    values_put(values, row, "Label", book_fields[field].label);
    values_put_text(values, row, "Old", text_repair(values->arena, old));
    values_put_text(values, row, "New", text_repair(values->arena, new));
}

/* Puts the fields that differ. is_brief: not all of those of a book that was added or deleted. */
static void put_fields(struct values *values, HDF *node, const struct history_entry *entry, bool is_brief)
{
    static const struct book nothing = {0};
    const struct book *before = entry->has_before ? &entry->before : &nothing,
                      *after = entry->has_after ? &entry->after : &nothing;
    HDF *fields = values_child(values, node, "Fields");
    size_t count = 0;

    for (int field = BOOK_ID + 1; field < BOOK_FIELDS && !(is_brief && entry->op != CHANGE_UPDATE); field++)
        if (!text_equal(before->field[field], after->field[field]))
            put_field(values, fields, count++, field, before->field[field], after->field[field]);
}

/* Puts the form that restores the state after a change, or before a deletion. */
static void put_restore(struct values *values, HDF *node, const struct history_entry *entry)
{
    values_put(values, node, "Restore", link_restore(values->arena, entry->id));
    values_put_number(values, node, "Version", entry->place.version);
}

/* Puts what an edit of many books did, and to how many. */
static void put_edit(struct values *values, HDF *node, const struct edit_record *edit)
{
    values_put(values, node, "What", edit_words(&edit->edit, values->arena));
    values_put_grouped(values, node, "Books", edit->done);
    if (edit->done == 1)
        values_put(values, node, "One", "1");
    if (edit->state != EDIT_DONE)
        values_put_grouped(values, node, "Planned", edit->planned);
}

static void put_entry(struct values *values, HDF *list, size_t index, const struct history_entry *entry)
{
    const struct book *state = history_state(entry);
    const struct text title = state != NULL ? state->field[BOOK_TITLE] : entry->id;
    const struct history_query of_actor = {.actor = entry->actor, .op = HISTORY_ANY, .limit = LIMIT_CHANGES};
    const char *history = link_history_path(values->arena, "/books/", entry->id);
    HDF *node = values_element(values, list, index);

    values_put(values, node, "At", time_text_plain(values->arena, entry->at));
    values_put(values, node, "Stamp", time_text_rfc3339(values->arena, entry->at));
    values_put_text(values, node, "Who", text_repair(values->arena, entry->actor));
    values_put(values, node, "ByWho", link_changes(values->arena, changes_path, &of_actor));
    values_put(values, node, "Op", change_op_name(entry->op));
    if (entry->edit_number > 0)
        values_put(values, node, "Edit", link_edits(values->arena, entry->edit_number));
    if (entry->edit != NULL) {
        put_edit(values, node, entry->edit);
    } else {
        values_put_text(values, node, "ID", entry->id);
        values_put_text(values, node, "Title", text_repair(values->arena, title));
        values_put(values, node, "History", link_changes(values->arena, history, NULL));
    }
    if (entry->is_there)
        values_put(values, node, "Page", link_book_page(values->arena, entry->id));
    values_put(values, node, "Place",
               arena_format(values->arena, "%llu-%llu", (unsigned long long)entry->place.version,
                            (unsigned long long)entry->place.part));
}

void changes_put(struct values *values, HDF *node, const struct history *history)
{
    HDF *list = values_child(values, node, "Entries");

    for (size_t i = 0; i < history->count; i++)
        put_entry(values, list, i, &history->entries[i]);
}

/* Puts the links to the older and to the newest changes. */
static void put_pages(struct values *values, HDF *node, const char *path, const struct html_changes *changes)
{
    struct history_query newest = *changes->query;

    newest.before = (struct history_place){0};
    if (changes->history->has_more)
        values_put(values, node, "Older", link_older(values->arena, path, changes->query, changes->history));
    if (changes->query->before.version > 0)
        values_put(values, node, "Newest", link_changes(values->arena, path, &newest));
}

enum err_code html_history(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                           struct buf *out, struct err *err)
{
    const struct text id = changes->query->id;
    const char *path = link_history_path(frame->arena, "/books/", id);
    struct values values;
    HDF *node, *list;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "History");
    values_put_text(&values, node, "ID", id);
    values_put(&values, node, "JSON",
               link_changes(frame->arena, link_history_path(frame->arena, "/api/books/", id), NULL));
    if (changes->book != NULL) {
        values_put(&values, node, "Page", link_book_page(frame->arena, id));
        values_put_text(&values, node, "Title", text_repair(frame->arena, changes->book->field[BOOK_TITLE]));
    }
    put_pages(&values, node, path, changes);
    list = values_child(&values, node, "Entries");
    for (size_t i = 0; i < changes->history->count; i++) {
        const struct history_entry *entry = &changes->history->entries[i];
        const struct book *state = history_state(entry);
        HDF *row = values_element(&values, list, i);

        put_entry(&values, list, i, entry);
        put_fields(&values, row, entry, false);
        if (state == NULL)
            continue;
        if (changes->book == NULL || !book_equal(state, changes->book))
            put_restore(&values, row, entry);
        else if (entry->op != CHANGE_DELETE)
            values_put(&values, row, "Current", "1");
    }
    return values_render(&values, html, "history.cs", out, err);
}

/* Puts what the page and the feed of all changes share. */
static void put_changes(struct values *values, HDF *node, const struct html_changes *changes)
{
    HDF *list = values_child(values, node, "Entries");

    for (size_t i = 0; i < changes->history->count; i++) {
        const struct history_entry *entry = &changes->history->entries[i];
        HDF *row = values_element(values, list, i);

        put_entry(values, list, i, entry);
        put_fields(values, row, entry, true);
        if (entry->op == CHANGE_DELETE && !entry->is_there && entry->has_before)
            put_restore(values, row, entry);
    }
}

enum err_code html_changes(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                           struct buf *out, struct err *err)
{
    const struct history_query *query = changes->query;
    struct history_query newest = *query;
    struct values values;
    HDF *node;

    newest.before = (struct history_place){0};
    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Changes");
    values_put_text(&values, node, "User", query->actor);
    values_put_text(&values, node, "Day", query->day);
    if (query->op != HISTORY_ANY)
        values_put(&values, node, "Op", change_op_name((enum change_op)query->op));
    if (query->edit > 0) {
        values_put_number(&values, node, "OfEdit", query->edit);
        values_put(&values, node, "Edit", link_edits(frame->arena, query->edit));
    }
    if (query->edit > 0 || query->actor.len > 0 || query->day.len > 0 || query->op != HISTORY_ANY)
        values_put(&values, node, "All", link_changes(frame->arena, changes_path, NULL));
    values_put(&values, node, "Action", link_changes(frame->arena, changes_path, NULL));
    values_put(&values, node, "Feed", link_changes(frame->arena, feed_path, &newest));
    put_pages(&values, node, changes_path, changes);
    put_changes(&values, node, changes);
    return values_render(&values, html, "changes.cs", out, err);
}

enum err_code html_feed(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                        struct buf *out, struct err *err)
{
    struct buf feed = {0};
    struct values values;
    enum err_code code;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Feed");
    values_put(&values, node, "Site", changes->site);
    values_put(&values, node, "Self", link_changes(frame->arena, feed_path, changes->query));
    values_put(&values, node, "Page", link_changes(frame->arena, changes_path, changes->query));
    if (changes->history->count > 0)
        values_put(&values, node, "Updated", time_text_rfc3339(frame->arena, changes->history->entries[0].at));
    if (changes->history->has_more)
        values_put(&values, node, "Older", link_older(frame->arena, feed_path, changes->query, changes->history));
    put_changes(&values, node, changes);
    code = values_render(&values, html, "feed.cs", &feed, err);
    text_add_xml(out, (struct text){feed.at, feed.len});
    buf_free(&feed);
    return code;
}
