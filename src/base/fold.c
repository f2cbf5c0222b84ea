#include "base/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/fold_table.h"
#include "base/hash.h"

static const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                                         UTF8PROC_STRIPMARK | UTF8PROC_LUMP | UTF8PROC_IGNORE;

enum {
    ALGORITHM = 4, /* version of this file and of its table */
    SMALL = 1024   /* characters that fit without an allocation */
};

uint32_t fold_version(void)
{
    const char *const library = utf8proc_version();
    const uint32_t algorithm = ALGORITHM;

    return (uint32_t)hash_bytes(hash_bytes(0, &algorithm, sizeof algorithm), library, strlen(library));
}

/* ---- Characters */

static char lower(char c)
{
    return (char)((unsigned char)(c - 'A') < 26 ? c + ('a' - 'A') : c);
}

/* Whether a character is removed next to a letter or digit. */
static bool is_joint(char c)
{
    return c == '.' || c == '\'' || c == '-';
}

/* Bytes that are folded at once. */
typedef unsigned char block __attribute__((vector_size(8)));

/* Returns a byte that is not 0 for each joint. */
static block joints_of(block bytes)
{
    return (block)(bytes == '.') | (block)(bytes == '\'') | (block)(bytes == '-');
}

/* What add_ascii() has seen. */
struct seen {
    bool is_ascii, has_joint;
};

/* Folds the capitals of a block. Adds its bytes to bits, and its joints, as bytes that are not 0, to joints. */
static void fold_block(char *to, const char *from, block *bits, block *joints)
{
    block bytes;

    memcpy(&bytes, from, sizeof bytes);
    *bits |= bytes;
    *joints |= joints_of(bytes);
    bytes += (block)(bytes - 'A' < 26) & ('a' - 'A');
    memcpy(to, &bytes, sizeof bytes);
}

/* Adds text with its capitals folded, if all of it is ASCII. Else adds nothing. */
static struct seen add_ascii(struct buf *out, struct text text)
{
    static const uint64_t high_bits = 0x8080808080808080;
    char *to = buf_reserve(out, text.len);
    block bits = {0}, joints = {0};
    uint64_t all_bits, all_joints;
    size_t i = 0;

    for (; i + sizeof(block) <= text.len; i += sizeof(block))
        fold_block(to + i, text.at + i, &bits, &joints);
    if (i > 0 && i < text.len) { /* the last block overlaps the one before it */
        i = text.len - sizeof(block);
        fold_block(to + i, text.at + i, &bits, &joints);
        i = text.len;
    }
    memcpy(&all_bits, &bits, sizeof all_bits);
    memcpy(&all_joints, &joints, sizeof all_joints);
    for (; i < text.len; i++) {
        all_bits |= (unsigned char)text.at[i];
        all_joints |= is_joint(text.at[i]);
        to[i] = lower(text.at[i]);
    }
    if ((all_bits & high_bits) == 0)
        out->len += text.len;
    out->at[out->len] = '\0';
    return (struct seen){(all_bits & high_bits) == 0, all_joints != 0};
}

/* Reads the first character before end. Returns its length in bytes, which is not above 0 if it is not UTF-8. */
static utf8proc_ssize_t next_character(const utf8proc_uint8_t *at, const utf8proc_uint8_t *end, utf8proc_int32_t *c)
{
    /* The usual ones here, the others in utf8proc. */
    if (end - at >= 2 && at[0] >= 0xC2 && at[0] <= 0xDF && (at[1] & 0xC0) == 0x80) {
        *c = (at[0] & 0x1F) << 6 | (at[1] & 0x3F);
        return 2;
    }
    if (end - at >= 3 && at[0] >= 0xE1 && at[0] <= 0xEC && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
        *c = (at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        return 3;
    }
    return utf8proc_iterate(at, end - at, c);
}

/*
 * Adds text with the characters of the table replaced and ASCII capitals folded. Returns false, with nothing added, if
 * it is not UTF-8. Sets *is_done to whether there were no other characters, so that what was added is folded.
 */
static bool add_replaced(struct buf *out, struct text text, bool *is_done)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.at;
    const utf8proc_uint8_t *const end = at + text.len;
    char *to = buf_reserve(out, text.len * FOLD_TABLE_GROWTH);
    utf8proc_int32_t c;

    *is_done = true;
    while (at < end) {
        const char *replacement;
        utf8proc_ssize_t len;

        if (*at < 0x80) {
            *to++ = lower((char)*at++);
            continue;
        }
        len = next_character(at, end, &c);
        if (len <= 0)
            return false;
        replacement = fold_table_find((uint32_t)c);
        if (replacement != NULL) {
            while (*replacement != '\0')
                *to++ = *replacement++;
        } else {
            *is_done = false;
            memcpy(to, at, (size_t)len);
            to += len;
        }
        at += len;
    }
    *to = '\0';
    out->len = (size_t)(to - out->at);
    return true;
}

