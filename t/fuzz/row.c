/*
 * What stands in Redis: the input is a row of a book, and, line by line, a directory and its log (lines with a sign
 * behind their first tab). A row that was read and written is read the same; the numbers of a directory add up.
 */
#include "fuzz.h"

#include "cache/directory.h"

static void check_row(struct text row, struct arena *arena)
{
    struct buf written = {0}, again = {0};
    struct book book, same;

    if (!book_row_read(row, &book, arena))
        return;
    fuzz_check_strings(&book);
    book_row_write(&written, &book);
    FUZZ_ASSERT(book_row_read((struct text){written.at, written.len}, &same, arena) && book_equal(&book, &same));
    book_row_write(&again, &same);
    FUZZ_ASSERT(written.len == again.len && memcmp(written.at, again.at, again.len) == 0);
    buf_free(&written);
    buf_free(&again);
}

/* Each place of the list is in one run, and no run is empty or leads out of its segment. */
static void check_runs(const struct directory *directory, uint64_t offset, uint64_t limit, struct arena *arena)
{
    const uint64_t rest = offset < directory->books ? directory->books - offset : 0;
    struct directory_run *runs;
    const size_t count = directory_find(directory, offset, limit, arena, &runs);
    uint64_t found = 0;

    for (size_t i = 0; i < count; i++) {
        FUZZ_ASSERT(runs[i].count > 0 && runs[i].first + runs[i].count <= DIRECTORY_SEGMENT_MOST);
        found += runs[i].count;
    }
    FUZZ_ASSERT(found == (rest < limit ? rest : limit));
}

static void check_directory(struct text input, struct arena *arena)
{
    struct directory directory = {0};
    uint64_t books = 0;

    directory_start(&directory, text_from_cstr("g"), 1);
    while (input.len > 0) {
        const struct text line = fuzz_line(&input);
        const char *tab = line.len > 1 ? memchr(line.at, '\t', line.len - 1) : NULL;

        if (tab != NULL && (tab[1] == '+' || tab[1] == '-'))
            directory_adjust(&directory, line);
        else
            directory_add(&directory, line);
    }
    for (size_t i = 0; i < directory.count; i++) {
        FUZZ_ASSERT(directory.segments[i].count <= DIRECTORY_SEGMENT_MOST);
        books += directory.segments[i].count;
    }
    FUZZ_ASSERT(books == directory.books);
    check_runs(&directory, 0, 100, arena);
    check_runs(&directory, books / 2, 100, arena);
    check_runs(&directory, books > 0 ? books - 1 : 0, UINT64_MAX, arena);
    directory_free(&directory);
}

FUZZ_TARGET(row)
{
    const struct text input = {(const char *)data, size};
    struct arena arena = {0};

    check_row(input, &arena);
    check_directory(input, &arena);
    arena_free(&arena);
    return 0;
}
