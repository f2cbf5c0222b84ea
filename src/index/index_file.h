/*
 * index_file: the search index: one read-only file, mapped by every process of a host, that holds the whole table by
 * columns, made for searching (index.c). index_build.c writes it.
 *
 * Rows are numbered from 0 on in the order of their IDs. A column holds its distinct values in the order of their
 * folded form (base/fold.h; ties by their bytes), so that the number of a value, its code, tells its place. In full:
 *
 *   raw, raw_starts        the values one after the other; value c is the bytes from raw_starts[c] to raw_starts[c + 1]
 *   folded, folded_starts  their folded forms, each followed by INDEX_END, which is in no text
 *   codes                  the code of each row's value
 *   order                  the rows in the order of their values' folded forms; ties in the order of the IDs
 *   firsts                 from which place in order on the rows of a value stand: those of value c from firsts[c] to
 *                          before firsts[c + 1]. Values of one folded form stand mixed in the range of the last of
 *                          them, and the others' ranges are empty
 *
 * The ID, which is another one in each row, has no more than its raw values: row and code are the same.
 *
 * Beside the columns lie the sets of rows of index_letters.h.
 */
#ifndef INDEX_INDEX_FILE_H
#define INDEX_INDEX_FILE_H

#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/text.h"
#include "book/book.h"
#include "book/version.h"

enum { INDEX_END = 0xFF };

/* Rows, values and the bytes of a column's values are counted in 32 bits. A larger table has no index. */
#define INDEX_MOST UINT32_MAX

struct index_column {
    uint32_t values;
    const char *raw, *folded;
    const uint32_t *raw_starts, *folded_starts;
    const uint32_t *codes, *order, *firsts; /* NULL for the ID */
};

/* All of it lies in the mapped file and is not written to. */
struct index_file {
    struct version version;
    uint32_t rows;
    struct index_column column[BOOK_FIELDS];
    const uint64_t *letters; /* INDEX_LETTERS sets of rows, one after the other */
    void *map;
    size_t size;
    struct stat about; /* of the file, by which a later one is told from it */
};

/*
 * Maps the file at path and checks it: its sums, and every number in it that leads somewhere. ERR_NOT_FOUND: there is
 * none, or none that this program can read; ERR_INTERNAL: it is damaged. about is filled in that case, too.
 */
enum err_code index_file_open(struct index_file *file, const char *path, struct err *err);
void index_file_close(struct index_file *file);

/* Returns the value of a field in a row; the value with a code; its folded form. */
struct text index_value(const struct index_file *file, enum book_field field, uint32_t row);
struct text index_raw(const struct index_column *column, uint32_t code);
struct text index_folded(const struct index_column *column, uint32_t code);

/* Finds the row with an ID, or the code of a value. Returns false if there is none, and where it would stand. */
bool index_find_id(const struct index_file *file, struct text id, uint32_t *row);
bool index_find_value(const struct index_column *column, struct text raw, struct text folded, uint32_t *code);

/* Returns the rows that hold a folded text in any of their text fields, or NULL if it is not a letter or a digit. */
const uint64_t *index_letter_rows(const struct index_file *file, struct text folded);

/* ---- What is in the file, for index_build.c */

#define INDEX_MAGIC "BSINDEX"

struct index_section {
    uint64_t at, len; /* bytes from the beginning of the file, a multiple of 8; bytes long */
};

enum index_part {
    INDEX_RAW,
    INDEX_RAW_STARTS,
    INDEX_FOLDED,
    INDEX_FOLDED_STARTS,
    INDEX_CODES,
    INDEX_ORDER,
    INDEX_FIRSTS,
    INDEX_PARTS
};

struct index_header {
    char magic[8];
    uint32_t shape; /* index_shape() of the program that wrote it */
    uint32_t rows;
    uint64_t size; /* of the whole file */
    uint64_t sum;  /* XXH3 of this header, in which sum is 0 then */
    uint64_t rest; /* XXH3 of all that follows the header */
    struct version version;
    uint32_t values[BOOK_FIELDS];
    struct index_section parts[BOOK_FIELDS][INDEX_PARTS], letters;
};

/* Puts its sums into a file of size bytes that is otherwise finished. */
void index_seal(void *map, size_t size);

/* Returns a number that tells apart what programs of other versions or machines would read from the same bytes. */
uint32_t index_shape(void);

#endif
