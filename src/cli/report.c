#include "cli/report.h"

#include <stdio.h>
#include <unistd.h>

int report(enum err_code code, const struct err *err)
{
    if (code == ERR_OK)
        return EXIT_FINE;
    fprintf(stderr, "bookshare: %s\n", err->text);
    return EXIT_FAILED;
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
