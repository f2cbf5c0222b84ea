#include "book/book_id.h"

#include <utf8proc.h>

#include "base/buf.h"

enum { INITIALS = 4 };

static bool is_initial(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

/* Appends the first letters of the words. */
static void add_initials(struct buf *out, struct text title)
{
    bool between_words = true;
    int initials = 0;

    while (title.len > 0 && initials < INITIALS) {
        const size_t space = text_space(title);
        utf8proc_int32_t c;
        const utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)title.at, (utf8proc_ssize_t)title.len, &c);

        if (len <= 0) /* not UTF-8 */
            return;
        if (space > 0) {
            between_words = true;
        } else if (between_words && is_initial(c)) {
            buf_add(out, title.at, (size_t)len);
            between_words = false;
            initials++;
        }
        title = (struct text){title.at + len, title.len - (size_t)len};
    }
}

struct text book_id_make(struct arena *arena, struct text title, uint64_t random)
{
    struct buf id = {0};
    struct text copy;

    add_initials(&id, title);
    buf_add_format(&id, "%d-%d", 100 + (int)(random % 900), 10000 + (int)(random / 900 % 90000));
    copy = text_copy(arena, (struct text){id.at, id.len});
    buf_free(&id);
    return copy;
}
