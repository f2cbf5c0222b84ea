#include "book/edit_json.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

#include "book/book_json.h"

#define NUL_ESCAPE "\\u0000"

enum { SUM_DIGITS = 16, WHY_BYTES = 256 };

/* Returns a member that is a string as a text in arena; a fault if it is something else. */
static const char *read_text(yajl_val value, const char *name, struct arena *arena, struct text *text)
{
    const char *string = YAJL_GET_STRING(value);

    if (string == NULL)
        return arena_format(arena, "%s must be a string.", name);
    *text = (struct text){arena_copy(arena, string, strlen(string)), strlen(string)};
    return NULL;
}

static const char *read_flag(yajl_val value, const char *name, struct arena *arena, bool *flag)
{
    *flag = YAJL_IS_TRUE(value);
    return YAJL_IS_TRUE(value) || YAJL_IS_FALSE(value) ? NULL : arena_format(arena, "%s must be true or false.", name);
}

static const char *read_ids(yajl_val value, struct arena *arena, struct edit_json *json)
{
    const char *fault = NULL;

    json->has_ids = true;
    if (!YAJL_IS_ARRAY(value) || value->u.array.len == 0 || value->u.array.len > LIMIT_EDIT_IDS)
        return arena_format(arena, "ids must be an array of 1 to %d IDs.", LIMIT_EDIT_IDS);
    for (size_t i = 0; fault == NULL && i < value->u.array.len; i++)
        fault = read_text(value->u.array.values[i], "An ID", arena, &json->ids[json->id_count++]);
    return fault;
}

static const char *read_sum(yajl_val value, struct arena *arena, struct edit_json *json)
{
    struct text text = {"", 0};
    const char *fault = read_text(value, "sum", arena, &text);

    if (fault != NULL)
        return fault;
    json->has_sum = true;
    json->sum = strtoull(text.at, NULL, 16);
    return text.len == SUM_DIGITS && strspn(text.at, "0123456789abcdef") == SUM_DIGITS
               ? NULL
               : "sum must be that of a dry run.";
}

static const char *read_field(yajl_val value, struct arena *arena, struct edit *edit)
{
    struct text name = {"", 0};
    const char *fault = read_text(value, "field", arena, &name);

    edit->field = BOOK_ID;
    while (fault == NULL && edit->field < BOOK_FIELDS && !text_equal_string(name, book_fields[edit->field].name))
        edit->field++;
    return fault;
}

static const char *read_what(yajl_val value, struct arena *arena, struct edit *edit)
{
    struct text name = {"", 0};
    const char *fault = read_text(value, "what", arena, &name);

    if (fault == NULL && (!edit_kind_read(name, &edit->kind) || edit->kind == EDIT_UNDO))
        fault = "what must be set, clear, replace or delete.";
    return fault;
}

/* The members, each with a bit for whether it is there. */
enum { WHAT = 1, FIELD = 2, OLD = 4, NEW = 8 };

static const char *read_member(const char *name, yajl_val value, struct arena *arena, struct edit_json *json,
                               unsigned *given)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {{"what", WHAT}, {"field", FIELD}, {"old", OLD}, {"new", NEW}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        *given |= strcmp(name, names[i].name) == 0 ? names[i].bit : 0;
    if (strcmp(name, "what") == 0)
        return read_what(value, arena, &json->edit);
    if (strcmp(name, "field") == 0)
        return read_field(value, arena, &json->edit);
    if (strcmp(name, "old") == 0)
        return read_text(value, name, arena, &json->edit.old_text);
    if (strcmp(name, "new") == 0)
        return read_text(value, name, arena, &json->edit.new_text);
    if (strcmp(name, "ids") == 0)
        return read_ids(value, arena, json);
    if (strcmp(name, "all") == 0)
        return read_flag(value, name, arena, &json->is_all);
    if (strcmp(name, "dry_run") == 0)
        return read_flag(value, name, arena, &json->is_trial);
    if (strcmp(name, "sum") == 0)
        return read_sum(value, arena, json);
    return "Known members are what, field, old, new, ids, all, dry_run and sum.";
}

/* Returns what is wrong with the members that are there, or NULL. */
static const char *check_members(struct edit_json *json, unsigned given, struct arena *arena)
{
    static const unsigned needed[] = {[EDIT_SET] = WHAT | FIELD | NEW,
                                      [EDIT_CLEAR] = WHAT | FIELD,
                                      [EDIT_REPLACE] = WHAT | FIELD | OLD | NEW,
                                      [EDIT_DELETE] = WHAT};

    if ((given & WHAT) == 0)
        return "what is missing.";
    if (given != needed[json->edit.kind])
        return "set needs field and new, clear needs field, replace needs field, old and new, delete none of them.";
    return edit_check(&json->edit, arena);
}

static const char *read_object(yajl_val object, struct arena *arena, struct edit_json *json)
{
    const char *fault = NULL;
    unsigned given = 0;

    if (!YAJL_IS_OBJECT(object))
        return "Not a JSON object.";
    for (size_t i = 0; fault == NULL && i < object->u.object.len; i++) {
        for (size_t earlier = 0; fault == NULL && earlier < i; earlier++)
            if (strcmp(object->u.object.keys[earlier], object->u.object.keys[i]) == 0)
                fault = "A member occurs twice.";
        if (fault == NULL)
            fault = read_member(object->u.object.keys[i], object->u.object.values[i], arena, json, &given);
    }
    return fault != NULL ? fault : check_members(json, given, arena);
}

enum err_code edit_json_read(struct text text, struct arena *arena, struct edit_json *json, struct err *err)
{
    char why[WHY_BYTES] = "";
    yajl_val object;
    const char *fault;

    *json = (struct edit_json){0};
    if (!text_is_utf8(text) || (text.len > 0 && memchr(text.at, '\0', text.len) != NULL))
        return err_set(err, ERR_INVALID, "This is not valid UTF-8 text.");
    if (book_json_has_half_character(text))
        return err_set(err, ERR_INVALID, "An escape \\uXXXX is half of a surrogate pair.");
    if (text.len > 0 &&
        memmem(text.at, text.len, NUL_ESCAPE, strlen(NUL_ESCAPE)) != NULL) /* the tree would end there */
        return err_set(err, ERR_INVALID, "A text may only have printable characters.");
    object = yajl_tree_parse(text_string(arena, text), why, sizeof why);
    if (object == NULL)
        return err_set(err, ERR_INVALID, "Invalid JSON.");
    fault = read_object(object, arena, json);
    yajl_tree_free(object);
    return fault == NULL ? ERR_OK : err_set(err, ERR_INVALID, "%s", fault);
}