/* Folds what was added to out since start with utf8proc. It is UTF-8. */
static void fold_added(struct buf *out, size_t start)
{
    utf8proc_int32_t small[SMALL], *characters = small;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)out->at + start;
    const utf8proc_ssize_t bytes = (utf8proc_ssize_t)(out->len - start);
    utf8proc_ssize_t len = utf8proc_decompose(at, bytes, characters, SMALL - 1, options);

    if (len >= SMALL) {
        characters = mem_grow(NULL, (size_t)(len + 1) * sizeof *characters);
        len = utf8proc_decompose(at, bytes, characters, len, options);
    }
    if (len >= 0) /* encodes the characters as UTF-8 in place and appends a NUL */
        len = utf8proc_reencode(characters, len, options);
    out->len = start;
    if (len >= 0)
        buf_add(out, characters, (size_t)len);
    if (characters != small)
        free(characters);
}

/* Adds text, which is not all ASCII, character by character. Returns false, with nothing added, if it is not UTF-8. */
static bool add_any(struct buf *out, struct text text)
{
    const size_t start = out->len;
    bool is_done;

    if (!add_replaced(out, text, &is_done))
        return false;
    if (!is_done)
        fold_added(out, start);
    return true;
}

static struct seen add_characters(struct buf *out, struct text text)
{
    const struct seen seen = add_ascii(out, text);
    struct arena arena = {0};

    if (!seen.is_ascii && !add_any(out, text)) {
        add_any(out, text_repair(&arena, text));
        arena_free(&arena);
    }
    return seen;
}

void fold_characters(struct buf *out, struct text text)
{
    if (text.len > 0)
        add_characters(out, text);
}

/* ---- Characters and their neighbours */

enum neighbour { OTHER, LETTER /* or digit */, JAMO };

/*
 * Tells the kind of a character. Jamo (of Hangul, and since Unicode 16 of Kirat Rai) are of their own: if a mark
 * between two of them were removed, they could compose when they are folded again.
 */
static enum neighbour kind_of(utf8proc_int32_t c)
{
    const utf8proc_property_t *property;

    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? LETTER : OTHER;
    property = utf8proc_get_property(c);
    if (property->boundclass == UTF8PROC_BOUNDCLASS_L || property->boundclass == UTF8PROC_BOUNDCLASS_V ||
        property->boundclass == UTF8PROC_BOUNDCLASS_T)
        return JAMO;
    switch (property->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return LETTER;
    default:
        return OTHER;
    }
}

static enum neighbour first_of(const char *text, size_t len)
{
    utf8proc_int32_t c;

    if (len > 0 && (unsigned char)*text < 0x80)
        return kind_of(*text);
    return len > 0 && utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &c) > 0 ? kind_of(c)
                                                                                                      : OTHER;
}

static enum neighbour last_of(const char *text, size_t len)
{
    size_t start = len;

    while (start > 0 && ((unsigned char)text[--start] & 0xC0) == 0x80)
        continue;
    return first_of(text + start, len - start);
}

/* Returns whether the joints between `before` bytes of text, and what follows, are removed. */
static bool is_joined(const char *text, size_t before, const char *after, size_t after_len)
{
    const enum neighbour left = last_of(text, before), right = first_of(after, after_len);

    return (left == LETTER || right == LETTER) && left != JAMO && right != JAMO;
}

/* Returns how many bytes of text precede its first joint; len if there is none. */
static size_t before_joint(const char *text, size_t len)
{
    size_t i = 0;

    for (; i + sizeof(block) <= len; i += sizeof(block)) {
        block bytes;
        uint64_t found;

        memcpy(&bytes, text + i, sizeof bytes);
        bytes = joints_of(bytes);
        memcpy(&found, &bytes, sizeof found);
        if (found != 0)
            break;
    }
    while (i < len && !is_joint(text[i]))
        i++;
    return i;
}

size_t fold_join(char *text, size_t len, size_t *kept)
{
    size_t to = before_joint(text, len);

    for (size_t i = 0; kept != NULL && i < to; i++)
        kept[i] = i;
    for (size_t at = to; at < len;) {
        size_t end = at;

        while (end < len && is_joint(text[end]))
            end++;
        if (end > at && is_joined(text, to, text + end, len - end))
            at = end;
        else if (end == at)
            end++;
        for (; at < end; at++, to++) {
            text[to] = text[at];
            if (kept != NULL)
                kept[to] = at;
        }
    }
    return to;
}

void fold_add(struct buf *out, struct text text)
{
    const size_t start = out->len;
    struct seen seen;

    if (text.len == 0)
        return;
    seen = add_characters(out, text);
    if (!seen.is_ascii || seen.has_joint) {
        out->len = start + fold_join(out->at + start, out->len - start, NULL);
        out->at[out->len] = '\0';
    }
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

/* ---- Order */

/* Whether a character does not count at the start of a text that is sorted: Unicode's punctuation and separators. */
static bool is_passed_over(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return false;
    }
}

struct text fold_sort_key(struct text folded)
{
    size_t at = 0;

    while (at < folded.len) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)folded.at + at, (utf8proc_ssize_t)(folded.len - at), &c);

        if (len <= 0 || !is_passed_over(c))
            return (struct text){folded.at + at, folded.len - at};
        at += (size_t)len;
    }
    return folded;
}

int fold_compare(struct text a, struct text b)
{
    const int order = text_compare(fold_sort_key(a), fold_sort_key(b));

    return order != 0 ? order : text_compare(a, b);
}
