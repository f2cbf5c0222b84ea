#include "index/index_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/fold.h"
#include "base/hash.h"
#include "book/query.h"

uint32_t index_shape(void)
{
    const uint32_t numbers[] = {6 /* version of the format in index_file.h */, fold_version(), BOOK_FIELDS,
                                sizeof(struct index_header)};
    uint64_t sum = hash_bytes(0, numbers, sizeof numbers);

    for (int i = 0; i < BOOK_FIELDS; i++)
        sum = hash_bytes(sum, book_fields[i].name, strlen(book_fields[i].name) + 1);
    return (uint32_t)sum;
}

/* Returns the address of a section, or NULL if it does not have count elements of size bytes or is not in the file. */
static const void *section_at(const struct index_header *header, const struct index_section *section, uint64_t count,
                              size_t size)
{
    if (section->at % 8 != 0 || section->at > header->size || section->len > header->size - section->at ||
        section->len != count * size)
        return NULL;
    return (const char *)header + section->at;
}

static const void *part_of(const struct index_header *header, int field, enum index_part part, uint64_t count,
                           size_t size)
{
    return section_at(header, &header->parts[field][part], count, size);
}

/* Returns whether numbers increase from 0 to last, by at least step each. */
static bool is_rising(const uint32_t *numbers, uint64_t count, uint64_t last, uint32_t step)
{
    bool is_rising = numbers[0] == 0 && numbers[count] == last;

    for (uint64_t i = 0; i < count; i++)
        is_rising &= numbers[i + 1] >= numbers[i] && numbers[i + 1] - numbers[i] >= step;
    return is_rising;
}

/* Returns whether all numbers are below limit. */
static bool are_below(const uint32_t *numbers, uint64_t count, uint32_t limit)
{
    uint32_t highest = 0;

    for (uint64_t i = 0; i < count; i++)
        highest = numbers[i] > highest ? numbers[i] : highest;
    return count == 0 || highest < limit;
}

/* Finds the parts with the words of a column's values. Returns false if they are not in the file or are invalid. */
static bool read_words(const struct index_header *header, int field, struct index_words *words)
{
    const struct index_section *parts = header->parts[field];
    const uint64_t count = header->words[field], bytes = parts[INDEX_WORDS].len;
    const uint64_t values = parts[INDEX_WORD_VALUES].len / sizeof(uint32_t);
    const uint64_t suffixes = parts[INDEX_SUFFIXES].len / sizeof(uint32_t);

    words->count = header->words[field];
    words->suffix_count = (uint32_t)suffixes;
    words->words = part_of(header, field, INDEX_WORDS, bytes, 1);
    words->word_starts = part_of(header, field, INDEX_WORD_STARTS, count + 1, sizeof(uint32_t));
    words->word_firsts = part_of(header, field, INDEX_WORD_FIRSTS, count + 1, sizeof(uint32_t));
    words->word_values = part_of(header, field, INDEX_WORD_VALUES, values, sizeof(uint32_t));
    words->suffixes = part_of(header, field, INDEX_SUFFIXES, suffixes, sizeof(uint32_t));
    words->suffix_words = part_of(header, field, INDEX_SUFFIX_WORDS, suffixes, sizeof(uint32_t));
    return bytes < INDEX_MOST && values < INDEX_MOST && words->words != NULL && words->word_starts != NULL &&
           words->word_firsts != NULL && words->word_values != NULL && words->suffixes != NULL &&
           words->suffix_words != NULL && is_rising(words->word_starts, count, bytes, 1) &&
           is_rising(words->word_firsts, count, values, 0) &&
           are_below(words->word_values, values, header->values[field]) &&
           are_below(words->suffixes, suffixes, (uint32_t)bytes) &&
           are_below(words->suffix_words, suffixes, words->count);
}

/* Returns whether sets of rows, one after the other, contain only numbers below rows. */
static bool are_sets_below(const uint64_t *sets, uint64_t count, uint32_t rows)
{
    const size_t words = bits_words(rows);
    const uint64_t beyond = rows % 64 != 0 ? UINT64_MAX << rows % 64 : 0; /* in the last word */

    for (uint64_t i = 1; i <= count && words > 0; i++)
        if ((sets[i * words - 1] & beyond) != 0)
            return false;
    return true;
}

