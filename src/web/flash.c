#include "web/flash.h"

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

/* The cookie is "kind.undo.ID", the ID percent-encoded. */
void flash_give(struct exchange *exchange, const char *kind, struct text id, uint64_t undo)
{
    struct buf encoded = {0};

    text_percent_encode(&encoded, id);
    set_cookie(exchange,
               arena_format(exchange->arena, "%s.%llu.%s", kind, (unsigned long long)undo, buf_string(&encoded)),
               SHOWN_WITHIN_S);
    buf_free(&encoded);
}

bool flash_is_due(const struct exchange *exchange)
{
    return request_cookie(&exchange->request, COOKIE).len > 0;
}

void flash_take(struct exchange *exchange, struct html_frame *frame)
{
    struct text cookie = request_cookie(&exchange->request, COOKIE), kind, undo, id;

    if (cookie.len == 0 || exchange->request.method == METHOD_HEAD)
        return;
    set_cookie(exchange, "", 0);
    kind = text_split(&cookie, '.');
    undo = text_split(&cookie, '.');
    id = text_percent_decode(exchange->arena, cookie, false);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!text_equal_string(kind, kinds[i]) || !text_is_number(undo) || !book_id_valid(id))
            continue;
        frame->flash = kinds[i];
        frame->flash_id = id;
        frame->flash_undo = text_number(undo);
    }
}
