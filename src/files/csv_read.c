#include "files/csv_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum state {
    FIELD,   /* in a field, or before one */
    QUOTED,  /* in a quoted field */
    CLOSED,  /* after a quote in a quoted field: it ends the field, or is the first of two */
    ESCAPED, /* after a backslash */
    SKIPPED  /* in the rest of a bad line */
};

struct csv {
    enum csv_dialect dialect;
    char delimiter; /* 0: not known yet */
    csv_take *take;
    void *context;

    struct buf head; /* input held back until the delimiter is known */
    size_t marked;   /* bytes of the byte order mark seen; MARK_BYTES: past it, or there is none */
    enum state state;
    bool after_cr;    /* the last byte was a CR: skip an LF */
    uint64_t number;  /* of the current line */
    uint64_t begun;   /* number of the line where the current fields start */
    struct buf bytes; /* of the current fields */
    size_t ends[CSV_FIELDS];
    size_t count;   /* number of complete fields */
    bool is_quoted; /* the current field is quoted */
    bool is_empty;  /* no byte of the line seen yet */
    bool has_null;  /* a \N was seen */
    const char *fault;
};

static const char mark[] = "\xEF\xBB\xBF";
enum { MARK_BYTES = 3 };

struct csv *csv_new(enum csv_dialect dialect, char delimiter, csv_take *take, void *context)
{
    struct csv *csv = mem_zero(sizeof *csv);

    csv->dialect = dialect;
    csv->delimiter = dialect == CSV_QUOTED ? delimiter : '\t';
    csv->take = take;
    csv->context = context;
    csv->number = csv->begun = 1;
    csv->is_empty = true;
    return csv;
}

void csv_free(struct csv *csv)
{
    if (csv == NULL)
        return;
    buf_free(&csv->head);
    buf_free(&csv->bytes);
    free(csv);
}

/* Records the error in the current line; the rest of the line is skipped. */
static void refuse(struct csv *csv, const char *fault)
{
    csv->fault = fault;
    csv->state = SKIPPED;
}

static void end_field(struct csv *csv)
{
    if (csv->count == CSV_FIELDS) {
        refuse(csv, "This line has more than 64 fields.");
        return;
    }
    csv->ends[csv->count++] = csv->bytes.len;
    csv->is_quoted = false;
}

/* Delivers the current line and starts the next one. */
static void end_line(struct csv *csv)
{
    struct text fields[CSV_FIELDS];
    struct csv_line line = {.number = csv->begun, .fields = fields};

    if (!csv->is_empty && csv->fault == NULL)
        end_field(csv);
    if (!csv->is_empty) {
        line.fault = csv->fault;
        line.count = csv->fault == NULL ? csv->count : 0;
        line.has_null = csv->has_null;
        for (size_t i = 0, begin = 0; i < line.count; begin = csv->ends[i++])
            fields[i] = (struct text){buf_string(&csv->bytes) + begin, csv->ends[i] - begin};
        csv->take(csv->context, &line);
    }
    buf_clear(&csv->bytes);
    csv->count = 0;
    csv->state = FIELD;
    csv->fault = NULL;
    csv->is_empty = true;
    csv->has_null = false;
    csv->begun = csv->number;
}

/* Handles the letter after a backslash. \N adds nothing. */
static void take_escaped(struct csv *csv, char c)
{
    static const char letters[] = "tnr0", meant[] = "\t\n\r\0";
    const char *found = c != '\0' ? strchr(letters, c) : NULL;

    csv->state = FIELD;
    csv->has_null |= c == 'N';
    if (c != 'N')
        buf_add_char(&csv->bytes, found != NULL ? meant[found - letters] : c);
}

/* Handles a byte of a field that is not a line end. */
static void take_byte(struct csv *csv, char c)
{
    const bool is_first = csv->bytes.len == (csv->count > 0 ? csv->ends[csv->count - 1] : 0) && !csv->is_quoted;

    csv->is_empty = false;
    if (csv->state == ESCAPED)
        take_escaped(csv, c);
    else if (c == csv->delimiter && csv->dialect != CSV_LINES)
        end_field(csv);
    else if (csv->dialect == CSV_ESCAPED && c == '\\')
        csv->state = ESCAPED;
    else if (csv->dialect == CSV_QUOTED && c == '"' && is_first) {
        csv->state = QUOTED;
        csv->is_quoted = true;
    } else
        buf_add_char(&csv->bytes, c);
}

/* Handles the byte after a quote in a quoted field. */
static void take_after_quote(struct csv *csv, char c)
{
    if (c == '"') {
        buf_add_char(&csv->bytes, c);
        csv->state = QUOTED;
    } else if (c == csv->delimiter) {
        csv->state = FIELD;
        end_field(csv);
    } else {
        refuse(csv, "Text after a closing quote; a quote in a quoted field must be doubled.");
    }
}

