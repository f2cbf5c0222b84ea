#include "base/fold.h"

#include <stdlib.h>
#include <utf8proc.h>

static const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                                         UTF8PROC_STRIPMARK | UTF8PROC_LUMP | UTF8PROC_IGNORE;

enum { SMALL = 1024 /* characters that fit without an allocation */ };

/* Adds the ASCII bytes at the start of text, folding capitals. Returns how many bytes those are. */
static size_t add_ascii(struct buf *out, struct text text)
{
    char *at = buf_reserve(out, text.len);
    size_t len = 0;

    for (; len < text.len && (unsigned char)text.at[len] < 0x80; len++)
        at[len] = (char)(text.at[len] >= 'A' && text.at[len] <= 'Z' ? text.at[len] - 'A' + 'a' : text.at[len]);
    at[len] = '\0';
    out->len += len;
    return len;
}

/* Replaces typographic quotation marks, which keyboards insert automatically, by ASCII ones. */
static void straighten(utf8proc_int32_t *characters, utf8proc_ssize_t len)
{
    for (utf8proc_ssize_t i = 0; i < len; i++) {
        switch (characters[i]) {
        case 0x00AB: /* angle quotation marks */
        case 0x00BB:
        case 0x201C: /* double: left and right, low, reversed */
        case 0x201D:
        case 0x201E:
        case 0x201F:
            characters[i] = '"';
            break;
        case 0x201A: /* single: low, reversed; utf8proc handles the others */
        case 0x201B:
            characters[i] = '\'';
            break;
        default:
            break;
        }
    }
}

/* Adds text as folded by utf8proc. Returns false, with nothing added, if it is not UTF-8. */
static bool add_any(struct buf *out, struct text text)
{
    utf8proc_int32_t small[SMALL], *characters = small;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.at;
    const utf8proc_ssize_t bytes = (utf8proc_ssize_t)text.len;
    utf8proc_ssize_t len = utf8proc_decompose(at, bytes, characters, SMALL - 1, options);

    if (len >= SMALL) {
        characters = mem_grow(NULL, (size_t)(len + 1) * sizeof *characters);
        len = utf8proc_decompose(at, bytes, characters, len, options);
    }
    straighten(characters, len);
    if (len >= 0) /* encodes the characters as UTF-8 in place and appends a NUL */
        len = utf8proc_reencode(characters, len, options);
    if (len >= 0)
        buf_add(out, characters, (size_t)len);
    if (characters != small)
        free(characters);
    return len >= 0;
}

void fold_add(struct buf *out, struct text text)
{
    const size_t start = out->len;
    struct arena arena = {0};

    if (text.len == 0 || add_ascii(out, text) == text.len)
        return;
    /* The first mark may combine with the ASCII letter before it, so fold the whole text. */
    out->len = start;
    if (!add_any(out, text))
        add_any(out, text_repair(&arena, text));
    arena_free(&arena);
}

struct text fold_text(struct arena *arena, struct text text)
{
    struct buf out = {0};
    struct text folded;

    fold_add(&out, text);
    folded = (struct text){arena_copy(arena, buf_string(&out), out.len), out.len};
    buf_free(&out);
    return folded;
}
