#include "index/index_build.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "index/index_column.h"
#include "index/index_common_build.h"
#include "index/index_file.h"
#include "index/index_words_build.h"

struct index_build {
    struct column_build columns[BOOK_FIELDS];
    uint32_t rows;
    char last_id[256]; /* of the last added row */
    size_t last_len;
};

struct index_build *index_build_new(const char *folder, struct err *err)
{
    struct index_build *build = mem_zero(sizeof *build);
    enum err_code code = ERR_OK;

    for (int field = 0; code == ERR_OK && field < BOOK_FIELDS; field++)
        code = column_open(&build->columns[field], folder, (enum book_field)field, err);
    if (code == ERR_OK)
        return build;
    index_build_free(build);
    return NULL;
}

void index_build_free(struct index_build *build)
{
    if (build == NULL)
        return;
    for (int field = 0; field < BOOK_FIELDS; field++)
        column_close(&build->columns[field]);
    free(build);
}

enum err_code index_build_add(struct index_build *build, const struct book *book, struct err *err)
{
    const struct text id = book->field[BOOK_ID];
    enum err_code code = ERR_OK;

    if (build->rows == INDEX_MOST - 1 || id.len > sizeof build->last_id)
        return err_set(err, ERR_INTERNAL, "index: too many rows, or an ID is too long");
    if (build->rows > 0 && text_compare((struct text){build->last_id, build->last_len}, id) >= 0)
        return err_set(err, ERR_INTERNAL, "index: IDs are not in byte order; run `bookshare migrate`");
    memcpy(build->last_id, id.at, id.len);
    build->last_len = id.len;
    for (int field = 0; code == ERR_OK && field < BOOK_FIELDS; field++)
        code = column_add(&build->columns[field], book->field[field], err);
    build->rows++;
    return code;
}

/* The output file and its current end. */
struct output {
    FILE *file;
    uint64_t size;
};

/* Appends bytes at a multiple of eight. Errors are reported at the end. */
static struct index_section write_part(struct output *output, const struct spill *bytes)
{
    static const char zeros[8];
    const struct index_section section = {output->size, bytes->len};
    const size_t rest = (8 - bytes->len % 8) % 8;

    if (bytes->len > 0)
        fwrite(bytes->at, 1, bytes->len, output->file);
    fwrite(zeros, 1, rest, output->file);
    output->size += bytes->len + rest;
    return section;
}

/* Writes the sets of common letters of a finished column. */
static enum err_code write_common(const struct column_build *column, struct output *output, struct index_section *parts,
                                  struct err *err)
{
    struct common_build common;
    const enum err_code code = common_build_make(&common, column, err);

    if (code == ERR_OK) {
        parts[INDEX_COMMON] = write_part(output, &common.numbers);
        parts[INDEX_COMMON_ROWS] = write_part(output, &common.rows);
    }
    common_build_close(&common);
    return code;
}

/* Writes the words of a finished column. */
static enum err_code write_words(const struct column_build *column, struct output *output, struct index_header *header,
                                 int field, struct err *err)
{
    struct words_build words;
    const enum err_code code = words_build_make(&words, column, err);
    const struct spill *const parts[INDEX_PARTS] = {
        [INDEX_WORDS] = &words.words.bytes,  [INDEX_WORD_STARTS] = &words.words.starts,
        [INDEX_WORD_FIRSTS] = &words.firsts, [INDEX_WORD_VALUES] = &words.values,
        [INDEX_SUFFIXES] = &words.suffixes,  [INDEX_SUFFIX_WORDS] = &words.suffix_words,
    };

    header->words[field] = words.words.count;
    for (int part = INDEX_WORDS; code == ERR_OK && part < INDEX_PARTS; part++)
        header->parts[field][part] = write_part(output, parts[part]);
    words_build_close(&words);
    return code;
}

/* Writes the columns one by one and frees each. */
static enum err_code write_columns(struct index_build *build, struct output *output, struct index_header *header,
                                   struct err *err)
{
    for (int field = 0; field < BOOK_FIELDS; field++) {
        struct column_build *column = &build->columns[field];
        const struct spill *const parts[] = {
            [INDEX_RAW] = &column->raw.bytes,       [INDEX_RAW_STARTS] = &column->raw.starts,
            [INDEX_FOLDED] = &column->folded.bytes, [INDEX_FOLDED_STARTS] = &column->folded.starts,
            [INDEX_CODES] = &column->codes,         [INDEX_ORDER] = &column->order,
            [INDEX_FIRSTS] = &column->firsts,       [INDEX_COUNTS] = &column->counts,
        };
        enum err_code code = column_finish(column, err);

        if (code != ERR_OK)
            return code;
        header->values[field] = column->raw.count;
        for (int part = 0; part <= INDEX_COUNTS; part++)
            header->parts[field][part] = write_part(output, parts[part]);
        if (field != BOOK_ID)
            code = write_common(column, output, header->parts[field], err);
        if (code == ERR_OK && field != BOOK_ID)
            code = write_words(column, output, header, field, err);
        column_close(column);
        if (code != ERR_OK)
            return code;
    }
    return ERR_OK;
}

/* Writes the header into its reserved space, with the checksums, and syncs the file to disk. */
static bool seal(struct output *output, const struct index_header *header)
{
    bool is_whole = fseek(output->file, 0, SEEK_SET) == 0 && fwrite(header, sizeof *header, 1, output->file) == 1 &&
                    fflush(output->file) == 0 && !ferror(output->file);
    void *map =
        is_whole ? mmap(NULL, output->size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(output->file), 0) : MAP_FAILED;

    if (map == MAP_FAILED)
        return false;
    index_seal(map, output->size);
    munmap(map, output->size);
    return fsync(fileno(output->file)) == 0;
}

/* Syncs the folder of path to disk. */
static void sync_folder(const char *path)
{
    char *copy = mem_string(path);
    const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

enum err_code index_build_finish(struct index_build *build, struct version version, const char *path, struct err *err)
{
    struct index_header header = {
        .magic = INDEX_MAGIC, .shape = index_shape(), .rows = build->rows, .version = version};
    struct output output = {.size = sizeof header};
    char temporary[4096];
    bool is_written;
    enum err_code code;

    snprintf(temporary, sizeof temporary, "%s.new", path);
    output.file = fopen(temporary, "w+e");
    if (output.file == NULL)
        return err_set(err, ERR_UNAVAILABLE, "index: %s: %s", temporary, strerror(errno));
    fwrite(&header, sizeof header, 1, output.file);
    code = write_columns(build, &output, &header, err);
    header.size = output.size;
    is_written = code == ERR_OK && seal(&output, &header);
    is_written = fclose(output.file) == 0 && is_written;
    if (code == ERR_OK && (!is_written || rename(temporary, path) != 0))
        code = err_set(err, ERR_UNAVAILABLE, "index: cannot write %s: %s", temporary, strerror(errno));
    if (code != ERR_OK)
        unlink(temporary);
    else
        sync_folder(path);
    return code;
}