/* Returns how many of the next bytes are plain text of the current field. */
static size_t run_of(const struct csv *csv, const char *bytes, size_t len)
{
    size_t run = 0;

    if (csv->state == QUOTED)
        while (run < len && bytes[run] != '"' && bytes[run] != '\n' && bytes[run] != '\r')
            run++;
    else if (csv->state == FIELD)
        while (run < len && (unsigned char)bytes[run] >= ' ' && bytes[run] != csv->delimiter && bytes[run] != '"' &&
               bytes[run] != '\\')
            run++;
    return run;
}

static void take_one(struct csv *csv, char c)
{
    const bool is_end = c == '\n' || c == '\r';

    if (is_end && !(c == '\n' && csv->after_cr))
        csv->number++;
    if (is_end && csv->state == ESCAPED)
        refuse(csv, "Incomplete escape: a backslash at the end of the line.");
    if (csv->state == QUOTED && c != '"') {
        buf_add_char(&csv->bytes, c);
    } else if (csv->state == QUOTED) {
        csv->state = CLOSED;
    } else if (is_end) {
        if (!(c == '\n' && csv->after_cr))
            end_line(csv);
        csv->begun = csv->number;
    } else if (csv->state == CLOSED) {
        take_after_quote(csv, c);
    } else if (csv->state != SKIPPED) {
        take_byte(csv, c);
    }
    csv->after_cr = c == '\r';
}

static void take_all(struct csv *csv, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t run = run_of(csv, bytes, len);

        if (run > 0) {
            buf_add(&csv->bytes, bytes, run);
            csv->is_empty = csv->after_cr = false;
        } else {
            run = 1;
            take_one(csv, *bytes);
        }
        if (csv->bytes.len > CSV_LINE_BYTES && csv->state != SKIPPED)
            refuse(csv, csv->is_quoted ? "Unclosed quote: no closing quote within 65,536 bytes."
                                       : "This line is longer than 65,536 bytes.");
        bytes += run;
        len -= run;
    }
}

/* Returns the most frequent delimiter of the first line. */
static char guess_delimiter(struct text line)
{
    static const char delimiters[] = ",;\t";
    size_t counts[3] = {0}, most = 0;
    bool is_quoted = false;

    for (size_t i = 0; i < line.len && line.at[i] != '\n' && line.at[i] != '\r'; i++) {
        const char *found = line.at[i] != '\0' ? strchr(delimiters, line.at[i]) : NULL;

        is_quoted ^= line.at[i] == '"';
        if (found != NULL && !is_quoted)
            counts[found - delimiters]++;
    }
    for (size_t i = 1; i < 3; i++)
        most = counts[i] > counts[most] ? i : most;
    return delimiters[most];
}

/* Handles the input that was held back until the delimiter was known. */
static void take_head(struct csv *csv)
{
    csv->delimiter = guess_delimiter((struct text){csv->head.at, csv->head.len});
    take_all(csv, csv->head.at, csv->head.len);
    buf_free(&csv->head);
}

static void take_unmarked(struct csv *csv, const char *bytes, size_t len)
{
    if (csv->delimiter != 0) {
        take_all(csv, bytes, len);
        return;
    }
    buf_add(&csv->head, bytes, len);
    if (csv->head.len > CSV_LINE_BYTES || memchr(bytes, '\n', len) != NULL || memchr(bytes, '\r', len) != NULL)
        take_head(csv);
}

void csv_feed(struct csv *csv, const char *bytes, size_t len)
{
    while (len > 0 && csv->marked < MARK_BYTES && *bytes == mark[csv->marked]) {
        csv->marked++;
        bytes++;
        len--;
    }
    if (len == 0)
        return;
    if (csv->marked < MARK_BYTES) { /* it was not the mark after all */
        const size_t met = csv->marked;

        csv->marked = MARK_BYTES;
        take_unmarked(csv, mark, met);
    }
    take_unmarked(csv, bytes, len);
}

void csv_end(struct csv *csv)
{
    if (csv->delimiter == 0)
        take_head(csv);
    if (csv->state == QUOTED)
        refuse(csv, "Unclosed quote.");
    end_line(csv);
}

bool csv_is_formula(struct text value)
{
    size_t i = 0;

    while (i < value.len && value.at[i] == '\'')
        i++;
    return i < value.len && (strchr("=+-@", value.at[i]) != NULL || (unsigned char)value.at[i] < ' ');
}

struct text csv_unguarded(struct text value)
{
    if (value.len > 0 && value.at[0] == '\'' && csv_is_formula(value))
        return (struct text){value.at + 1, value.len - 1};
    return value;
}
