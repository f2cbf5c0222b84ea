#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

/* Cuts an incomplete UTF-8 character off the end of text, which has len bytes. */
static void cut_between_characters(char *text, size_t len)
{
    size_t start = len;

    while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        text[start - 1] = '\0'; /* may cut a complete character: one less does not matter */
}

enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;
    int len;

    if (err == NULL)
        return code;
    err->code = code;
    va_start(args, format);
    len = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (len >= (int)sizeof err->text)
        cut_between_characters(err->text, sizeof err->text - 1);
    return code;
}

const char *err_name(enum err_code code)
{
    static const char *const names[] = {"ok",     "not found",   "invalid", "conflict",  "changed",
                                        "reused", "unavailable", "busy",    "preparing", "internal"};

    return names[code];
}
