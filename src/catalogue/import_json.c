/* The part of import that reads a book from a JSON object. */
#include <yajl/yajl_parse.h>

#include "catalogue/import_parts.h"

/* An object that is being read. Invariant: once fault is set nothing more is taken. */
struct object {
    struct book *book;
    struct arena *arena;
    enum book_field field; /* whose value comes next */
    int depth;
    bool has[BOOK_FIELDS];
    const char *fault;
};

/* Each returns whether to go on, as yajl has it. */
static int refuse(struct object *object, const char *fault)
{
    object->fault = fault;
    return 0;
}

static int set(struct object *object, const char *at, size_t len)
{
    if (object->depth != 1)
        return refuse(object, "This is not a JSON object.");
    object->book->field[object->field] = (struct text){arena_copy(object->arena, at, len), len};
    object->has[object->field] = true;
    return 1;
}

static int on_null(void *context)
{
    return set(context, "", 0);
}

static int on_number(void *context, const char *at, size_t len)
{
    return set(context, at, len);
}

static int on_string(void *context, const unsigned char *at, size_t len)
{
    return set(context, (const char *)at, len);
}

static int on_key(void *context, const unsigned char *at, size_t len)
{
    struct object *object = context;
    const struct text name = {(const char *)at, len};

    object->field = import_column_of(name);
    if (object->field != BOOK_FIELDS)
        return 1;
    return refuse(object, arena_format(object->arena, "There is no column called \"%.40s\".",
                                       text_string(object->arena, text_repair(object->arena, name))));
}

static int on_start(void *context)
{
    struct object *object = context;

    if (object->depth++ == 0)
        return 1;
    return refuse(object, arena_format(object->arena, "%s: This is an object, where a text belongs.",
                                       book_fields[object->field].name));
}

static int on_end(void *context)
{
    (void)context;
    return 1;
}

static int on_other(struct object *object)
{
    if (object->depth == 0)
        return refuse(object, "This is not a JSON object.");
    return refuse(object, arena_format(object->arena, "%s: This is neither a text nor a number nor null.",
                                       book_fields[object->field].name));
}

static int on_boolean(void *context, int value)
{
    (void)value;
    return on_other(context);
}

static int on_array(void *context)
{
    return on_other(context);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
};

const char *import_json_read(struct text text, bool is_whole, struct book *book, struct arena *arena)
{
    struct object object = {.book = book, .arena = arena};
    yajl_handle parser = yajl_alloc(&callbacks, NULL, &object);
    yajl_status status;

    *book = (struct book){0};
    status = yajl_parse(parser, (const unsigned char *)text.at, text.len);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    yajl_free(parser);
    if (object.fault != NULL)
        return object.fault;
    if (status != yajl_status_ok)
        return "This is not a JSON object in UTF-8.";
    for (int i = 0; i < BOOK_FIELDS && is_whole; i++)
        if (!object.has[i])
            return arena_format(arena, "%s: This is missing; an object that replaces a book needs all of its fields.",
                                book_fields[i].name);
    return NULL;
}
