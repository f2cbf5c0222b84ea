#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return code;
    err->code = code;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return code;
}

const char *err_name(enum err_code code)
{
    static const char *const names[] = {"ok",      "not found",   "invalid", "conflict",
                                        "changed", "unavailable", "busy",    "internal"};

    return names[code];
}
