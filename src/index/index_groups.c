#include "index/index_groups.h"

#include <string.h>

#include "book/match.h"

enum { FEW = 16 }; /* books that are sorted by insertion */

struct index_groups {
    const struct found *found;
    struct index_walk *walk;
    struct index_step ahead; /* the first book after the group */
    bool is_ahead;
    uint32_t *items; /* the group: rows and, from the number of rows on, the changed books of found */
    size_t count, room, next;
    uint64_t skipped, limit;           /* books to skip, and wanted after these */
    struct found *large;               /* the group, if it is too large for items */
    struct index_groups *large_groups; /* its books, if there are two orders more */
    struct index_walk *large_walk;     /* its books, if there is one */
    uint64_t large_left;               /* of its books that are wanted */
    uint64_t random;                   /* for pivots */
    unsigned looks;                    /* comparisons since the last look at the deadline */
    bool is_late;                      /* it has passed */
};

struct index_groups *index_groups_new(const struct found *found)
{
    struct index_groups *groups = arena_alloc(found->arena, sizeof *groups);

    *groups =
        (struct index_groups){.found = found, .walk = index_walk_new(found, false), .limit = UINT64_MAX, .random = 1};
    groups->is_ahead = index_walk_next(groups->walk, &groups->ahead);
    return groups;
}

void index_groups_limit(struct index_groups *groups, uint64_t skipped, uint64_t limit)
{
    groups->skipped = skipped;
    groups->limit = limit;
}

static bool is_late(struct index_groups *groups)
{
    if (!groups->is_late && ++groups->looks % INDEX_LOOK_EVERY == 0)
        groups->is_late = deadline_passed(groups->found->query.deadline);
    return groups->is_late;
}

/* ---- The order within a group */

/* Returns the changed book that an item is; NULL: it is a row. */
static const struct overlay_book *changed_book(const struct index_groups *groups, uint32_t item)
{
    const uint32_t rows = groups->found->index->file.rows;

    return item < rows ? NULL : groups->found->changed[item - rows].book;
}

/* Returns the folded value of a field of an item, and its ID. */
static struct text folded_of(const struct index_groups *groups, uint32_t item, enum book_field field)
{
    const struct index_column *column = &groups->found->index->file.column[field];
    const struct overlay_book *book = changed_book(groups, item);

    return book != NULL ? book->folded[field] : index_folded(column, column->codes[item]);
}

static struct text id_of(const struct index_groups *groups, uint32_t item)
{
    const struct overlay_book *book = changed_book(groups, item);

    return book != NULL ? book->id : index_value(&groups->found->index->file, BOOK_ID, item);
}

/* Returns whether two items are rows with the same value of a field, without a look at the value. */
static bool has_same_code(const struct index_groups *groups, uint32_t a, uint32_t b, enum book_field field)
{
    const struct index_file *file = &groups->found->index->file;

    return a < file->rows && b < file->rows && file->column[field].codes[a] == file->column[field].codes[b];
}

/* Compares two items by all orders but the first. */
static int compare(const struct index_groups *groups, uint32_t a, uint32_t b)
{
    const struct query *query = &groups->found->query;
    const struct query_order *last = &query->order[query->further];
    const uint32_t rows = groups->found->index->file.rows;
    int result;

    for (const struct query_order *order = query->order + 1; order <= last && order->field != BOOK_ID; order++) {
        if (has_same_code(groups, a, b, order->field))
            continue;
        result = match_compare_values(*order, folded_of(groups, a, order->field), folded_of(groups, b, order->field));
        if (result != 0)
            return result;
    }
    result = a < rows && b < rows ? (a > b) - (a < b) : text_compare(id_of(groups, a), id_of(groups, b));
    return last->is_descending ? -result : result;
}

static void swap(uint32_t *items, size_t a, size_t b)
{
    const uint32_t item = items[a];

    items[a] = items[b];
    items[b] = item;
}

static void sort_few(struct index_groups *groups, size_t low, size_t high)
{
    for (size_t i = low + 1; i < high; i++)
        for (size_t j = i; j > low && compare(groups, groups->items[j - 1], groups->items[j]) > 0; j--)
            swap(groups->items, j - 1, j);
}

/* Moves the items from low to before high that come before a pivot in front of it. Returns where the pivot is then. */
static size_t divide(struct index_groups *groups, size_t low, size_t high)
{
    uint32_t *const items = groups->items;
    size_t place = low;

    groups->random = groups->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    swap(items, high - 1, low + (size_t)(groups->random >> 33) % (high - low));
    for (size_t i = low; i < high - 1 && !is_late(groups); i++)
        if (compare(groups, items[i], items[high - 1]) < 0)
            swap(items, i, place++);
    swap(items, place, high - 1);
    return place;
}

