/*
 * index_file: the search index: one read-only file with the whole table in column order, mapped by every process of a
 * host. index_build.c writes it.
 *
 * Rows are numbered from 0 in the order of their IDs. A column has its distinct values sorted by folded form, as
 * fold_compare() (base/fold.h) has it; ties bytewise. The position of a value is its code. In detail:
 *
 * - raw, raw_starts: the concatenated values; value c is the bytes from raw_starts[c] to raw_starts[c + 1].
 * - folded, folded_starts: their folded forms, each followed by INDEX_END, which no text contains.
 * - codes: the code of each row's value.
 * - order: the rows sorted by the folded forms of their values; ties by ID.
 * - firsts: position in order of the first row of each value: those of value c are from firsts[c] to before
 *   firsts[c + 1]. Rows of values with equal folded forms are mixed in the range of the last of them, and the others'
 *   ranges are empty.
 * - counts: the number of rows of each value.
 *
 * Beside them are the words of the values, see index_words.h, and the sets of rows of index_common.h.
 *
 * The ID, which is unique, has raw values, whose code is the row, and an order by the bytes of their folded forms.
 */
#ifndef INDEX_INDEX_FILE_H
#define INDEX_INDEX_FILE_H

#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/version.h"
#include "index/index_common.h"
#include "index/index_words.h"

enum { INDEX_END = 0xFF };

/* Rows, values and the bytes of a column's values are counted in 32 bits. A larger table cannot have an index. */
#define INDEX_MOST UINT32_MAX

struct index_column {
    uint32_t values;
    const char *raw, *folded;
    const uint32_t *raw_starts, *folded_starts;
    const uint32_t *order;
    const uint32_t *codes, *firsts, *counts; /* NULL for the ID, which has no words and sets either */
    struct index_words words;
    struct index_common common;
};

/* All pointers are into the mapped file, which is read-only. */
struct index_file {
    struct version version;
    uint32_t rows;
    struct index_column column[BOOK_FIELDS];
    void *map;
    size_t size;
    struct stat about; /* of the file, to detect a newer one */
};

/*
 * Maps the file at path and checks its checksums and every offset and number in it. ERR_NOT_FOUND: it does not exist,
 * or this program cannot read it; ERR_INTERNAL: it is damaged. about is set in this case too.
 */
enum err_code index_file_open(struct index_file *file, const char *path, struct err *err);
void index_file_close(struct index_file *file);

/* Return the value of a field in a row, the value of a code, and its folded form. */
struct text index_value(const struct index_file *file, enum book_field field, uint32_t row);
struct text index_raw(const struct index_column *column, uint32_t code);
struct text index_folded(const struct index_column *column, uint32_t code);

/* Copies a row into arena. */
void index_read_row(const struct index_file *file, uint32_t row, struct arena *arena, struct book *book);

/* Returns the code in whose range of order the rows of a value are: the last one with the same folded form. */
uint32_t index_home(const struct index_column *column, uint32_t code);

/* Returns the number of rows without a value; they are the first in the order of a column. */
uint32_t index_blanks(const struct index_column *column);

/*
 * Finds the IDs whose folded form begins with a folded text: the rows order[*from] to before order[*to] of the ID's
 * column.
 */
void index_find_prefix(const struct index_file *file, struct text folded, uint32_t *from, uint32_t *to);

/* Find the row of an ID, or the code of a value. Return false, with its insert position, if it does not exist. */
bool index_find_id(const struct index_file *file, struct text id, uint32_t *row);
bool index_find_value(const struct index_column *column, struct text raw, struct text folded, uint32_t *code);

/* ---- The file format, for index_build.c */

#define INDEX_MAGIC "BSINDEX"

struct index_section {
    uint64_t at, len; /* offset in the file, a multiple of 8; length; both in bytes */
};

enum index_part {
    INDEX_RAW,
    INDEX_RAW_STARTS,
    INDEX_FOLDED,
    INDEX_FOLDED_STARTS,
    INDEX_CODES,
    INDEX_ORDER,
    INDEX_FIRSTS,
    INDEX_COUNTS,
    INDEX_COMMON, /* these two: see index_common.h */
    INDEX_COMMON_ROWS,
    INDEX_WORDS, /* the rest: see index_words.h */
    INDEX_WORD_STARTS,
    INDEX_WORD_FIRSTS,
    INDEX_WORD_VALUES,
    INDEX_SUFFIXES,
    INDEX_SUFFIX_WORDS,
    INDEX_PARTS
};

struct index_header {
    char magic[8];
    uint32_t shape; /* index_shape() of the program that wrote it */
    uint32_t rows;
    uint64_t size; /* of the whole file */
    uint64_t sum;  /* XXH3 of this header with sum 0 */
    uint64_t rest; /* XXH3 of everything after the header */
    struct version version;
    uint32_t values[BOOK_FIELDS], words[BOOK_FIELDS];
    struct index_section parts[BOOK_FIELDS][INDEX_PARTS];
};

/* Sets the checksums in a finished file of size bytes. */
void index_seal(void *map, size_t size);

/* Returns a number that identifies how this build interprets the bytes of the file. */
uint32_t index_shape(void);

#endif
