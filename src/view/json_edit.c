#include "view/json_edit.h"

#include <inttypes.h>

#include "book/book_json.h"
#include "view/json_parts.h"
#include "view/time_text.h"

static void put_sample(yajl_gen json, const struct edit_sample *sample, bool is_deleted)
{
    yajl_gen_map_open(json);
    json_put_string(json, "before");
    book_json_put(json, &sample->before);
    json_put_string(json, "after");
    if (is_deleted)
        yajl_gen_null(json);
    else
        book_json_put(json, &sample->after);
    yajl_gen_map_close(json);
}

static void put_fault(yajl_gen json, const struct edit_sample *sample, struct arena *arena)
{
    yajl_gen_map_open(json);
    json_put_member(json, "book_id", text_string(arena, sample->before.field[BOOK_ID]));
    json_put_member(json, "detail", sample->fault);
    yajl_gen_map_close(json);
}

void json_edit_plan(const struct edit_plan *plan, struct buf *out)
{
    struct arena arena = {0};
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_member(json, "what", edit_words(&plan->wish.edit, &arena));
    json_put_number(json, "found", plan->found);
    json_put_number(json, "changes", plan->changes);
    json_put_number(json, "unchanged", plan->unchanged);
    json_put_number(json, "refused", plan->refused);
    json_put_member(json, "sum", arena_format(&arena, "%016" PRIx64, plan->sum));
    json_put_string(json, "samples");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < plan->sample_count; i++)
        put_sample(json, &plan->samples[i], plan->wish.edit.kind == EDIT_DELETE);
    yajl_gen_array_close(json);
    json_put_string(json, "faults");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < plan->fault_count; i++)
        put_fault(json, &plan->faults[i], &arena);
    yajl_gen_array_close(json);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
    arena_free(&arena);
}

/* Adds the number of another edit; 0: null. */
static void put_other(yajl_gen json, const char *name, uint64_t number)
{
    if (number > 0) {
        json_put_number(json, name, number);
        return;
    }
    json_put_string(json, name);
    yajl_gen_null(json);
}

void json_edit(const struct edit_record *record, struct buf *out)
{
    struct arena arena = {0};
    yajl_gen json = json_open(out);

    yajl_gen_map_open(json);
    json_put_number(json, "number", record->number);
    json_put_member(json, "what", edit_words(&record->edit, &arena));
    json_put_member(json, "state", edit_state_name(record->state));
    json_put_member(json, "user", text_string(&arena, text_repair(&arena, record->actor)));
    json_put_member(json, "at", time_text_rfc3339(&arena, record->at));
    json_put_number(json, "planned", record->planned);
    json_put_number(json, "changed", record->done);
    json_put_number(json, "skipped", record->skipped);
    put_other(json, "undoes", record->edit.undoes);
    put_other(json, "undone_by", record->undone_by);
    yajl_gen_map_close(json);
    yajl_gen_free(json);
    arena_free(&arena);
}
