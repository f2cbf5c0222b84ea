/* The part of sql that expands brackets and braces in the texts of statements (struct sql_statement). */
#include <stdlib.h>
#include <string.h>

#include "book/book.h"
#include "store/sql_parts.h"

/* Appends the names of the fields from first on, each followed by after. */
static void add_fields(struct buf *out, int first, const char *after)
{
    for (int i = first; i < BOOK_FIELDS; i++)
        buf_add_format(out, "%s%s%s", i > first ? ", " : "", book_fields[i].name, after);
}

/* Appends the expansion of a word in braces. */
static void add_word(struct buf *out, struct text word)
{
    if (text_equal_string(word, "columns"))
        add_fields(out, 0, "");
    else if (text_equal_string(word, "changes"))
        add_fields(out, BOOK_ID + 1, " = ?");
    else if (text_equal_string(word, "replacements"))
        for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++)
            buf_add_format(out, "%s%s = VALUES(%s)", i > BOOK_ID + 1 ? ", " : "", book_fields[i].name,
                           book_fields[i].name);
    else /* values */
        for (int i = 0; i < BOOK_FIELDS; i++)
            buf_add_string(out, i == 0 ? "?" : ", ?");
}

/* Appends len bytes of a text, expanding the words in braces. */
static void add_part(struct buf *out, const char *text, size_t len)
{
    for (const char *brace; len > 0 && (brace = memchr(text, '{', len)) != NULL;) {
        const char *end = strchr(brace, '}');

        buf_add(out, text, (size_t)(brace - text));
        add_word(out, (struct text){brace + 1, (size_t)(end - brace) - 1});
        len -= (size_t)(end + 1 - text);
        text = end + 1;
    }
    buf_add(out, text, len);
}

size_t sql_times(const struct sql_statement *statement)
{
    return strtoul(strchr(statement->text, '[') + 1, NULL, 10);
}

const struct sql_statement *sql_fitting(const struct sql_statement *statements, size_t rows)
{
    while (sql_times(statements) > rows)
        statements++;
    return statements;
}

void sql_expand(struct buf *out, const struct sql_statement *statement)
{
    const char *open = strchr(statement->text, '['), *close = open != NULL ? strchr(open, ']') : NULL;

    if (close == NULL) {
        add_part(out, statement->text, strlen(statement->text));
        return;
    }
    add_part(out, statement->text, (size_t)(open - statement->text));
    open = strchr(open, ' ') + 1;
    for (size_t i = 0; i < sql_times(statement); i++) {
        if (i > 0)
            buf_add_string(out, ", ");
        add_part(out, open, (size_t)(close - open));
    }
    add_part(out, close + 1, strlen(close + 1));
}
