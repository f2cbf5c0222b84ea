#include "view/html_parts.h"

#include <stdio.h>

#include "view/link.h"
#include "view/static.inc"

void values_put(struct values *values, HDF *node, const char *name, const char *value)
{
    if (values->error == STATUS_OK)
        values->error = hdf_set_value(node, name, value);
}

void values_put_text(struct values *values, HDF *node, const char *name, struct text text)
{
    values_put(values, node, name, text_string(values->arena, text));
}

void values_put_number(struct values *values, HDF *node, const char *name, uint64_t number)
{
    values_put(values, node, name, arena_format(values->arena, "%llu", (unsigned long long)number));
}

void values_put_grouped(struct values *values, HDF *node, const char *name, uint64_t number)
{
    char digits[32], grouped[48];
    size_t out = 0;
    const int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            grouped[out++] = ',';
        grouped[out++] = digits[i];
    }
    grouped[out] = '\0';
    values_put(values, node, name, grouped);
}

HDF *values_child(struct values *values, HDF *node, const char *name)
{
    HDF *found = NULL;

    if (values->error == STATUS_OK)
        values->error = hdf_get_node(node, name, &found);
    return found;
}

HDF *values_element(struct values *values, HDF *list, size_t index)
{
    char name[24];

    snprintf(name, sizeof name, "%zu", index);
    return values_child(values, list, name);
}

void values_begin(struct values *values, const struct html_frame *frame, struct text search)
{
    *values = (struct values){.arena = frame->arena};
    values->error = hdf_init(&values->hdf);
    values_put(values, values->hdf, "Page.Title", frame->title);
    if (frame->description != NULL)
        values_put(values, values->hdf, "Page.Description", frame->description);
    values_put(values, values->hdf, "Page.Nav", frame->nav);
    values_put(values, values->hdf, "Page.Base", link_base());
    values_put(values, values->hdf, "Page.Static", link_path(frame->arena, STATIC_FOLDER));
    values_put_text(values, values->hdf, "Page.Search", search);
    if (frame->role >= ROLE_EDITOR)
        values_put(values, values->hdf, "Page.Edits", "1");
    if (frame->role >= ROLE_ADMIN)
        values_put(values, values->hdf, "Page.Admin", "1");
    if (frame->is_open)
        values_put(values, values->hdf, "Page.Open", "1");
    if (frame->person.len > 0)
        values_put_text(values, values->hdf, "Page.Person", frame->person);
    if (frame->key.len > 0 && frame->role >= ROLE_EDITOR)
        values_put_text(values, values->hdf, "Page.Key", frame->key);
    if (frame->has_accounts && frame->person.len > 0)
        values_put(values, values->hdf, "Page.Account", link_account(frame->arena));
    else if (frame->has_accounts && !frame->is_unsure)
        values_put(values, values->hdf, "Page.SignIn", link_sign_in(frame->arena, frame->place));
    if (frame->flash != NULL) {
        values_put(values, values->hdf, "Flash.Kind", frame->flash);
        values_put_text(values, values->hdf, "Flash.ID", frame->flash_id);
        values_put(values, values->hdf, "Flash.URL", link_book_page(frame->arena, frame->flash_id));
        if (frame->flash_undo > 0 && frame->role >= ROLE_EDITOR) {
            values_put(values, values->hdf, "Flash.Undo", link_restore(frame->arena, frame->flash_id));
            values_put_number(values, values->hdf, "Flash.Version", frame->flash_undo);
            values_put_text(values, values->hdf, "Flash.To", frame->place);
        }
    }
}

void values_put_preview(struct values *values, const char *link)
{
    if (*link_site() == '\0')
        return;
    values_put(values, values->hdf, "Page.URL", arena_format(values->arena, "%s%s", link_site(), link));
    values_put(values, values->hdf, "Page.Site", link_site());
}

enum err_code values_render(struct values *values, struct html *html, const char *name, struct buf *out,
                            struct err *err)
{
    enum err_code code = values->error == STATUS_OK ? templates_render(html->templates, name, values->hdf, out, err)
                                                    : template_error(values->error, name, err);

    hdf_destroy(&values->hdf);
    return code;
}
