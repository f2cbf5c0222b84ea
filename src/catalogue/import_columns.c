/* The part of import that knows the columns of a file by their names. */
#include "catalogue/import_parts.h"

enum { NAMES_ENOUGH = 2 }; /* of columns in a line: a book has hardly so many of them as its values */

void import_columns_in_order(struct import_columns *columns)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        columns->field[i] = (enum book_field)i;
    columns->count = BOOK_FIELDS;
}

const char *import_shown(struct arena *arena, struct text text)
{
    char *shown = text_string(arena, text_repair(arena, text));

    for (char *at = shown; *at != '\0'; at++) {
        const unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];

        if (c < 0x20 || c == 0x7F)
            *at = '?';
        else if (c == 0xC2 && next < 0xA0) /* U+0080 to U+009F */
            at[0] = at[1] = '?';
    }
    return shown;
}

bool import_are_columns(const struct csv_line *line)
{
    size_t known = 0;

    for (size_t i = 0; i < line->count; i++)
        known += book_field_of(line->fields[i]) != BOOK_FIELDS ? 1 : 0;
    return line->fault == NULL && (known == line->count || known >= NAMES_ENOUGH);
}

/* Returns the names of all columns: "book_id, title, ...". */
static const char *all_names(struct arena *arena)
{
    const char *names = book_fields[0].name;

    for (int i = 1; i < BOOK_FIELDS; i++)
        names = arena_format(arena, "%s, %s", names, book_fields[i].name);
    return names;
}

const char *import_columns_read(struct import_columns *columns, const struct csv_line *line, bool is_whole,
                                struct arena *arena)
{
    bool has[BOOK_FIELDS] = {false};

    if (line->fault != NULL)
        return line->fault;
    columns->count = line->count;
    for (size_t i = 0; i < line->count; i++) {
        const enum book_field field = book_field_of(line->fields[i]);

        if (field == BOOK_FIELDS)
            return arena_format(arena,
                                "The first line has to name the columns, and knows one called \"%.40s\". There are %s.",
                                import_shown(arena, line->fields[i]), all_names(arena));
        if (has[field])
            return arena_format(arena, "The first line names the column %s twice.", book_fields[field].name);
        has[field] = true;
        columns->field[i] = field;
    }
    for (int i = 0; i < BOOK_FIELDS; i++)
        if (!has[i] && (book_fields[i].required || is_whole))
            return arena_format(arena, "The column %s is missing%s.", book_fields[i].name,
                                book_fields[i].required ? "" : "; a file that replaces books needs all of them");
    return NULL;
}