/* The same for the sets of common letters. */
static bool read_common(const struct index_header *header, int field, struct index_common *common)
{
    const uint64_t count = header->parts[field][INDEX_COMMON].len / sizeof(uint32_t), words = bits_words(header->rows);

    common->count = (uint32_t)count;
    common->numbers = part_of(header, field, INDEX_COMMON, count, sizeof(uint32_t));
    common->rows = part_of(header, field, INDEX_COMMON_ROWS, count * words, sizeof(uint64_t));
    return count < INDEX_MOST && common->numbers != NULL && common->rows != NULL &&
           are_sets_below(common->rows, count, header->rows);
}

/* Finds the parts of a column. Returns false if they are not in the file or contain an invalid number. */
static bool read_column(const struct index_header *header, int field, struct index_column *column)
{
    const uint64_t values = header->values[field], rows = header->rows;
    const uint64_t raw = header->parts[field][INDEX_RAW].len, folded = header->parts[field][INDEX_FOLDED].len;

    column->values = header->values[field];
    column->raw = part_of(header, field, INDEX_RAW, raw, 1);
    column->raw_starts = part_of(header, field, INDEX_RAW_STARTS, values + 1, sizeof(uint32_t));
    if (column->raw == NULL || column->raw_starts == NULL || !is_rising(column->raw_starts, values, raw, 0))
        return false;
    column->order = part_of(header, field, INDEX_ORDER, rows, sizeof(uint32_t));
    if (column->order == NULL || !are_below(column->order, rows, header->rows))
        return false;
    if (field == BOOK_ID)
        return values == rows;
    column->folded = part_of(header, field, INDEX_FOLDED, folded, 1);
    column->folded_starts = part_of(header, field, INDEX_FOLDED_STARTS, values + 1, sizeof(uint32_t));
    column->codes = part_of(header, field, INDEX_CODES, rows, sizeof(uint32_t));
    column->firsts = part_of(header, field, INDEX_FIRSTS, values + 1, sizeof(uint32_t));
    column->counts = part_of(header, field, INDEX_COUNTS, values, sizeof(uint32_t));
    return column->folded != NULL && column->folded_starts != NULL && column->codes != NULL && column->firsts != NULL &&
           column->counts != NULL && is_rising(column->folded_starts, values, folded, 1 /* INDEX_END */) &&
           is_rising(column->firsts, values, rows, 0) && are_below(column->codes, rows, column->values) &&
           read_common(header, field, &column->common) && read_words(header, field, &column->words);
}

/* Computes the checksums of a file. */
static void sums_of(const void *map, size_t size, uint64_t *sum, uint64_t *rest)
{
    struct index_header header;

    memcpy(&header, map, sizeof header);
    header.rest = *rest = hash_bytes(0, (const char *)map + sizeof header, size - sizeof header);
    header.sum = 0;
    *sum = hash_bytes(0, &header, sizeof header);
}

void index_seal(void *map, size_t size)
{
    struct index_header *header = map;
    uint64_t sum, rest;

    sums_of(map, size, &sum, &rest);
    header->sum = sum;
    header->rest = rest;
}

static bool is_sealed(const struct index_header *header, size_t size)
{
    uint64_t sum, rest;

    sums_of(header, size, &sum, &rest);
    return header->sum == sum && header->rest == rest;
}

/* Reads the mapped file. ERR_NOT_FOUND: not an index of this program; ERR_INTERNAL: it is inconsistent. */
static enum err_code read_file(struct index_file *file)
{
    const struct index_header *header = file->map;

    if (file->size < sizeof *header || memcmp(header->magic, INDEX_MAGIC, sizeof header->magic) != 0 ||
        header->shape != index_shape())
        return ERR_NOT_FOUND;
    if (header->size != file->size || !is_sealed(header, file->size))
        return ERR_INTERNAL;
    file->version = version_of(header->version.epoch, header->version.number, header->version.token);
    file->rows = header->rows;
    for (int field = 0; field < BOOK_FIELDS; field++)
        if (!read_column(header, field, &file->column[field]))
            return ERR_INTERNAL;
    return ERR_OK;
}

