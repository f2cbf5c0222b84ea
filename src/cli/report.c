#include "cli/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/similar.h"

int report(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return EXIT_FINE;
    fprintf(stderr, "bookshare: %s\n", err->text);
    return EXIT_FAILED;
}

int report_mistake(const char *what, const char *given, const char *const *commands, size_t count, const char *usage)
{
    const char *meant = similar_name(given, commands, count);

    if (*given == '\0')
        fprintf(stderr, "bookshare: a %s is missing\n\n", what);
    else if (meant == NULL)
        fprintf(stderr, "bookshare: unknown %s '%s'\n\n", what, given);
    else if (strcmp(meant, given) == 0)
        fprintf(stderr, "bookshare: wrong arguments of the %s '%s'\n\n", what, given);
    else
        fprintf(stderr, "bookshare: unknown %s '%s'; did you mean '%s'?\n\n", what, given, meant);
    fputs(usage, stderr);
    return EXIT_USAGE;
}

void report_progress(uint64_t done, uint64_t total, const char *unit)
{
    enum { WIDTH = 40 };
    const int filled = total > 0 ? (int)(done * WIDTH / total) : WIDTH;

    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r[%.*s%*s] %llu of %llu%s", filled, "########################################", WIDTH - filled,
            "", (unsigned long long)done, (unsigned long long)total, unit);
    if (done == total)
        fputc('\n', stderr);
}
