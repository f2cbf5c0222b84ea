#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"

/* Puts a value unless it is NULL. */
static void put_optional(struct values *values, HDF *node, const char *name, const char *value)
{
    if (value != NULL)
        values_put(values, node, name, value);
}

enum err_code html_sign_in(struct html *html, const struct html_frame *frame, const struct html_sign_in *sign_in,
                           struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "SignIn");
    values_put_text(&values, node, "Name", text_repair(frame->arena, sign_in->name));
    values_put(&values, node, "To", sign_in->to);
    put_optional(&values, node, "Error", sign_in->error);
    return values_render(&values, html, "signin.cs", out, err);
}

enum err_code html_invitation(struct html *html, const struct html_frame *frame,
                              const struct html_invitation *invitation, struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Invitation");
    values_put_text(&values, node, "Name", invitation->name);
    values_put_text(&values, node, "Key", text_repair(frame->arena, invitation->secret));
    values_put_number(&values, node, "Least", LIMIT_PASSWORD_LEAST);
    put_optional(&values, node, "Error", invitation->error);
    return values_render(&values, html, "invitation.cs", out, err);
}

enum err_code html_account(struct html *html, const struct html_frame *frame, const struct html_account *account,
                           struct buf *out, struct err *err)
{
    struct values values;
    HDF *node, *sessions;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Account");
    values_put(&values, node, "Role", role_name(account->person->role));
    values_put_number(&values, node, "Least", LIMIT_PASSWORD_LEAST);
    put_optional(&values, node, "Error", account->error);
    values_put(&values, node, "Users", link_users(frame->arena));
    if (account->sessions->count > 1)
        values_put(&values, node, "HasOthers", "1");
    sessions = values_child(&values, node, "Sessions");
    for (size_t i = 0; i < account->sessions->count; i++) {
        const struct session *session = &account->sessions->all[i];
        HDF *row = values_element(&values, sessions, i);

        values_put_number(&values, row, "Key", session->key);
        values_put_text(&values, row, "About", session->about);
        values_put_text(&values, row, "MadeAt", session->made_at);
        values_put_text(&values, row, "UsedAt", session->used_at);
        if (session->key == account->person->key)
            values_put(&values, row, "Current", "1");
    }
    return values_render(&values, html, "account.cs", out, err);
}

enum err_code html_users(struct html *html, const struct html_frame *frame, const struct html_users *users,
                         struct buf *out, struct err *err)
{
    struct values values;
    HDF *node, *list;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Users");
    values_put_text(&values, node, "Name", text_repair(frame->arena, users->name));
    put_optional(&values, node, "Error", users->error);
    list = values_child(&values, node, "List");
    for (size_t i = 0; i < users->list->count; i++) {
        const struct person *person = &users->list->all[i];
        HDF *row = values_element(&values, list, i);

        values_put_text(&values, row, "Name", person->name);
        values_put(&values, row, "URL", link_user(frame->arena, person->name));
        values_put(&values, row, "Role", role_name(person->role));
        if (person->has_password)
            values_put(&values, row, "HasPassword", "1");
    }
    return values_render(&values, html, "users.cs", out, err);
}

enum err_code html_user(struct html *html, const struct html_frame *frame, const struct html_user *user,
                        struct buf *out, struct err *err)
{
    struct values values;
    HDF *node;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "User");
    values_put_text(&values, node, "Name", user->person->name);
    values_put(&values, node, "Action", link_user(frame->arena, user->person->name));
    values_put(&values, node, "Role", role_name(user->person->role));
    values_put_text(&values, node, "MadeAt", user->person->made_at);
    values_put(&values, node, "Users", link_users(frame->arena));
    values_put_number(&values, node, "Days", LIMIT_INVITATION_S / 86400);
    if (user->person->has_password)
        values_put(&values, node, "HasPassword", "1");
    if (user->is_viewer)
        values_put(&values, node, "IsViewer", "1");
    put_optional(&values, node, "Invitation", user->invitation);
    return values_render(&values, html, "user.cs", out, err);
}
