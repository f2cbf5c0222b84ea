/*
 * A file of books. Bytes: format (t: TSV, j: NDJSON, else CSV), duplicates (r: replace, x: refuse, else skip; capitals:
 * a trial), delimiter (, ; tab: this one; *: raw; else: found out), size of pieces; then the file. The pieces do not
 * matter, and the books that came out of it come out of a file that is written from them.
 */
#include "fuzz.h"

#include <ctype.h>

#include "files/book_file.h"
#include "files/import.h"

/* What an import did. */
struct notes {
    struct buf rows;   /* of the books, each with its NUL */
    struct buf faults; /* of the lines, each with its NUL */
    struct buf file;   /* the books as a file of the same format */
    struct book_file writer;
    bool varies; /* the outcomes of the books */
    enum err_code code;
    struct import_counts counts;
};

static enum err_code write_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    struct notes *notes = context;

    (void)err;
    FUZZ_ASSERT(batch->count >= 1 && batch->count <= BATCH_BOOKS);
    for (size_t i = 0; i < batch->count; i++) {
        struct book book = batch->books[i];
        struct book_faults faults;

        FUZZ_ASSERT(book_check(&book, &faults, arena));
        FUZZ_ASSERT(book_equal(&book, &batch->books[i]));
        book_row_write(&notes->rows, &book);
        buf_add_char(&notes->rows, '\0');
        book_file_add(&notes->writer, &book, &notes->file);
        batch->outcome[i] = notes->varies ? (enum batch_outcome)(book.field[BOOK_ID].len % 4) : BATCH_ADDED;
    }
    return ERR_OK;
}

static void note_fault(void *context, uint64_t line, const char *text)
{
    struct notes *notes = context;
    size_t characters;

    FUZZ_ASSERT(line > 0 && text_check(text_from_cstr(text), &characters) == TEXT_FINE);
    buf_add_format(&notes->faults, "%llu: %s", (unsigned long long)line, text);
    buf_add_char(&notes->faults, '\0');
}

static void import_in_pieces(struct import_options options, struct text file, size_t piece, struct notes *notes)
{
    struct import *import;
    struct err err;

    options.write = write_batch;
    options.fault = note_fault;
    options.context = notes;
    import = import_new(&options);
    book_file_begin(&notes->writer, &notes->file);
    for (size_t i = 0; i < file.len && notes->code == ERR_OK; i += piece)
        notes->code = import_feed(import, file.at + i, file.len - i < piece ? file.len - i : piece, &err);
    if (notes->code == ERR_OK)
        notes->code = import_end(import, &err);
    notes->counts = import_counts(import);
    import_free(import);
}

static bool is_same(const struct buf *a, const struct buf *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->at, b->at, a->len) == 0);
}

static void forget(struct notes *notes)
{
    buf_free(&notes->rows);
    buf_free(&notes->faults);
    buf_free(&notes->file);
}

/* What has been written is read as it was. */
static void check_file(struct import_options options, const struct notes *notes)
{
    struct notes again = {.writer = notes->writer};

    options.delimiter = '\0';
    options.duplicates = IMPORT_SKIP;
    options.is_trial = false;
    import_in_pieces(options, (struct text){buf_string(&notes->file), notes->file.len}, notes->file.len + 1, &again);
    FUZZ_ASSERT(again.code == ERR_OK && again.counts.bad == 0);
    FUZZ_ASSERT(is_same(&again.rows, &notes->rows) && is_same(&again.file, &notes->file));
    forget(&again);
}

FUZZ_TARGET(import)
{
    struct text input = {(const char *)data, size};
    struct import_options options = {.batch = 2};
    struct notes whole = {0}, pieces = {0};
    unsigned char c = fuzz_byte(&input);
    size_t piece;

    options.format = c == 't' ? IMPORT_TSV : c == 'j' ? IMPORT_NDJSON : IMPORT_CSV;
    c = fuzz_byte(&input);
    options.duplicates = tolower(c) == 'r' ? IMPORT_REPLACE : tolower(c) == 'x' ? IMPORT_REFUSE : IMPORT_SKIP;
    options.is_trial = isupper(c);
    whole.varies = pieces.varies = !options.is_trial && c % 2 == 0;
    c = fuzz_byte(&input);
    options.delimiter = c != '\0' && strchr(",;\t", c) != NULL ? (char)c : '\0';
    options.is_raw = c == '*';
    piece = 1 + fuzz_byte(&input) % 64;
    whole.writer.format = options.format == IMPORT_TSV      ? BOOK_TSV
                          : options.format == IMPORT_NDJSON ? BOOK_NDJSON
                                                            : BOOK_CSV;
    whole.writer.is_raw = options.is_raw;
    pieces.writer = whole.writer;
    import_in_pieces(options, input, input.len + 1, &whole);
    import_in_pieces(options, input, piece, &pieces);
    FUZZ_ASSERT(whole.code == pieces.code && memcmp(&whole.counts, &pieces.counts, sizeof whole.counts) == 0);
    FUZZ_ASSERT(is_same(&whole.rows, &pieces.rows) && is_same(&whole.faults, &pieces.faults));
    check_file(options, &whole);
    forget(&whole);
    forget(&pieces);
    return 0;
}
