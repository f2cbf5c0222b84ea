#include "book/book.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "base/hash.h"

const struct book_field_info book_fields[BOOK_FIELDS] = {
    [BOOK_ID] = {"book_id", "id", "Book ID", BOOK_KEY, 30, true, false},
    [BOOK_TITLE] = {"title", "title", "Title", BOOK_TEXT, 255, true, false},
    [BOOK_CATEGORY] = {"category", "category", "Category", BOOK_TEXT, 100, false, true},
    [BOOK_AUTHORS] = {"authors", "author", "Authors", BOOK_TEXT, 255, false, false},
    [BOOK_PUBLISHER] = {"publisher", "publisher", "Publisher", BOOK_TEXT, 255, false, true},
    [BOOK_EDITION] = {"edition", "edition", "Edition", BOOK_TEXT, 50, false, true},
    [BOOK_AVAILABLE_FROM] = {"available_from", "date", "Available from", BOOK_DATE, 10, false, false},
};

enum book_field book_field_of(struct text name)
{
    int field = 0;

    name = text_trim(name);
    if (text_equal_caseless(name, book_fields[BOOK_ID].short_name))
        return BOOK_ID;
    while (field < BOOK_FIELDS && !text_equal_caseless(name, book_fields[field].name) &&
           !text_equal_caseless(name, book_fields[field].label))
        field++;
    return (enum book_field)field;
}

bool book_field_repeats(enum book_field field)
{
    return book_fields[field].has_choices || field == BOOK_AUTHORS;
}

bool book_equal(const struct book *a, const struct book *b)
{
    for (int i = 0; i < BOOK_FIELDS; i++)
        if (!text_equal(a->field[i], b->field[i]))
            return false;
    return true;
}

/* Parses digits at s as a number. Returns false if one is not a digit. */
static bool read_digits(const char *s, size_t digits, int *number)
{
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *number = *number * 10 + (s[i] - '0');
    }
    return true;
}

