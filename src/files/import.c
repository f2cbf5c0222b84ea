#include "files/import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/import_parts.h"

struct import {
    struct import_options options;
    struct csv *csv;
    struct import_columns columns;
    bool has_columns;

    struct book books[BATCH_BOOKS]; /* checked but not written yet; their texts live in arena */
    uint64_t lines[BATCH_BOOKS];    /* the lines they were on */
    size_t count;
    struct batch batch;
    struct arena arena;   /* memory of the batch */
    struct arena scratch; /* memory of the current line */

    bool has_hint;           /* the warning about the encoding was given */
    struct import_seen seen; /* of a dry run */
    struct import_counts counts;
    struct err err; /* if code is not ERR_OK, the import has ended */
};

static void take_line(void *context, const struct csv_line *line);

struct import *import_new(const struct import_options *options)
{
    static const enum csv_dialect dialects[] = {
        [IMPORT_CSV] = CSV_QUOTED, [IMPORT_TSV] = CSV_ESCAPED, [IMPORT_NDJSON] = CSV_LINES};
    struct import *import = mem_zero(sizeof *import);

    import->options = *options;
    import->csv = csv_new(dialects[options->format], options->delimiter, take_line, import);
    import->has_columns = options->format == IMPORT_NDJSON;
    return import;
}

void import_free(struct import *import)
{
    if (import == NULL)
        return;
    csv_free(import->csv);
    import_seen_free(&import->seen);
    arena_free(&import->arena);
    arena_free(&import->scratch);
    free(import);
}

/* Reports that another book has the same ID: the one on line before of this file, or one in the table (0). */
static void note_duplicate(struct import *import, size_t i, uint64_t before)
{
    const bool stays_out = !import->batch.replaces;
    const char *text;

    if (import->options.duplicates == IMPORT_REFUSE)
        text = "book_id: A book with this ID exists.";
    else if (before == 0)
        text = "book_id: A book with this ID exists: skipped.";
    else
        text = arena_format(&import->scratch, "book_id: Same ID as on line %llu%s", (unsigned long long)before,
                            stays_out ? ": skipped." : ": replaces that book.");
    import->options.fault(import->options.context, import->lines[i], text);
}

/*
 * Returns the result for a book. In a dry run this accounts for earlier books of the file, which are not in the table.
 * *before: the line of the last one with its ID, as far as a dry run knows; 0: none.
 */
static enum batch_outcome try_outcome(struct import *import, size_t i, uint64_t *before)
{
    const struct book *book = &import->books[i];
    const enum batch_outcome outcome = import->batch.outcome[i];

    *before = 0;
    if (!import->options.is_trial)
        return outcome;
    if (outcome == BATCH_ADDED) /* perhaps by an earlier batch */
        return import_seen_add(&import->seen, book, import->lines[i], import->batch.replaces, before);
    if (outcome == BATCH_REPLACED)
        import_seen_add(&import->seen, book, import->lines[i], true, before);
    else if (outcome == BATCH_TAKEN)
        *before = import_seen_line(&import->seen, book);
    return outcome;
}

/* Counts the results of the batch and reports books with duplicate IDs. */
static void count_outcomes(struct import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        uint64_t before;

        switch (try_outcome(import, i, &before)) {
        case BATCH_ADDED:
            import->counts.added++;
            break;
        case BATCH_REPLACED:
            import->counts.replaced++;
            if (before != 0)
                note_duplicate(import, i, before);
            break;
        case BATCH_UNCHANGED:
            import->counts.unchanged++;
            break;
        case BATCH_TAKEN:
            note_duplicate(import, i, before);
            if (import->options.duplicates == IMPORT_REFUSE)
                import->counts.bad++;
            else
                import->counts.skipped++;
            break;
        }
    }
}

/* Writes the batch. */
static void flush(struct import *import)
{
    struct batch *batch = &import->batch;
    struct err err;
    enum err_code code;

    if (import->options.write == NULL) {
        import->counts.added += import->count;
    } else if (import->count > 0) {
        batch->books = import->books;
        batch->count = import->count;
        batch->replaces = import->options.duplicates == IMPORT_REPLACE;
        code = import->options.write(import->options.context, batch, &import->arena, &err);
        if (code != ERR_OK) {
            import->err = err;
            return;
        }
        count_outcomes(import);
    }
    import->count = 0;
    arena_clear(&import->arena);
}

