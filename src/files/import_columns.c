/* The part of import that maps the header line to columns. */
#include "files/import_parts.h"

#include <string.h>

enum {
    NAMES_ENOUGH = 2,      /* column names in a line: a book hardly has this many as values */
    SHOWN_CHARACTERS = 24, /* of a name in the file */
    SHOWN_BYTES = 600      /* of all unknown names */
};

void import_columns_in_order(struct import_columns *columns)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        columns->field[i] = (enum book_field)i;
    columns->count = BOOK_FIELDS;
}

/* Returns the length in bytes of the first characters of a valid text. */
static size_t bytes_of(const char *text, size_t characters)
{
    size_t len = 0;

    while (text[len] != '\0' && (characters > 0 || ((unsigned char)text[len] & 0xC0) == 0x80)) {
        characters -= ((unsigned char)text[len + 1] & 0xC0) != 0x80 ? 1 : 0;
        len++;
    }
    return len;
}

const char *import_shown(struct arena *arena, struct text text)
{
    char *shown = text_string(arena, text_repair(arena, text));
    const size_t len = bytes_of(shown, SHOWN_CHARACTERS);

    for (char *at = shown; *at != '\0'; at++) {
        const unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];

        if (c < 0x20 || c == 0x7F)
            *at = '?';
        else if (c == 0xC2 && next < 0xA0) /* U+0080 to U+009F */
            at[0] = at[1] = '?';
    }
    return shown[len] == '\0' ? shown : arena_format(arena, "%.*s…", (int)len, shown);
}

/* Returns whether a line of a TSV cannot be a header line, but is a book with all columns in order. */
static bool is_surely_book(const struct csv_line *line)
{
    return line->has_null ||
           (line->count == BOOK_FIELDS && book_date_valid(text_trim(line->fields[BOOK_AVAILABLE_FROM])));
}

bool import_are_columns(const struct csv_line *line)
{
    size_t known = 0;

    for (size_t i = 0; i < line->count; i++)
        known += book_field_of(line->fields[i]) != BOOK_FIELDS ? 1 : 0;
    return line->fault != NULL || known == line->count || known >= NAMES_ENOUGH || !is_surely_book(line);
}

/* Returns the names of all columns: "book_id, title, ...". */
static const char *all_names(struct arena *arena)
{
    const char *names = book_fields[0].name;

    for (int i = 1; i < BOOK_FIELDS; i++)
        names = arena_format(arena, "%s, %s", names, book_fields[i].name);
    return names;
}

/* Returns the unknown names in a line, quoted; NULL if there are none. */
static const char *unknown_names(const struct csv_line *line, struct arena *arena)
{
    const char *names = NULL;
    size_t more = 0;

    for (size_t i = 0; i < line->count; i++) {
        if (book_field_of(line->fields[i]) != BOOK_FIELDS)
            continue;
        if (names != NULL && strlen(names) > SHOWN_BYTES)
            more++;
        else
            names = arena_format(arena, "%s%s\"%s\"", names != NULL ? names : "", names != NULL ? ", " : "",
                                 import_shown(arena, text_trim(line->fields[i])));
    }
    return more > 0 ? arena_format(arena, "%s and %zu more", names, more) : names;
}

/* Returns the error in the encoding of a line, or NULL. */
static const char *encoding_fault(const struct csv_line *line)
{
    const struct text first = line->count > 0 ? line->fields[0] : (struct text){"", 0};

    if (first.len >= 2 && (memcmp(first.at, "\xFF\xFE", 2) == 0 || memcmp(first.at, "\xFE\xFF", 2) == 0))
        return "The file is in UTF-16 (\"Unicode text\"). Save it as UTF-8.";
    for (size_t i = 0; i < line->count; i++)
        if (!text_is_utf8(line->fields[i]))
            return "The header line is not in UTF-8, but perhaps in Windows-1252 or Latin-1. Save it as UTF-8.";
    return NULL;
}

const char *import_columns_read(struct import_columns *columns, const struct csv_line *line, bool is_whole,
                                struct arena *arena)
{
    bool has[BOOK_FIELDS] = {false};
    const char *fault = line->fault != NULL ? line->fault : encoding_fault(line), *unknown;

    if (fault != NULL)
        return fault;
    unknown = unknown_names(line, arena);
    if (unknown != NULL)
        return arena_format(arena,
                            "The first line must name the columns, but these are unknown: %s. Valid names are %s.",
                            unknown, all_names(arena));
    columns->count = line->count;
    for (size_t i = 0; i < line->count; i++) {
        const enum book_field field = book_field_of(line->fields[i]);

        if (has[field])
            return arena_format(arena, "Column %s occurs twice in the first line.", book_fields[field].name);
        has[field] = true;
        columns->field[i] = field;
    }
    for (int i = 0; i < BOOK_FIELDS; i++)
        if (!has[i] && (book_fields[i].required || is_whole))
            return arena_format(arena, "Column %s is missing%s.", book_fields[i].name,
                                book_fields[i].required ? "" : "; a file that replaces books needs all columns");
    return NULL;
}