/*
 * Quicksort of the items from low to before high that sorts only those from `from` to before `to` and puts the others
 * before and after them: a page of a large group takes about as long as a few looks at the group.
 */
static void sort(struct index_groups *groups, size_t low, size_t high, size_t from, size_t to)
{
    while (high - low > FEW && from < high && to > low && !is_late(groups)) {
        const size_t place = divide(groups, low, high);

        /* The smaller side by recursion, so that it is at most 32 deep. */
        if (place - low < high - place) {
            sort(groups, low, place, from, to);
            low = place + 1;
        } else {
            sort(groups, place + 1, high, from, to);
            high = place;
        }
    }
    if (high - low <= FEW)
        sort_few(groups, low, high);
}

/* ---- The groups */

/* Returns the item of a step. */
static uint32_t item_of(const struct index_groups *groups, const struct index_step *step)
{
    const struct found *found = groups->found;
    size_t low = 0, high = found->changed_count;

    if (step->changed == NULL)
        return step->row;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (text_compare(found->changed[middle].book->id, step->changed->id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return found->index->file.rows + (uint32_t)low;
}

static void add(struct index_groups *groups, uint32_t item)
{
    if (groups->count == groups->room) {
        uint32_t *items;

        groups->room = 2 * groups->room + 1024;
        items = arena_alloc(groups->found->arena, groups->room * sizeof *items);
        if (groups->count > 0)
            memcpy(items, groups->items, groups->count * sizeof *items);
        groups->items = items;
    }
    groups->items[groups->count++] = item;
}

/* Returns whether an item belongs to the group of another. */
static bool is_of_group(const struct index_groups *groups, uint32_t first, uint32_t item)
{
    const enum book_field field = groups->found->query.order[0].field;

    return has_same_code(groups, first, item, field) ||
           text_equal(folded_of(groups, first, field), folded_of(groups, item, field));
}

/* Reads the next group. Returns false if there is none. */
static bool read_group(struct index_groups *groups)
{
    groups->count = groups->next = 0;
    while (groups->is_ahead && !is_late(groups)) {
        const uint32_t item = item_of(groups, &groups->ahead);

        if (groups->count > 0 && !is_of_group(groups, groups->items[0], item))
            break;
        add(groups, item);
        groups->is_ahead = index_walk_next(groups->walk, &groups->ahead);
    }
    return groups->count > 0 && !groups->is_late;
}

/* Begins to read wanted books of the large group, after the first `skipped`. Returns false if the deadline passed. */
static bool begin_large(struct index_groups *groups, uint64_t skipped, uint64_t wanted)
{
    groups->count = groups->next = 0; /* what was skipped before */
    groups->large_left = wanted;
    if (groups->large->query.further > 0) {
        groups->large_groups = index_groups_new(groups->large);
        index_groups_limit(groups->large_groups, skipped, wanted);
        return true;
    }
    groups->large_walk = index_walk_new(groups->large, false);
    return index_walk_pass(groups->large_walk, skipped);
}

/* Moves to the next book of the large group. */
static bool next_of_large(struct index_groups *groups, struct index_step *step)
{
    groups->large_left--;
    return groups->large_groups != NULL ? index_groups_next(groups->large_groups, step)
                                        : index_walk_next(groups->large_walk, step);
}

/* Moves to the next group of which books are wanted, and has these sorted. */
static bool begin_group(struct index_groups *groups)
{
    uint64_t count, from, wanted;
    bool is_large;

    do {
        if (groups->limit == 0 || !groups->is_ahead)
            return false;
        is_large = index_walk_large_group(groups->walk, &groups->ahead, &groups->large);
        groups->is_late = groups->is_late || (is_large && deadline_passed(groups->found->query.deadline));
        if (groups->is_late)
            return false;
        if (is_large)
            groups->is_ahead = index_walk_next(groups->walk, &groups->ahead);
        else if (!read_group(groups))
            return false;
        count = is_large ? groups->large->total : groups->count;
        from = groups->skipped < count ? groups->skipped : count;
        groups->skipped -= from;
    } while (from == count);
    wanted = groups->limit < count - from ? groups->limit : count - from;
    groups->limit -= wanted;
    if (is_large)
        return begin_large(groups, from, wanted);
    sort(groups, 0, groups->count, (size_t)from, (size_t)(from + wanted));
    groups->next = (size_t)from;
    groups->count = (size_t)(from + wanted);
    return !groups->is_late;
}

bool index_groups_next(struct index_groups *groups, struct index_step *step)
{
    uint32_t item;

    if (groups->large_left == 0 && groups->next == groups->count && !begin_group(groups))
        return false;
    if (groups->large_left > 0)
        return next_of_large(groups, step);
    item = groups->items[groups->next++];
    *step = (struct index_step){changed_book(groups, item), item};
    return true;
}
