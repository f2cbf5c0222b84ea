#include "view/json_changes.h"

#include "book/book_json.h"
#include "view/json_parts.h"
#include "view/time_text.h"

static void put_state(yajl_gen json, const char *name, const struct book *book)
{
    json_put_string(json, name);
    if (book != NULL)
        book_json_put(json, book);
    else
        yajl_gen_null(json);
}

/* Adds the edit of many books that an entry is, or is a part of. */
static void put_edit(yajl_gen json, const struct history_entry *entry, struct arena *arena)
{
    json_put_string(json, "edit");
    if (entry->edit_number == 0) {
        yajl_gen_null(json);
        return;
    }
    yajl_gen_map_open(json);
    json_put_number(json, "number", entry->edit_number);
    if (entry->edit != NULL) {
        json_put_member(json, "what", edit_words(&entry->edit->edit, arena));
        json_put_number(json, "books", entry->edit->done);
    }
    yajl_gen_map_close(json);
}

static void put_change(yajl_gen json, const struct history_entry *entry, struct arena *arena)
{
    yajl_gen_map_open(json);
    json_put_number(json, "version", entry->place.version);
    json_put_number(json, "part", entry->place.part);
    json_put_member(json, "at", time_text_rfc3339(arena, entry->at));
    json_put_member(json, "user", text_string(arena, text_repair(arena, entry->actor)));
    json_put_member(json, "op", change_op_name(entry->op));
    if (entry->edit == NULL) {
        json_put_member(json, "book_id", text_string(arena, entry->id));
    } else {
        json_put_string(json, "book_id");
        yajl_gen_null(json);
    }
    put_state(json, "before", entry->has_before ? &entry->before : NULL);
    put_state(json, "after", entry->has_after ? &entry->after : NULL);
    put_edit(json, entry, arena);
    yajl_gen_map_close(json);
}

void json_changes(const struct history *history, const char *next, struct buf *out)
{
    struct arena arena = {0};
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_string(json, "changes");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < history->count; i++)
        put_change(json, &history->entries[i], &arena);
    yajl_gen_array_close(json);
    json_put_string(json, "links");
    yajl_gen_map_open(json);
    if (next != NULL)
        json_put_member(json, "next", next);
    yajl_gen_map_close(json);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
    arena_free(&arena);
}