enum err_code index_file_open(struct index_file *file, const char *path, struct err *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    enum err_code code;

    *file = (struct index_file){0};
    if (fd < 0 || fstat(fd, &file->about) != 0) {
        err_set(err, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return ERR_NOT_FOUND;
    }
    about = file->about;
    file->size = (size_t)about.st_size;
    /* Map all pages now: a search reads most of them and would otherwise fault on each. */
    file->map = file->size > 0 ? mmap(NULL, file->size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (file->map == MAP_FAILED) {
        file->map = NULL;
        return err_set(err, ERR_NOT_FOUND, "cannot map %s", path);
    }
    code = read_file(file);
    if (code == ERR_OK)
        return ERR_OK;
    index_file_close(file);
    file->about = about;
    return err_set(err, code, code == ERR_INTERNAL ? "%s is damaged" : "%s is not an index of this program", path);
}

void index_file_close(struct index_file *file)
{
    if (file->map != NULL)
        munmap(file->map, file->size);
    *file = (struct index_file){0};
}

struct text index_raw(const struct index_column *column, uint32_t code)
{
    return (struct text){column->raw + column->raw_starts[code],
                         column->raw_starts[code + 1] - column->raw_starts[code]};
}

struct text index_value(const struct index_file *file, enum book_field field, uint32_t row)
{
    const struct index_column *column = &file->column[field];

    return index_raw(column, field == BOOK_ID ? row : column->codes[row]);
}

struct text index_folded(const struct index_column *column, uint32_t code)
{
    return (struct text){column->folded + column->folded_starts[code],
                         column->folded_starts[code + 1] - column->folded_starts[code] - 1};
}

void index_read_row(const struct index_file *file, uint32_t row, struct arena *arena, struct book *book)
{
    for (int field = 0; field < BOOK_FIELDS; field++)
        book->field[field] = text_copy(arena, index_value(file, (enum book_field)field, row));
}

bool index_find_id(const struct index_file *file, struct text id, uint32_t *row)
{
    uint32_t low = 0, high = file->rows;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (text_compare(index_raw(&file->column[BOOK_ID], middle), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *row = low;
    return low < file->rows && text_equal(index_raw(&file->column[BOOK_ID], low), id);
}

uint32_t index_home(const struct index_column *column, uint32_t code)
{
    /* The ranges of the others with this form are empty. */
    while (code + 1 < column->values && column->firsts[code + 1] == column->firsts[code])
        code++;
    return code;
}

uint32_t index_blanks(const struct index_column *column)
{
    return column->values > 0 && index_folded(column, 0).len == 0 ? column->firsts[index_home(column, 0) + 1] : 0;
}

/*
 * Returns the first position in the order of the IDs where the folded form is not below a text or, with is_after, does
 * not begin with it either.
 */
static uint32_t prefix_bound(const struct index_file *file, struct text text, bool is_after)
{
    const struct index_column *column = &file->column[BOOK_ID];
    uint32_t low = 0, high = file->rows;
    struct buf folded = {0};

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        int order;

        buf_clear(&folded);
        query_fold_add(&folded, BOOK_ID, index_raw(column, column->order[middle]));
        order = text_compare((struct text){folded.at, folded.len < text.len ? folded.len : text.len}, text);
        if (order < 0 || (order == 0 && is_after))
            low = middle + 1;
        else
            high = middle;
    }
    buf_free(&folded);
    return low;
}

void index_find_prefix(const struct index_file *file, struct text folded, uint32_t *from, uint32_t *to)
{
    *from = prefix_bound(file, folded, false);
    *to = prefix_bound(file, folded, true);
}

bool index_find_value(const struct index_column *column, struct text raw, struct text folded, uint32_t *code)
{
    uint32_t low = 0, high = column->values;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        int order = fold_compare(index_folded(column, middle), folded);

        if (order == 0)
            order = text_compare(index_raw(column, middle), raw);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *code = low;
    return low < column->values && text_equal(index_raw(column, low), raw);
}
