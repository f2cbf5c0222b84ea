/* See output.h. */

#include "generator/output.h"

#include <inttypes.h>
#include <string.h>

/* An INSERT ends once it has this many bytes: long enough to be fast, and with its last row far below the 1 MB that the
 * strictest servers take as one packet. */
enum { STATEMENT_BYTES = 256 * 1024 };

/* Room for a row with every byte escaped, quotes and commas. */
enum { ROW_BYTES = BOOK_FIELDS * (2 * TEXT_BYTES + 8) };

/* The lines of sql/schema.sql, made by make. */
static const char *const schema[] = {
#include "sql/schema.inc"
};

static bool put(struct output *output, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, output->stream) == length;
}

/* Neither format has to escape anything else, since no field holds control characters. */
static char *put_escaped(char *at, const struct text *text, char quote)
{
    for (size_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];

        if (c == '\\' || c == quote) {
            *at++ = '\\';
        }
        *at++ = c;
    }
    return at;
}

static bool tsv_begin(struct output *output, uint64_t rows, uint64_t seed)
{
    (void)output, (void)rows, (void)seed;
    return true;
}

static bool tsv_row(struct output *output, const struct book *book)
{
    char line[ROW_BYTES], *at = line;

    for (size_t i = 0; i < BOOK_FIELDS; i++) {
        if (i > 0) {
            *at++ = '\t';
        }
        at = book->fields[i].length > 0 ? put_escaped(at, &book->fields[i], '\\') : stpcpy(at, "\\N");
    }
    *at++ = '\n';
    return put(output, line, (size_t)(at - line));
}

static bool tsv_end(struct output *output)
{
    (void)output;
    return true;
}

/* The SQL mode decides what a backslash means; it is set for the session alone, and ends with it. All rows go in within
 * one transaction, so that an import that breaks off leaves an empty table and not some of the books. */
static bool sql_begin(struct output *output, uint64_t rows, uint64_t seed)
{
    FILE *stream = output->stream;

    fprintf(stream,
            "-- Book Share: %" PRIu64 " invented books (bookshare-generate --rows %" PRIu64 " --seed %" PRIu64 ").\n"
            "--\n"
            "-- Import it with: mysql < music_share_db.sql\n"
            "-- It makes the database music_share if there is none, and its table music anew: books that were in the\n"
            "-- table are gone. So it may be imported again at any time.\n\n"
            "SET NAMES utf8mb4;\n"
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES';\n\n"
            "CREATE DATABASE IF NOT EXISTS music_share"
            " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;\n"
            "USE music_share;\n"
            "DROP TABLE IF EXISTS music;\n\n",
            rows, rows, seed);
    for (size_t i = 0; i < sizeof schema / sizeof schema[0]; i++) {
        fprintf(stream, "%s\n", schema[i]);
    }
    return fputs("\nSTART TRANSACTION;\n", stream) != EOF;
}

static bool sql_row(struct output *output, const struct book *book)
{
    static const char insert[] = "INSERT INTO music"
                                 " (book_id, title, category, authors, publisher, edition, available_from) VALUES\n";
    char line[sizeof insert + ROW_BYTES], *at = line;

    at = stpcpy(at, output->statement == 0 ? insert : ",\n");
    for (size_t i = 0; i < BOOK_FIELDS; i++) {
        *at++ = i == 0 ? '(' : ',';
        if (book->fields[i].length > 0) {
            *at++ = '\'';
            at = put_escaped(at, &book->fields[i], '\'');
            *at++ = '\'';
        } else {
            at = stpcpy(at, "NULL");
        }
    }
    *at++ = ')';
    output->statement += (size_t)(at - line);
    if (output->statement >= STATEMENT_BYTES) {
        at = stpcpy(at, ";\n");
        output->statement = 0;
    }
    return put(output, line, (size_t)(at - line));
}

/* What was derived from an older table is of no use any more: a new epoch begins. */
static bool sql_end(struct output *output)
{
    static const char end[] = "UPDATE music_version SET epoch = GREATEST(epoch + 1, "
                              "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)),\n"
                              "    books = (SELECT COUNT(*) FROM music);\nCOMMIT;\n";

    return fputs(output->statement > 0 ? ";\n" : "", output->stream) != EOF && fputs(end, output->stream) != EOF;
}

const struct format formats[] = {
    {"sql", sql_begin, sql_row, sql_end},
    {"tsv", tsv_begin, tsv_row, tsv_end},
};

const size_t formats_count = sizeof formats / sizeof formats[0];