bool book_date_valid(struct text text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    bool leap;

    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
        return false;
    if (!read_digits(text.at, 4, &year) || !read_digits(text.at + 5, 2, &month) || !read_digits(text.at + 8, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/*
 * Returns whether a segment of id, between slashes, is "." or "..": servers and browsers resolve these in a path, even
 * if encoded.
 */
static bool has_dot_segment(struct text id)
{
    while (true) {
        const char *slash = id.len > 0 ? memchr(id.at, '/', id.len) : NULL;
        const struct text part = {id.at, slash != NULL ? (size_t)(slash - id.at) : id.len};

        if (text_equal_string(part, ".") || text_equal_string(part, ".."))
            return true;
        if (slash == NULL)
            return false;
        id.len -= part.len + 1;
        id.at = slash + 1;
    }
}

bool book_id_valid(struct text id)
{
    size_t characters;

    return id.len > 0 && text_check(id, &characters) == TEXT_FINE && characters <= book_fields[BOOK_ID].longest &&
           text_trim(id).len == id.len && !has_dot_segment(id);
}

/* Returns what is wrong with a trimmed value, or NULL. */
static const char *field_fault(const struct book_field_info *field, struct text value, struct arena *arena)
{
    size_t characters;

    if (value.len == 0)
        return field->required ? "This field is required." : NULL;
    switch (text_check(value, &characters)) {
    case TEXT_NOT_UTF8:
        return "Not valid UTF-8 text.";
    case TEXT_CONTROL_CHARACTER:
        return "Control characters such as tabs and line breaks are not allowed.";
    case TEXT_FINE:
        break;
    }
    if (field->type == BOOK_DATE)
        return book_date_valid(value) ? NULL : "Not a date in the form YYYY-MM-DD.";
    if (characters > field->longest)
        return arena_format(arena, "At most %zu characters are allowed; this has %zu.", field->longest, characters);
    if (field->type == BOOK_KEY && has_dot_segment(value))
        return "An ID cannot be \".\" or \"..\", or contain them as a segment between slashes.";
    return NULL;
}

bool book_check(struct book *book, struct book_faults *faults, struct arena *arena)
{
    *faults = (struct book_faults){0};
    for (int i = 0; i < BOOK_FIELDS; i++) {
        book->field[i] = text_trim(book->field[i]);
        faults->text[i] = field_fault(&book_fields[i], book->field[i], arena);
        if (faults->text[i] != NULL)
            faults->count++;
    }
    return faults->count == 0;
}

static const char escaped[] = "\\\t\n\r";
static const char letters[] = "\\tnr";

/* Appends value with escapes. Runs that need none, nearly everything, are copied at once. */
static void write_value(struct buf *row, struct text value)
{
    while (value.len > 0) {
        size_t run = 0;
        const char *found = NULL;

        while (run < value.len && (unsigned char)value.at[run] >= ' ' && value.at[run] != '\\')
            run++;
        buf_add(row, value.at, run);
        if (run == value.len)
            return;
        if (value.at[run] == '\0') {
            buf_add(row, "\\0", 2);
        } else if ((found = strchr(escaped, value.at[run])) != NULL) {
            buf_add_char(row, '\\');
            buf_add_char(row, letters[found - escaped]);
        } else {
            buf_add_char(row, value.at[run]);
        }
        value.at += run + 1;
        value.len -= run + 1;
    }
}

void book_row_write(struct buf *row, const struct book *book)
{
    for (int i = 0; i < BOOK_FIELDS; i++) {
        if (i > 0)
            buf_add_char(row, '\t');
        write_value(row, book->field[i]);
    }
}

uint64_t book_hash(const struct book *book)
{
    struct buf row = {0};
    uint64_t hash;

    book_row_write(&row, book);
    hash = hash_bytes(0, row.at, row.len);
    buf_free(&row);
    return hash != 0 ? hash : 1;
}

void book_tag(const struct book *book, char tag[BOOK_TAG_SIZE])
{
    snprintf(tag, BOOK_TAG_SIZE, "%016" PRIx64, book_hash(book));
}

/* Decodes the escapes in the len bytes at s in place. Returns the new length, or -1. */
static ssize_t unescape(char *s, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = s[i];

        if (c == '\\') {
            const char *found;

            if (++i == len)
                return -1;
            if (s[i] == '0') {
                c = '\0';
            } else {
                found = strchr(letters, s[i]);
                if (found == NULL || *found == '\0')
                    return -1;
                c = escaped[found - letters];
            }
        }
        s[out++] = c;
    }
    return (ssize_t)out;
}

bool book_row_read(struct text row, struct book *book, struct arena *arena)
{
    char *at, *end;
    bool has_escapes;

    if (row.len == 0 || memchr(row.at, '\0', row.len) != NULL || !text_is_utf8(row))
        return false;
    at = arena_copy(arena, row.at, row.len);
    end = at + row.len;
    has_escapes = memchr(at, '\\', row.len) != NULL;
    for (int i = 0; i < BOOK_FIELDS; i++) {
        char *tab = memchr(at, '\t', (size_t)(end - at));
        char *stop = tab != NULL ? tab : end;
        ssize_t len = stop - at;

        if ((tab != NULL) != (i < BOOK_FIELDS - 1))
            return false;
        if (has_escapes)
            len = unescape(at, (size_t)len);
        if (len < 0)
            return false;
        at[len] = '\0'; /* overwrites a byte already read, or arena_copy's NUL after the row */
        book->field[i] = (struct text){at, (size_t)len};
        at = stop + 1;
    }
    return book->field[BOOK_ID].len > 0;
}

/* Returns whether a text is printable ASCII, as nearly all are. */
static bool is_ascii(struct text text)
{
    unsigned char low = ' ', high = 0;

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        low = c < low ? c : low;
        high = c > high ? c : high;
    }
    return low >= ' ' && high < 0x7F;
}

void book_repair(struct book *book, struct arena *arena)
{
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++) {
        struct text *value = &book->field[i];

        if (book_fields[i].type == BOOK_DATE && value->len > 0 && !book_date_valid(*value))
            *value = text_from_cstr("");
        else if (!is_ascii(*value))
            *value = text_line(arena, *value);
    }
}

struct text book_row_repair(struct text row, struct arena *arena)
{
    struct buf repaired = {0};
    struct book book;

    if (row.len == 0 || !book_row_read(row, &book, arena))
        return row;
    book_repair(&book, arena);
    book_row_write(&repaired, &book);
    if (!text_equal(row, (struct text){repaired.at, repaired.len}))
        row = (struct text){arena_copy(arena, repaired.at, repaired.len), repaired.len};
    buf_free(&repaired);
    return row;
}
