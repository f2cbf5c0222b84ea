#include "books.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "index/index_build.h"

static const char *const words[] = {
    "straße", "STRASSE",  "İstanbul", "ısı",    "日本語", "📚",       "100%",       "50_50",        "O'Hara", "“quote”",
    "«q\"",   "\\n",      "a",        "the",    "The",    "sea",     "e\xCC\x81t", "co\xC2\xADop", "ﬁsh",    "ＡＢＣ",
    "abc",    "well-kno", "한국어",   "Ельчин", "ß",      "title:x", "-x",         "\"\"",         "1984",
};
enum { WORDS = sizeof words / sizeof *words };

static const char *word(size_t i)
{
    return words[i * 7 % WORDS];
}

const struct book *books_all(void)
{
    static struct book books[BOOKS];
    static struct arena arena;

    for (size_t i = 0; i < BOOKS && books[i].field[BOOK_ID].len == 0; i++) {
        struct text *field = books[i].field;

        field[BOOK_ID] = text_from_cstr(arena_format(&arena, i % 8 == 3 ? "i %02zu of" : "i%02zu", i));
        field[BOOK_TITLE] = text_from_cstr(arena_format(&arena, "%s %s %s", word(i), word(i * i + 1), word(i / 3)));
        field[BOOK_CATEGORY] = text_from_cstr(i % 4 == 0 ? "" : word(i % 5));
        field[BOOK_AUTHORS] =
            text_from_cstr(i % 3 == 0 ? "" : arena_format(&arena, "%s, %s", word(i + 5), word(i / 2)));
        field[BOOK_PUBLISHER] = text_from_cstr(word(i % 3));
        field[BOOK_EDITION] = text_from_cstr(i % 6 == 0 ? "2nd" : "");
        field[BOOK_AVAILABLE_FROM] =
            text_from_cstr(i % 5 == 0 ? "" : arena_format(&arena, "20%02zu-0%zu-1%zu", i, 1 + i % 9, i % 10));
    }
    return books;
}

/* Reads a file as a whole into memory that lives as long as the process. */
static struct text read_file(const char *path)
{
    struct buf bytes = {0};
    FILE *file = fopen(path, "r");
    size_t got;

    FUZZ_ASSERT(file != NULL);
    while ((got = fread(buf_reserve(&bytes, BUFSIZ), 1, BUFSIZ, file)) > 0)
        bytes.len += got;
    fclose(file);
    return (struct text){bytes.at, bytes.len};
}

/* IDs are in byte order: "i 03 of" before "i00". */
static int compare_by_id(const void *a, const void *b)
{
    const struct book *left = a, *right = b;

    return text_compare(left->field[BOOK_ID], right->field[BOOK_ID]);
}

struct text books_index(void)
{
    static struct text index; /* so that the leak sanitizer finds it */
    char folder[] = "/tmp/bookshare-fuzz-XXXXXX", path[sizeof folder + 8];
    struct book sorted[BOOKS];
    struct index_build *build;
    struct err err;

    if (index.len > 0)
        return index;
    memcpy(sorted, books_all(), sizeof sorted);
    qsort(sorted, BOOKS, sizeof *sorted, compare_by_id);
    FUZZ_ASSERT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/index", folder);
    build = index_build_new(folder, &err);
    for (int i = 0; i < BOOKS; i++)
        FUZZ_ASSERT(index_build_add(build, &sorted[i], &err) == ERR_OK);
    FUZZ_ASSERT(index_build_finish(build, version_of(5, 7, 9), path, &err) == ERR_OK);
    index_build_free(build);
    index = read_file(path);
    unlink(path);
    rmdir(folder);
    return index;
}

struct index *books_open_index(struct text bytes)
{
    char path[32];
    const int fd = memfd_create("index", MFD_CLOEXEC);
    struct index *index;

    FUZZ_ASSERT(fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    index = index_new(path);
    if (!index_refresh(index)) {
        index_free(index);
        index = NULL;
    }
    close(fd);
    return index;
}
