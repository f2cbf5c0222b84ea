/* bookshare: the command for operators. Looks after the cache, checks an installation, exports and imports books. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/config.h"
#include "base/log.h"
#include "catalogue/catalogue.h"
#include "cli/export.h"
#include "cli/import.h"
#include "cli/report.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

static const char usage[] =
    "Usage: bookshare COMMAND\n"
    "\n"
    "  check         print all settings, try MySQL, its tables, and Redis\n"
    "  migrate       make the tables, or bring older ones up to date; safe to run again\n"
    "  cache status  describe the list in Redis: version, rows, size, whether it is being built\n"
    "  cache clear   remove the list from Redis (nothing else there is touched) and count the\n"
    "                books anew: run it after edits that went past the application\n"
    "  cache warm    build the list in Redis\n"
    "  cache verify  compare the whole list with the table; exit status 1 if they differ\n"
    "  export [FILE] write books as CSV, TSV or NDJSON; export --help tells more\n"
    "  import FILE   add the books of a CSV, TSV or NDJSON file; import --help tells more\n"
    "  index status  describe the search index of this host: version, rows, size\n"
    "  index make    make it anew; the workers do so by themselves when it is due\n"
    "  --help        print this\n"
    "  --version     print the version\n"
    "\n"
    "Settings come from the environment (BOOKSHARE_...), and from the file that the workers\n"
    "read; `bookshare check` names it, and lists them.\n"
    "Exit status: 0 fine, 1 failed, 2 wrong usage.\n";

/* Tells of values that were written past the application. */
static void show_fault(enum book_field field, uint64_t books, const char *example)
{
    printf("  %s of %llu book%s: not a value that a form takes, as in '%s'; %s\n", book_fields[field].name,
           (unsigned long long)books, books == 1 ? "" : "s", example,
           book_fields[field].type == BOOK_DATE ? "shown as no date" : "control characters are shown replaced");
}

static int check(const struct config *config, struct catalogue *catalogue)
{
    char about[128];
    struct err err;
    int worst = EXIT_FINE;

    config_print(config, stdout);
    if (catalogue_check_store(catalogue, about, sizeof about, &err) == ERR_OK) {
        printf("MySQL: fine, %s, table music found\n", about);
        if (catalogue_find_faults(catalogue, show_fault, &err) != ERR_OK)
            printf("  the books could not be looked at: %s\n", err.text);
    } else {
        printf("MySQL: FAILED, %s\n", err.text);
        worst = EXIT_FAILED;
    }
    if (catalogue_check_cache(catalogue, about, sizeof about, &err) == ERR_OK) {
        printf("Redis: fine, %s\n", about);
    } else {
        printf("Redis: FAILED, %s\n", err.text);
        worst = EXIT_FAILED;
    }
    return worst;
}

static void show_version(const char *of, struct version version)
{
    printf("%s: version %s\n", of, version_text(version).string);
}

static int status(struct catalogue *catalogue)
{
    struct catalogue_status status;
    struct err err;
    enum err_code code = catalogue_cache_status(catalogue, &status, &err);
    const time_t built_at = (time_t)status.built_at;

    if (code != ERR_OK)
        return report(code, &err);
    show_version("table", status.table);
    printf("cached: %s\n", !status.is_cached ? "no" : status.is_whole ? "yes" : "no, left half-changed");
    if (status.is_cached) {
        show_version("list", status.list);
        printf("rows: %llu\nsegments: %llu\nbytes: %llu\n", (unsigned long long)status.books,
               (unsigned long long)status.segments, (unsigned long long)status.bytes);
        printf("built: %s", ctime(&built_at));
        printf("build took: %.3f s\n", (double)status.build_ms / 1e3);
    }
    if (status.is_building)
        printf("building: %llu of %llu\n", (unsigned long long)status.done, (unsigned long long)status.total);
    else
        printf("building: no\n");
    return EXIT_FINE;
}

static void show_progress(uint64_t done, uint64_t total)
{
    report_progress(done, total, "");
}

static int warm(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code = catalogue_cache_warm(catalogue, show_progress, &err);

    return report(code, &err);
}

static int clear(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code = catalogue_cache_clear(catalogue, &err);

    return report(code, &err);
}

static void show_difference(struct text id, const char *what)
{
    printf("%.*s: %s\n", (int)id.len, id.at, what);
}

static int verify(struct catalogue *catalogue)
{
    struct err err;
    uint64_t differences;
    enum err_code code = catalogue_cache_verify(catalogue, show_progress, show_difference, &differences, &err);

    if (code != ERR_OK)
        return report(code, &err);
    printf("differences: %llu\n", (unsigned long long)differences);
    return differences == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int index_status(struct catalogue *catalogue)
{
    struct catalogue_index_status status;
    struct err err;
    enum err_code code = catalogue_index_status(catalogue, &status, &err);

    if (code != ERR_OK)
        return report(code, &err);
    show_version("table", status.table);
    printf("index: %s\n", status.is_there ? "yes" : "no");
    if (status.is_there) {
        show_version("index", status.index);
        printf("rows: %llu\nbytes: %llu\n", (unsigned long long)status.books, (unsigned long long)status.bytes);
    }
    return EXIT_FINE;
}

static int make_index(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code = catalogue_index_make(catalogue, show_progress, &err);

    return report(code, &err);
}

static int migrate(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code = catalogue_migrate(catalogue, &err);

    return report(code, &err);
}

static int run(int argc, char **argv, const struct config *config, struct catalogue *catalogue)
{
    const char *first = argc > 1 ? argv[1] : "", *second = argc > 2 ? argv[2] : "";

    if (argc == 2 && strcmp(first, "check") == 0)
        return check(config, catalogue);
    if (argc == 2 && strcmp(first, "migrate") == 0)
        return migrate(catalogue);
    if (strcmp(first, "export") == 0)
        return export_run(argc - 1, argv + 1, catalogue);
    if (argc > 1 && strcmp(first, "import") == 0)
        return import_command(argc - 1, argv + 1, catalogue);
    if (argc == 3 && strcmp(first, "index") == 0) {
        if (strcmp(second, "status") == 0)
            return index_status(catalogue);
        if (strcmp(second, "make") == 0)
            return make_index(catalogue);
    }
    if (argc == 3 && strcmp(first, "cache") == 0) {
        if (strcmp(second, "status") == 0)
            return status(catalogue);
        if (strcmp(second, "clear") == 0)
            return clear(catalogue);
        if (strcmp(second, "warm") == 0)
            return warm(catalogue);
        if (strcmp(second, "verify") == 0)
            return verify(catalogue);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct config config;
    struct catalogue *catalogue;
    struct err err;
    int exit_status;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 3 && strcmp(argv[1], "import") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(import_usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 3 && strcmp(argv[1], "export") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(export_usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("bookshare " PACKAGE_VERSION);
        return EXIT_FINE;
    }
    if (config_load(&config, &err) != ERR_OK) {
        config_free(&config);
        return report(ERR_INVALID, &err);
    }
    catalogue = catalogue_new(&config);
    exit_status = run(argc, argv, &config, catalogue);
    catalogue_free(catalogue);
    config_free(&config);
    return exit_status;
}
