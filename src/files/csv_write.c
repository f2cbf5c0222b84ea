#include "files/csv_write.h"

#include <string.h>

#include "files/csv_read.h"

/* Returns whether value contains a special character of CSV, or blanks at its ends, which some readers drop. */
static bool needs_quotes(struct text value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == '"' || value.at[i] == ',')
            return true;
    return value.len > 0 && (value.at[0] == ' ' || value.at[value.len - 1] == ' ');
}

static void put_value(struct buf *out, struct text value, bool is_raw)
{
    const bool is_guarded = !is_raw && csv_is_formula(value), is_quoted = needs_quotes(value);

    if (is_quoted)
        buf_add_char(out, '"');
    if (is_guarded)
        buf_add_char(out, '\'');
    while (is_quoted && value.len > 0) { /* up to a quote, which is then doubled */
        const char *quote = memchr(value.at, '"', value.len);
        const size_t run = quote != NULL ? (size_t)(quote - value.at) + 1 : value.len;

        buf_add(out, value.at, run);
        if (quote != NULL)
            buf_add_char(out, '"');
        value.at += run;
        value.len -= run;
    }
    buf_add(out, value.at, value.len);
    if (is_quoted)
        buf_add_char(out, '"');
}

void csv_header(struct buf *out)
{
    for (int i = 0; i < BOOK_FIELDS; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        buf_add_string(out, book_fields[i].name);
    }
    buf_add_string(out, "\r\n");
}

void csv_row(struct buf *out, const struct book *book, bool is_raw)
{
    for (int i = 0; i < BOOK_FIELDS; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        put_value(out, book->field[i], is_raw);
    }
    buf_add_string(out, "\r\n");
}
