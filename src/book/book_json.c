#include "book/book_json.h"

#include <string.h>
#include <yajl/yajl_parse.h>

/* A parse. */
struct reading {
    struct book_json *json;
    enum book_json_manner manner;
    struct arena *arena;
    struct text name; /* of the current member */
    int field;        /* of the current member; BOOK_FIELDS: unknown */
    int depth;        /* 0: outside; 1: in the object; more: in a nested value, which is an error */
    bool is_other;    /* the text is not an object */
};

void book_json_add_fault(struct book_json *json, struct text name, const char *text)
{
    for (size_t i = 0; i < json->fault_count; i++)
        if (text_equal(json->faults[i].name, name))
            return;
    if (json->fault_count < BOOK_JSON_FAULTS)
        json->faults[json->fault_count++] = (struct book_fault){name, text};
}

/* Handles a value that no field can have; more: the change in depth. Returns whether to go on. */
static int take_other(struct reading *reading, int more)
{
    reading->is_other = reading->depth == 0;
    if (reading->depth == 1 && reading->field < BOOK_FIELDS)
        book_json_add_fault(reading->json, reading->name,
                            reading->manner == BOOK_JSON_STRICT ? "Must be a string or null."
                                                                : "Must be a string, a number or null.");
    reading->depth += more;
    return !reading->is_other;
}

static int take_value(struct reading *reading, struct text value)
{
    if (reading->depth != 1)
        return take_other(reading, 0);
    if (reading->field < BOOK_FIELDS)
        reading->json->book.field[reading->field] = value;
    return 1;
}

static int on_null(void *context)
{
    return take_value(context, (struct text){"", 0});
}

static int on_boolean(void *context, int value)
{
    (void)value;
    return take_other(context, 0);
}

static int on_number(void *context, const char *digits, size_t len)
{
    struct reading *reading = context;

    if (reading->manner == BOOK_JSON_STRICT)
        return take_other(reading, 0);
    return take_value(reading, (struct text){arena_copy(reading->arena, digits, len), len});
}

static int on_string(void *context, const unsigned char *at, size_t len)
{
    struct reading *reading = context;

    return take_value(reading, (struct text){arena_copy(reading->arena, (const char *)at, len), len});
}

static int on_open_map(void *context)
{
    struct reading *reading = context;

    if (reading->depth > 0)
        return take_other(reading, 1);
    reading->depth = 1;
    return 1;
}

static int on_open_array(void *context)
{
    return take_other(context, 1);
}

static int on_close(void *context)
{
    struct reading *reading = context;

    reading->depth--;
    return 1;
}

static int on_name(void *context, const unsigned char *at, size_t len)
{
    struct reading *reading = context;
    struct book_json *json = reading->json;
    int field = 0;

    if (reading->depth != 1)
        return 1;
    reading->name = (struct text){arena_copy(reading->arena, (const char *)at, len), len};
    if (reading->manner == BOOK_JSON_LOOSE)
        field = (int)book_field_of(reading->name);
    else
        while (field < BOOK_FIELDS && !text_equal_string(reading->name, book_fields[field].name))
            field++;
    reading->field = field;
    if (field == BOOK_FIELDS)
        book_json_add_fault(json, reading->name, "Unknown field.");
    else if (json->is_given[field])
        book_json_add_fault(json, reading->name, "This field occurs twice.");
    else
        json->is_given[field] = true;
    return 1;
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_boolean,
                                         .yajl_number = on_number,
                                         .yajl_string = on_string,
                                         .yajl_start_map = on_open_map,
                                         .yajl_map_key = on_name,
                                         .yajl_end_map = on_close,
                                         .yajl_start_array = on_open_array,
                                         .yajl_end_array = on_close};

/* Parses the four digits of an escape like \u00e4; -1 if malformed. */
static int read_escape(struct text text)
{
    int number = 0;

    if (text.len < 6 || text.at[0] != '\\' || text.at[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789abcdef", *found = strchr(digits, text.at[i] | ' ');

        if (found == NULL)
            return -1;
        number = number * 16 + (int)(found - digits);
    }
    return number;
}

bool book_json_has_half_character(struct text text)
{
    while (text.len > 1) {
        const int number = read_escape(text);
        size_t step = text.at[0] == '\\' ? 2 : 1;

        if (number >= 0xd800 && number < 0xe000) {
            const int other = read_escape((struct text){text.at + 6, text.len - 6});

            if (number >= 0xdc00 || other < 0xdc00 || other >= 0xe000)
                return true;
            step = 12;
        }
        text.at += step;
        text.len -= step;
    }
    return false;
}

/* Reports yajl's error, without the line break at its end. */
static enum err_code fail(yajl_handle parser, struct err *err)
{
    unsigned char *why = yajl_get_error(parser, 0, NULL, 0);
    const char *text = why != NULL ? (const char *)why : "unknown error";

    err_set(err, ERR_INVALID, "Invalid JSON: %.*s, near byte %zu.", (int)strcspn(text, "\n."), text,
            yajl_get_bytes_consumed(parser));
    if (why != NULL)
        yajl_free_error(parser, why);
    return ERR_INVALID;
}

enum err_code book_json_read(struct text text, enum book_json_manner manner, struct arena *arena,
                             struct book_json *json, struct err *err)
{
    struct reading reading = {.json = json, .manner = manner, .arena = arena};
    yajl_handle parser;
    yajl_status status;
    enum err_code code = ERR_OK;

    *json = (struct book_json){0};
    if (!text_is_utf8(text))
        return err_set(err, ERR_INVALID, "This is not valid UTF-8 text.");
    if (book_json_has_half_character(text))
        return err_set(err, ERR_INVALID, "An escape \\uXXXX is half of a surrogate pair.");
    parser = yajl_alloc(&callbacks, NULL, &reading);
    if (parser == NULL)
        return err_set(err, ERR_INTERNAL, "yajl: no memory");
    status = yajl_parse(parser, (const unsigned char *)text.at, text.len);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    if (reading.is_other)
        code = err_set(err, ERR_INVALID, "Not a JSON object.");
    else if (status != yajl_status_ok)
        code = fail(parser, err);
    yajl_free(parser);
    return code;
}

void book_json_put(yajl_gen json, const struct book *book)
{
    yajl_gen_map_open(json);
    for (int i = 0; i < BOOK_FIELDS; i++) {
        json_put_string(json, book_fields[i].name);
        if (book->field[i].len > 0)
            json_put_text(json, book->field[i]);
        else
            yajl_gen_null(json);
    }
    yajl_gen_map_close(json);
}

void book_json_write(const struct book *book, struct buf *out)
{
    yajl_gen json = json_open(out);

    book_json_put(json, book);
    yajl_gen_free(json);
}