/* Reports a bad line. faults: those of its fields; NULL: text is the error. */
static void refuse_line(struct import *import, uint64_t line, const struct book_faults *faults, const char *text)
{
    import->counts.bad++;
    if (faults == NULL)
        import->options.fault(import->options.context, line, text);
    for (int i = 0; i < BOOK_FIELDS && faults != NULL; i++)
        if (faults->text[i] != NULL)
            import->options.fault(import->options.context, line,
                                  arena_format(&import->scratch, "%s: %s", book_fields[i].name, faults->text[i]));
}

/* Warns about the encoding of the file, once, if a book is not valid UTF-8. */
static void hint_at_encoding(struct import *import, uint64_t line, const struct book *book)
{
    for (int i = 0; i < BOOK_FIELDS && !import->has_hint; i++) {
        if (text_is_utf8(book->field[i]))
            continue;
        import->has_hint = true;
        import->options.fault(import->options.context, line,
                              "The file may be in Windows-1252 or Latin-1: save it as UTF-8.");
    }
}

/* Parses a book from a line. Returns an error about the whole line, or NULL. */
static const char *read_book(struct import *import, const struct csv_line *line, struct book *book)
{
    if (line->fault != NULL)
        return line->fault;
    if (import->options.format == IMPORT_NDJSON)
        return import_json_read(line->fields[0], import->options.duplicates == IMPORT_REPLACE, book, &import->scratch);
    *book = (struct book){0};
    if (line->count != import->columns.count)
        return arena_format(&import->scratch, "This line has %zu fields; there are %zu columns.", line->count,
                            import->columns.count);
    for (size_t i = 0; i < line->count; i++)
        book->field[import->columns.field[i]] = import->options.format == IMPORT_CSV && !import->options.is_raw
                                                    ? csv_unguarded(line->fields[i])
                                                    : line->fields[i];
    return NULL;
}

/* Adds a checked book to the batch. */
static void add_book(struct import *import, const struct book *book, uint64_t line)
{
    struct book *added = &import->books[import->count];

    for (int i = 0; i < BOOK_FIELDS; i++)
        added->field[i] = text_copy(&import->arena, book->field[i]);
    import->lines[import->count++] = line;
    if (import->count == import->options.batch)
        flush(import);
}

/* Handles the first line if it is a header line. Returns whether it is. */
static bool take_columns(struct import *import, const struct csv_line *line)
{
    const char *fault;

    import->has_columns = true;
    if (import->options.format == IMPORT_TSV && !import_are_columns(line)) {
        import_columns_in_order(&import->columns);
        return false;
    }
    fault = import_columns_read(&import->columns, line, import->options.duplicates == IMPORT_REPLACE, &import->scratch);
    if (fault != NULL)
        err_set(&import->err, ERR_INVALID, "%s", fault);
    return true;
}

static void take_line(void *context, const struct csv_line *line)
{
    struct import *import = context;
    struct book_faults faults;
    struct book book;
    const char *fault;

    if (import->err.code != ERR_OK)
        return;
    arena_clear(&import->scratch);
    if (!import->has_columns && take_columns(import, line))
        return;
    fault = read_book(import, line, &book);
    if (fault != NULL)
        refuse_line(import, line->number, NULL, fault);
    else if (!book_check(&book, &faults, &import->scratch)) {
        refuse_line(import, line->number, &faults, NULL);
        hint_at_encoding(import, line->number, &book);
    } else
        add_book(import, &book, line->number);
}

enum err_code import_feed(struct import *import, const char *bytes, size_t len, struct err *err)
{
    if (import->err.code == ERR_OK)
        csv_feed(import->csv, bytes, len);
    *err = import->err;
    return err->code;
}

enum err_code import_end(struct import *import, struct err *err)
{
    if (import->err.code == ERR_OK)
        csv_end(import->csv);
    if (import->err.code == ERR_OK && !import->has_columns && import->options.format == IMPORT_CSV)
        err_set(&import->err, ERR_INVALID, "The header line with the names of the columns is missing.");
    if (import->err.code == ERR_OK)
        flush(import);
    *err = import->err;
    return err->code;
}

struct import_counts import_counts(const struct import *import)
{
    return import->counts;
}

bool import_format_of(const char *name, enum import_format *format)
{
    static const struct {
        const char *ending;
        enum import_format format;
    } endings[] = {{".csv", IMPORT_CSV}, {".txt", IMPORT_CSV},       {".tsv", IMPORT_TSV},
                   {".tab", IMPORT_TSV}, {".ndjson", IMPORT_NDJSON}, {".jsonl", IMPORT_NDJSON}};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof *endings; i++) {
        if (strcasecmp(dot, endings[i].ending) == 0) {
            *format = endings[i].format;
            return true;
        }
    }
    return false;
}
