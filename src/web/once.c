#include "web/once.h"

#include "base/limits.h"
#include "people/secret.h"
#include "view/link.h"
#include "web/app.h"

#define HEADER "HTTP_IDEMPOTENCY_KEY"

static bool is_valid(struct text key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] <= ' ' || key.at[i] > '~')
            return false;
    return key.len > 0 && key.len <= LIMIT_KEY_BYTES;
}

/* Takes a key. Responds and returns false if it is not valid. asked: what else tells the request from others. */
static bool take(struct exchange *exchange, struct text key, struct text asked)
{
    const struct request *request = &exchange->request;
    const char *sender;
    struct buf whole = {0};

    if (!is_valid(key)) {
        exchange_problem(
            exchange, 400, "Invalid key",
            arena_format(exchange->arena, "The key of a request is 1 to %d visible ASCII characters.", LIMIT_KEY_BYTES),
            link_home(exchange->arena), "Home");
        return false;
    }
    exchange->once = key;
    sender = arena_format(exchange->arena, "%llu %.*s", (unsigned long long)exchange->person.id, (int)key.len, key.at);
    exchange->key.key = secret_hash(exchange->arena, text_from_cstr(sender));
    request_add_methods(&whole, request->method);
    buf_add_format(&whole, " %.*s\n", (int)request->path.len, request->path.at);
    buf_add(&whole, asked.at, asked.len);
    exchange->key.request = secret_hash(exchange->arena, (struct text){whole.at, whole.len});
    buf_free(&whole);
    return true;
}

/* Returns whether a field is the key, or says where to go afterwards, which may differ when a form is sent again. */
static bool is_aside(struct text name)
{
    return text_equal_string(name, ONCE_FIELD) || text_equal_string(name, "then") || text_equal_string(name, "back") ||
           text_equal_string(name, "to");
}

bool once_take_form(struct exchange *exchange)
{
    const struct parameters *form = &exchange->request.form;
    struct buf fields = {0};
    bool is_taken;

    if (!parameters_has(form, ONCE_FIELD))
        return true;
    for (size_t i = 0; i < form->count; i++) {
        const struct text value = text_trim(form->all[i].value); /* as a form comes back after a failure */

        if (value.len == 0 || is_aside(form->all[i].name))
            continue;
        text_percent_encode(&fields, form->all[i].name);
        buf_add_char(&fields, '=');
        text_percent_encode(&fields, value);
        buf_add_char(&fields, '&');
    }
    is_taken = take(exchange, parameters_get(form, ONCE_FIELD), (struct text){fields.at, fields.len});
    buf_free(&fields);
    return is_taken;
}

/* Parses the header: a string of RFC 8941, in quotation marks, or, as many clients send it, the bare key. */
static struct text key_of_header(struct exchange *exchange, const char *header)
{
    const struct text bare = text_trim(text_from_cstr(header));
    char *key = text_string(exchange->arena, bare);
    size_t len = 0;

    if (bare.len < 2 || bare.at[0] != '"')
        return bare;
    for (size_t i = 1; i < bare.len; i++) {
        if (bare.at[i] == '"')
            return i == bare.len - 1 ? (struct text){key, len} : text_from_cstr("");
        if (bare.at[i] == '\\' && i + 1 < bare.len)
            i++;
        key[len++] = bare.at[i];
    }
    return text_from_cstr("");
}

bool once_take_header(struct exchange *exchange, struct text body)
{
    const char *header = request_header(&exchange->request, HEADER);

    return header == NULL || take(exchange, key_of_header(exchange, header), body);
}

struct text once_key(const struct exchange *exchange)
{
    return exchange->once.len > 0 ? exchange->once : secret_new(exchange->arena);
}

void once_renew(struct exchange *exchange)
{
    exchange->once = text_from_cstr("");
}
