#include "base/text.h"

#include <string.h>
#include <strings.h>
#include <utf8proc.h>

struct text text_from_cstr(const char *s)
{
    return (struct text){s, s != NULL ? strlen(s) : 0};
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_equal_string(struct text a, const char *b)
{
    return text_equal(a, text_from_cstr(b));
}

bool text_equal_caseless(struct text a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.at, b, a.len) == 0;
}

struct text text_copy(struct arena *arena, struct text text)
{
    return (struct text){arena_copy(arena, text.at, text.len), text.len};
}

int text_compare(struct text a, struct text b)
{
    const size_t least = a.len < b.len ? a.len : b.len;
    const int order = least > 0 ? memcmp(a.at, b.at, least) : 0;

    return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len;
}

char *text_string(struct arena *arena, struct text text)
{
    return arena_copy(arena, text.at, text.len);
}

uint64_t text_number(struct text text)
{
    uint64_t number = 0;

    for (size_t i = 0; i < text.len && i < 18 && text.at[i] >= '0' && text.at[i] <= '9'; i++)
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    return number;
}

bool text_is_number(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len > 0 && text.len <= 18;
}

/*
 * Decodes the character at the start of text. Returns its length in bytes, 0 at the end, -1 if it is not valid UTF-8.
 */
static int next_character(struct text text, utf8proc_int32_t *character)
{
    utf8proc_ssize_t len;

    if (text.len == 0)
        return 0;
    len = utf8proc_iterate((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, character);
    return len > 0 ? (int)len : -1;
}

enum text_fault text_check(struct text text, size_t *characters)
{
    utf8proc_int32_t c = 0;
    int len;

    *characters = 0;
    while ((len = next_character(text, &c)) > 0) {
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_CC)
            return TEXT_CONTROL_CHARACTER;
        text.at += len;
        text.len -= (size_t)len;
        ++*characters;
    }
    return len < 0 ? TEXT_NOT_UTF8 : TEXT_FINE;
}

bool text_is_visible(struct text text)
{
    utf8proc_int32_t c = 0;
    bool is_first = true;
    int len;

    while ((len = next_character(text, &c)) > 0) {
        switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return false;
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
            if (is_first)
                return false;
            break;
        default:
            break;
        }
        if (utf8proc_get_property(c)->ignorable)
            return false;
        is_first = false;
        text.at += len;
        text.len -= (size_t)len;
    }
    return len == 0;
}

bool text_is_utf8(struct text text)
{
    utf8proc_int32_t c;

    while (text.len > 0) {
        const int len = (unsigned char)*text.at < 0x80 ? 1 : next_character(text, &c);

        if (len < 0)
            return false;
        text.at += len;
        text.len -= (size_t)len;
    }
    return true;
}

struct text text_repair(struct arena *arena, struct text text)
{
    struct buf out = {0};
    struct text result;
    utf8proc_int32_t c = 0;

    if (text_is_utf8(text) && (text.len == 0 || memchr(text.at, '\0', text.len) == NULL))
        return text;
    while (text.len > 0) {
        const int len = next_character(text, &c);

        if (len > 0 && c != 0)
            buf_add(&out, text.at, (size_t)len);
        else
            buf_add_string(&out, "\xEF\xBF\xBD");
        text.at += len > 0 ? len : 1;
        text.len -= len > 0 ? (size_t)len : 1;
    }
    result = (struct text){arena_copy(arena, out.at, out.len), out.len};
    buf_free(&out);
    return result;
}

static bool is_of_xml(utf8proc_int32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

void text_add_xml(struct buf *out, struct text text)
{
    utf8proc_int32_t c = 0;

    while (text.len > 0) {
        const int len = next_character(text, &c);

        if (len > 0 && is_of_xml(c))
            buf_add(out, text.at, (size_t)len);
        else
            buf_add_string(out, "\xEF\xBF\xBD");
        text.at += len > 0 ? len : 1;
        text.len -= len > 0 ? (size_t)len : 1;
    }
}

static bool is_space(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    }
}

struct text text_line(struct arena *arena, struct text text)
{
    struct buf out = {0};
    struct text result;
    size_t characters;
    utf8proc_int32_t c = 0;

    if (text_check(text, &characters) == TEXT_FINE)
        return text;
    text = text_repair(arena, text);
    while (text.len > 0) {
        const int len = next_character(text, &c);

        if (utf8proc_category(c) != UTF8PROC_CATEGORY_CC)
            buf_add(&out, text.at, (size_t)len);
        else
            buf_add_string(&out, is_space(c) ? " " : "\xEF\xBF\xBD");
        text.at += len;
        text.len -= (size_t)len;
    }
    result = (struct text){arena_copy(arena, out.at, out.len), out.len};
    buf_free(&out);
    return result;
}

size_t text_space(struct text text)
{
    utf8proc_int32_t c = 0;
    const int len = next_character(text, &c);

    return len > 0 && is_space(c) ? (size_t)len : 0;
}

struct text text_trim(struct text text)
{
    utf8proc_int32_t c = 0;
    int len;

    while ((len = next_character(text, &c)) > 0 && is_space(c)) {
        text.at += len;
        text.len -= (size_t)len;
    }
    while (text.len > 0) {
        size_t start = text.len - 1;

        while (start > 0 && ((unsigned char)text.at[start] & 0xC0) == 0x80)
            start--;
        len = next_character((struct text){text.at + start, text.len - start}, &c);
        if (len <= 0 || start + (size_t)len != text.len || !is_space(c))
            break;
        text.len = start;
    }
    return text;
}

/* Returns whether a byte needs no encoding in a URL (RFC 3986, section 2.3). */
static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void text_percent_encode(struct buf *buf, struct text text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = buf_reserve(buf, text.len * 3);
    char *const start = at;

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        if (is_unreserved(c)) {
            *at++ = (char)c;
        } else {
            *at++ = '%';
            *at++ = digits[c >> 4];
            *at++ = digits[c & 15];
        }
    }
    buf->len += (size_t)(at - start);
    *at = '\0';
}

/* Returns the value of a hexadecimal digit, or -1. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

struct text text_percent_decode(struct arena *arena, struct text text, bool plus)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == '%' && i + 2 < text.len && hex_value(text.at[i + 1]) >= 0 && hex_value(text.at[i + 2]) >= 0) {
            c = (char)(hex_value(text.at[i + 1]) * 16 + hex_value(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[len++] = c;
    }
    out[len] = '\0';
    return (struct text){out, len};
}

struct text text_split(struct text *rest, char c)
{
    const char *found = rest->len > 0 ? memchr(rest->at, c, rest->len) : NULL;
    const struct text part = {rest->at, found != NULL ? (size_t)(found - rest->at) : rest->len};

    *rest = found != NULL ? (struct text){found + 1, rest->len - part.len - 1} : (struct text){"", 0};
    return part;
}
