/*
 * The part of the index that reads a page of the whole list. It finds the first book without a look at those before it:
 * a changed book knows how many books precede it (overlay_rank()).
 */
#include "index/index_parts.h"

/* Returns how many changed books are before the position of the first offset books. *row: the row at that position. */
static size_t seek(const struct index *index, uint64_t offset, uint32_t *row)
{
    const struct overlay *overlay = &index->overlay;
    size_t low = 0, high = overlay->count;
    int64_t at;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct overlay_book *book = overlay->books[middle];

        if (book->place + book->before < (int64_t)offset)
            low = middle + 1;
        else
            high = middle;
    }
    at = (int64_t)offset - (low < overlay->count ? overlay->books[low]->before : overlay->more);
    *row = at > 0 ? (uint32_t)at : 0; /* negative in no valid index */
    return low;
}

/*
 * Has the values of rows in the processor's cache before they are read one by one: they lie all over the file, and each
 * read would wait for the memory.
 */
static void fetch_ahead(const struct index_file *file, uint32_t from, uint64_t count)
{
    const uint32_t to = count < file->rows - from ? from + (uint32_t)count : file->rows;

    for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++)
        for (uint32_t row = from; row < to; row++)
            __builtin_prefetch(&file->column[field].raw_starts[file->column[field].codes[row]]);
    for (int field = BOOK_ID + 1; field < BOOK_FIELDS; field++)
        for (uint32_t row = from; row < to; row++)
            __builtin_prefetch(index_value(file, (enum book_field)field, row).at);
}

void index_page(struct index *index, uint64_t offset, size_t limit, struct arena *arena, struct book_list *list)
{
    const struct index_file *file = &index->file;
    const struct overlay *overlay = &index->overlay;
    const uint64_t total = index_books(index), left = offset < total ? total - offset : 0;
    const size_t count = left < limit ? (size_t)left : limit;
    uint32_t row;
    size_t next;

    *list = (struct book_list){arena_alloc(arena, (count + 1) * sizeof *list->books), 0};
    if (count == 0)
        return;
    overlay_rank(&index->overlay);
    next = seek(index, offset, &row);
    if (row < file->rows)
        fetch_ahead(file, row, count);
    while (list->count < count && (next < overlay->count || row < file->rows)) {
        const struct overlay_book *changed = next < overlay->count ? overlay->books[next] : NULL;

        if (changed == NULL || row < changed->place) {
            index_read_row(file, row++, arena, &list->books[list->count++]);
            continue;
        }
        next++;
        row += changed->row == row; /* the book as it was */
        if (!changed->is_deleted)
            list->books[list->count++] = changed->book;
    }
}
