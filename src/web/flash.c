#include "web/flash.h"

#include <string.h>

#include "book/book.h"
#include "view/link.h"
#include "web/app.h"

#define COOKIE "bookshare_flash"

enum { SHOWN_WITHIN_S = 60 };

static const char *const kinds[] = {"added", "updated", "merged", "deleted", "restored"};

static void set_cookie(struct exchange *exchange, const char *value, int seconds)
{
    response_header(exchange->response, "Set-Cookie", COOKIE "=%s; Max-Age=%d; Path=%s; HttpOnly; SameSite=Strict",
                    value, seconds, link_cookie_path());
}

void flash_give(struct exchange *exchange, const char *kind, struct text id)
{
    struct buf encoded = {0};

    text_percent_encode(&encoded, id);
    set_cookie(exchange, arena_format(exchange->arena, "%s.%s", kind, buf_string(&encoded)), SHOWN_WITHIN_S);
    buf_free(&encoded);
}

bool flash_is_due(const struct exchange *exchange)
{
    return request_cookie(&exchange->request, COOKIE).len > 0;
}

void flash_take(struct exchange *exchange, const char **kind, struct text *id)
{
    const struct text cookie = request_cookie(&exchange->request, COOKIE);

    *kind = NULL;
    if (cookie.len == 0 || exchange->request.method == METHOD_HEAD)
        return;
    set_cookie(exchange, "", 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t len = strlen(kinds[i]);

        if (cookie.len <= len || memcmp(cookie.at, kinds[i], len) != 0 || cookie.at[len] != '.')
            continue;
        *id = text_percent_decode(exchange->arena, (struct text){cookie.at + len + 1, cookie.len - len - 1}, false);
        if (book_id_valid(*id))
            *kind = kinds[i];
    }
}
