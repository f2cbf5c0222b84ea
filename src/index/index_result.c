/* The part of the index that reads the books of a result, in the order of its query. */
#include <string.h>

#include "index/index_groups.h"
#include "index/index_walk.h"

struct found_walk {
    const struct found *found;
    struct index_walk *walk;     /* for one order */
    struct index_groups *groups; /* for several */
};

/* Copies the book of a step into arena. */
static void read_step(const struct found *found, const struct index_step *step, struct arena *arena, struct book *book)
{
    if (step->changed != NULL)
        *book = step->changed->book;
    else
        index_read_row(&found->index->file, step->row, arena, book);
}

/* Adds at most limit books of the groups. */
static void read_groups(const struct found *found, size_t limit, struct arena *arena, struct book_list *list)
{
    struct index_groups *groups = index_groups_new(found);
    struct index_step step;

    index_groups_limit(groups, found->query.offset, limit);
    while (index_groups_next(groups, &step)) /* at most limit times */
        read_step(found, &step, arena, &list->books[list->count++]);
}

void found_part(const struct found *found, struct arena *arena, struct book_list *list)
{
    const struct query *query = &found->query;
    const uint64_t left = query->offset < found->total ? found->total - query->offset : 0;
    const size_t count = left < query->limit ? (size_t)left : query->limit;
    /* Starts from the nearer end. */
    const bool from_end = query->after.len == 0 && !query->is_best_first && query->offset > found->total / 2;
    struct index_walk *walk;
    struct index_step step;

    *list = (struct book_list){arena_alloc(arena, (count + 1) * sizeof *list->books), 0};
    if (query->further > 0) {
        read_groups(found, count, arena, list);
        return;
    }
    walk = index_walk_new(found, from_end);
    if (query->after.len > 0)
        index_walk_pass_ids(walk, query->after);
    else if (!index_walk_pass(walk, from_end ? left - count : query->offset))
        return;
    while (list->count < count && index_walk_next(walk, &step)) {
        const size_t place = from_end ? count - 1 - list->count : list->count;

        read_step(found, &step, arena, &list->books[place]);
        list->count++;
    }
    /* An order array that lacks rows, as in no valid index, ends early: then the first positions stay empty. */
    if (from_end && list->count < count)
        memmove(list->books, list->books + (count - list->count), list->count * sizeof *list->books);
}

struct found_walk *found_walk_new(const struct found *found)
{
    struct found_walk *walk = arena_alloc(found->arena, sizeof *walk);

    *walk = (struct found_walk){.found = found};
    if (found->query.further > 0)
        walk->groups = index_groups_new(found);
    else
        walk->walk = index_walk_new(found, false);
    return walk;
}

bool found_walk_next(struct found_walk *walk, struct arena *arena, struct book *book)
{
    struct index_step step;

    if (walk->groups != NULL ? !index_groups_next(walk->groups, &step) : !index_walk_next(walk->walk, &step))
        return false;
    read_step(walk->found, &step, arena, book);
    return true;
}
