#include "book/edit.h"

#include <string.h>

static const char *const kinds[] = {[EDIT_SET] = "set",
                                    [EDIT_CLEAR] = "clear",
                                    [EDIT_REPLACE] = "replace",
                                    [EDIT_DELETE] = "delete",
                                    [EDIT_UNDO] = "undo"};

const char *edit_kind_name(enum edit_kind kind)
{
    return kinds[kind];
}

bool edit_kind_read(struct text name, enum edit_kind *kind)
{
    for (int i = EDIT_SET; i <= EDIT_UNDO; i++) {
        *kind = (enum edit_kind)i;
        if (text_equal_string(name, kinds[i]))
            return true;
    }
    return false;
}

const char *edit_state_name(enum edit_state state)
{
    static const char *const states[] = {[EDIT_RUNNING] = "running", [EDIT_DONE] = "done", [EDIT_STOPPED] = "stopped"};

    return states[state];
}

enum change_op edit_op(const struct edit *edit)
{
    if (edit->kind == EDIT_DELETE)
        return CHANGE_DELETE;
    if (edit->kind != EDIT_UNDO || edit->undone_op == CHANGE_UPDATE)
        return CHANGE_UPDATE;
    return edit->undone_op == CHANGE_ADD ? CHANGE_DELETE : CHANGE_ADD;
}

/* Checks the value that an edit gives a field. */
static const char *check_value(struct edit *edit, struct arena *arena)
{
    struct book book = {.field[BOOK_ID] = {"x", 1}, .field[BOOK_TITLE] = {"x", 1}};
    struct book_faults faults;

    book.field[edit->field] = edit->new_text;
    book_check(&book, &faults, arena);
    edit->new_text = book.field[edit->field];
    if (faults.text[edit->field] == NULL)
        return edit->new_text.len == 0 && edit->kind == EDIT_SET ? "The new value is missing." : NULL;
    return arena_format(arena, "%s: %s", book_fields[edit->field].label, faults.text[edit->field]);
}

/* Checks the two texts of a replacement. */
static const char *check_texts(const struct edit *edit, struct arena *arena)
{
    const struct text *texts[] = {&edit->old_text, &edit->new_text};

    if (book_fields[edit->field].type != BOOK_TEXT)
        return "A text can be replaced in a field of text only.";
    if (edit->old_text.len == 0)
        return "The text to be replaced is missing.";
    for (int i = 0; i < 2; i++) {
        size_t characters = 0;

        if (text_check(*texts[i], &characters) != TEXT_FINE)
            return "A text may only have printable characters in UTF-8.";
        if (characters > book_fields[edit->field].longest)
            return arena_format(arena, "A text for %s may have at most %zu characters.", book_fields[edit->field].label,
                                book_fields[edit->field].longest);
    }
    return NULL;
}

const char *edit_check(struct edit *edit, struct arena *arena)
{
    if (edit->kind == EDIT_DELETE || edit->kind == EDIT_UNDO)
        return NULL;
    if (edit->field == BOOK_ID)
        return "The ID of a book never changes.";
    if (edit->field >= BOOK_FIELDS)
        return "There is no such field.";
    if (edit->kind == EDIT_REPLACE)
        return check_texts(edit, arena);
    if (edit->kind == EDIT_CLEAR)
        edit->new_text = (struct text){"", 0};
    return check_value(edit, arena);
}

/* Returns text with each occurrence of edit->old_text replaced, in arena; text itself if there is none. */
static struct text replace(const struct edit *edit, struct text text, struct arena *arena)
{
    struct buf out = {0};
    struct text result = text;
    const char *at = text.at, *end = at + text.len, *found;

    if (text.len == 0 || edit->old_text.len == 0)
        return text;
    while ((found = memmem(at, (size_t)(end - at), edit->old_text.at, edit->old_text.len)) != NULL) {
        buf_add(&out, at, (size_t)(found - at));
        buf_add(&out, edit->new_text.at, edit->new_text.len);
        at = found + edit->old_text.len;
    }
    if (at != text.at) {
        buf_add(&out, at, (size_t)(end - at));
        result = (struct text){arena_copy(arena, buf_string(&out), out.len), out.len};
    }
    buf_free(&out);
    return result;
}

void edit_apply(const struct edit *edit, const struct book *before, struct book *after, struct arena *arena)
{
    struct text *field = &after->field[edit->field];

    *after = *before;
    if (edit->kind == EDIT_REPLACE)
        *field = text_trim(replace(edit, *field, arena));
    else
        *field = edit->new_text;
}

/* Returns a text as one displayable line, NUL-terminated. */
static const char *shown(struct text text, struct arena *arena)
{
    return text_string(arena, text_line(arena, text));
}

const char *edit_words(const struct edit *edit, struct arena *arena)
{
    const char *label = edit->field < BOOK_FIELDS ? book_fields[edit->field].label : "";

    switch (edit->kind) {
    case EDIT_SET:
        return arena_format(arena, "%s set to “%s”", label, shown(edit->new_text, arena));
    case EDIT_CLEAR:
        return arena_format(arena, "%s cleared", label);
    case EDIT_REPLACE:
        return arena_format(arena, "“%s” replaced by “%s” in %s", shown(edit->old_text, arena),
                            shown(edit->new_text, arena), label);
    case EDIT_DELETE:
        return "Deleted";
    case EDIT_UNDO:
        break;
    }
    return arena_format(arena, "Edit %llu undone", (unsigned long long)edit->undoes);
}
