/* The part of a walk that takes a large group of a result in several orders as a result of its own. */
#include <string.h>

#include "index/index_walk_parts.h"

/* Finds the value of a step in the first order, as index_home() has it. Returns false if no row has it. */
static bool find_home(const struct index_walk *walk, const struct index_step *step, uint32_t *home)
{
    const enum book_field field = walk->found->query.order[0].field;
    const struct index_column *column = &walk->found->index->file.column[field];
    struct text folded;

    if (step->changed == NULL) {
        *home = index_home(column, column->codes[step->row]);
        return true;
    }
    folded = step->changed->folded[field];
    index_find_value(column, (struct text){"", 0}, folded, home); /* the first with that form, if there is one */
    if (*home == column->values || !text_equal(index_folded(column, *home), folded))
        return false;
    *home = index_home(column, *home);
    return true;
}

/* Sets a group to the walk's books with a value; their rows are from `from` to before `to` in the order array. */
static void gather_group(const struct index_walk *walk, struct text folded, uint32_t from, uint32_t to,
                         struct found *group)
{
    const struct found *found = walk->found;
    const enum book_field field = found->query.order[0].field;

    row_set_clear(&group->rows);
    row_set_expect(&group->rows, to - from);
    for (uint32_t i = from; i < to; i++)
        if (row_set_has(walk->rows, walk->order[i]))
            row_set_add(&group->rows, walk->order[i]);
    group->row_count = row_set_count(&group->rows);
    group->changed_count = 0;
    for (size_t i = 0; i < found->changed_count; i++)
        if (walk_is_placed(walk, i) && text_equal(found->changed[i].book->folded[field], folded))
            group->changed[group->changed_count++] = found->changed[i];
    group->total = group->row_count + group->changed_count;
}

/* Moves past the positions from begin to before end, and the changed books with their value. */
static void pass_group(struct index_walk *walk, struct text folded, uint32_t begin, uint32_t end)
{
    const enum book_field field = walk->found->query.order[0].field;

    walk->at = walk->is_backward ? begin : end;
    while (!walk->is_backward && walk->next < walk->placed_count && walk->placed[walk->next].place <= end &&
           text_equal(walk->placed[walk->next].book->folded[field], folded))
        walk->next++;
    while (walk->is_backward && walk->next > 0 && walk->placed[walk->next - 1].place >= begin &&
           text_equal(walk->placed[walk->next - 1].book->folded[field], folded))
        walk->next--;
}

/* Makes room for a group: a result of its own, in all orders but the first. */
static struct found *group_new(const struct index_walk *walk)
{
    const struct found *found = walk->found;
    struct found *group = arena_alloc(found->arena, sizeof *group);

    *group = *found;
    group->rows = row_set_new(found->arena, found->index->file.rows);
    group->changed = arena_alloc(found->arena, (found->changed_count + 1) * sizeof *group->changed);
    group->is_whole = false;
    memmove(group->query.order, group->query.order + 1, group->query.further * sizeof *group->query.order);
    group->query.further--;
    return group;
}

bool index_walk_large_group(struct index_walk *walk, const struct index_step *first, struct found **group)
{
    const struct index_file *file = &walk->found->index->file;
    const struct index_column *column = &file->column[walk->found->query.order[0].field];
    const uint32_t is_row = first->changed == NULL;
    uint32_t home, from, to, begin, end, at;

    if (walk->ranks != NULL || walk->order == NULL || walk->count != file->rows || !find_home(walk, first, &home))
        return false;
    from = column->firsts[home];
    to = column->firsts[home + 1];
    if (to - from <= file->rows / INDEX_SPARSE)
        return false;
    begin = walk_position(walk, column->order[from]);
    end = begin + (to - from);
    at = walk->is_backward ? walk->at + is_row : walk->at - is_row; /* with the step */
    if (walk->at < begin || walk->at > end || at < begin || at > end)
        return false; /* in no valid index: the walk would go back, and never end */
    if (*group == NULL)
        *group = group_new(walk);
    if (walk->is_backward)
        to -= end - at;
    else
        from += at - begin;
    gather_group(walk, index_folded(column, home), from, to, *group);
    pass_group(walk, index_folded(column, home), begin, end);
    return true;
}
