/* bookshare: the operator's command. Checks an installation, maintains its views, exports and imports books. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/config.h"
#include "base/config_check.h"
#include "base/log.h"
#include "catalogue/catalogue.h"
#include "cli/changes.h"
#include "cli/edit.h"
#include "cli/export.h"
#include "cli/import.h"
#include "cli/report.h"
#include "cli/token.h"
#include "cli/user.h"
#include "people/people.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

static const char usage[] =
    "Usage: bookshare COMMAND\n"
    "\n"
    "  check         print all settings, test MySQL, its tables, and Redis\n"
    "  migrate       create the tables or upgrade older ones; idempotent\n"
    "  views         show the list in Redis, the search index and the page files: version, rows,\n"
    "                size, age, progress of a rebuild, last failure\n"
    "  cache clear   remove the list from Redis (and nothing else there) and recount the books;\n"
    "                run it after edits that bypassed the application\n"
    "  cache warm    build the list in Redis\n"
    "  cache verify  compare the whole list with the table; exit status 1 if they differ\n"
    "  export [FILE] write books as CSV, TSV or NDJSON; see export --help\n"
    "  import FILE   add the books of a CSV, TSV or NDJSON file; see import --help\n"
    "  edit          change or delete many books at once; see edit --help\n"
    "  user          list, add, invite and remove people and set their roles; see user --help\n"
    "  token         list, add and revoke the tokens of programs; see token --help\n"
    "  changes prune remove the oldest changes from the log; see changes --help\n"
    "  index make    rebuild the search index of this host; workers do so automatically\n"
    "  --help        print this\n"
    "  --version     print the version\n"
    "\n"
    "Settings come from the environment (BOOKSHARE_...) and from the workers' settings file;\n"
    "`bookshare check` lists them.\n"
    "Exit status: 0 success, 1 failure, 2 wrong usage.\n";

/* Reports invalid values, which bypassed the application. */
static void show_fault(enum book_field field, uint64_t books, const char *example)
{
    printf("  %s of %llu book%s: invalid value, as in '%s'; %s\n", book_fields[field].name, (unsigned long long)books,
           books == 1 ? "" : "s", example,
           book_fields[field].type == BOOK_DATE ? "shown as no date" : "shown without control characters");
}

/* Reports how many people there are, and whether anybody may write. */
static int check_people(const struct config *config, struct catalogue *catalogue)
{
    struct people *people = people_new(config, catalogue_store(catalogue));
    struct arena arena = {0};
    struct person_list list = {0};
    struct err err;
    const enum err_code code = people_list(people, &arena, &list, &err);
    size_t writers = 0;

    for (size_t i = 0; i < list.count; i++)
        writers += list.all[i].role >= ROLE_EDITOR;
    if (code != ERR_OK)
        printf("People: FAILED, %s\n", err.text);
    else if (writers == 0)
        puts("People: nobody may write; run `bookshare user add NAME --role admin`");
    else
        printf("People: %zu, of whom %zu may write\n", list.count, writers);
    arena_free(&arena);
    people_free(people);
    return code == ERR_OK ? EXIT_FINE : EXIT_FAILED;
}

static void show_problem(const char *problem)
{
    printf("Files and folders: FAILED, %s\n", problem);
}

static int check(const struct config *config, struct catalogue *catalogue)
{
    char about[128];
    struct err err;
    int worst = EXIT_FINE;

    config_print(config, stdout);
    if (config_check(config, show_problem))
        puts("Files and folders: fine");
    else
        worst = EXIT_FAILED;
    if (catalogue_check_store(catalogue, about, sizeof about, &err) == ERR_OK) {
        printf("MySQL: fine, %s, table music found\n", about);
        if (catalogue_find_faults(catalogue, show_fault, &err) != ERR_OK)
            printf("  cannot check the books: %s\n", err.text);
        if (config->auth != AUTH_OPEN && check_people(config, catalogue) != EXIT_FINE)
            worst = EXIT_FAILED;
    } else {
        printf("MySQL: FAILED, %s\n", err.text);
        worst = EXIT_FAILED;
    }
    if (!catalogue_uses(catalogue, CATALOGUE_LIST_VIEW)) {
        puts("Redis: off");
    } else if (catalogue_check_cache(catalogue, about, sizeof about, &err) == ERR_OK) {
        printf("Redis: fine, %s\n", about);
    } else {
        printf("Redis: FAILED, %s; start it (systemctl enable --now redis-server), or set BOOKSHARE_REDIS_URL=off\n",
               err.text);
        worst = EXIT_FAILED;
    }
    return worst;
}

static void show_time(const char *label, int64_t seconds)
{
    const time_t then = (time_t)seconds;
    struct tm tm;
    char text[32];

    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&then, &tm));
    printf("  %s: %s", label, text);
}

static void show_view(const struct catalogue_view *view, struct version table)
{
    if (!view->is_there) {
        puts("  version: none");
    } else {
        printf("  version: %s, %s\n", version_text(view->version).string,
               version_equal(view->version, table) ? "current" : "not current");
        printf("  rows: %llu\n  bytes: %llu\n", (unsigned long long)view->rows, (unsigned long long)view->bytes);
    }
    if (view->made_at != 0) {
        show_time("made", view->made_at);
        printf(view->made_ms != 0 ? ", in %.3f s\n" : "\n", (double)view->made_ms / 1e3);
    }
    if (view->is_building)
        printf("  building: %llu of %llu\n", (unsigned long long)view->done, (unsigned long long)view->total);
    else
        puts("  building: no");
    if (view->failed_at != 0) {
        show_time("failed", view->failed_at);
        printf(", %s\n  next attempt in: %lld s\n", view->failure, (long long)((view->retry_ms + 999) / 1000));
    }
}

/* Prints the state of the table and of each view, even if one of them cannot be reached. */
static int show_views(struct catalogue *catalogue)
{
    struct version table = {0};
    struct err err;
    enum err_code code = catalogue_version(catalogue, &table, &err);
    int worst = report(code, &err);

    printf("table\n  version: %s\n", code == ERR_OK ? version_text(table).string : "not known");
    for (int id = 0; id < CATALOGUE_VIEWS; id++) {
        struct catalogue_view view;

        code = catalogue_view_status(catalogue, (enum catalogue_view_id)id, &view, &err);
        printf("%s (%s)\n", view.name, view.title);
        if (code != ERR_OK)
            worst = report(code, &err);
        else if (view.is_wanted)
            show_view(&view, table);
        else
            puts("  off");
    }
    return worst;
}

static void show_progress(uint64_t done, uint64_t total)
{
    report_progress(done, total, "");
}

static int rebuild(struct catalogue *catalogue, enum catalogue_view_id id)
{
    struct err err;
    enum err_code code = catalogue_rebuild(catalogue, id, show_progress, &err);

    return report(code, &err);
}

static int clear(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code = catalogue_cache_clear(catalogue, &err);

    if (code == ERR_OK && !catalogue_uses(catalogue, CATALOGUE_LIST_VIEW))
        puts("Redis is off: recounted the books");
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

static unsigned added; /* by migrate, to the tables */

static void show_added(const char *what)
{
    printf("added %s\n", what);
    added++;
}

static int migrate(struct catalogue *catalogue)
{
    struct err err;
    enum err_code code;

    added = 0;
    code = catalogue_migrate(catalogue, show_added, &err);
    if (code == ERR_OK && added == 0)
        puts("The tables were up to date.");
    return report(code, &err);
}

static int show_mistake(const char *first, const char *second)
{
    static const char *const commands[] = {"cache",   "changes", "check", "edit",  "export", "import",   "index",
                                           "migrate", "token",   "user",  "views", "--help", "--version"};
    static const char *const of_cache[] = {"clear", "verify", "warm"}, *const of_index[] = {"make"};

    if (strcmp(first, "cache") == 0)
        return report_mistake("command of cache", second, of_cache, sizeof of_cache / sizeof *of_cache, usage);
    if (strcmp(first, "index") == 0)
        return report_mistake("command of index", second, of_index, sizeof of_index / sizeof *of_index, usage);
    return report_mistake("command", first, commands, sizeof commands / sizeof *commands, usage);
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
    if (argc > 1 && strcmp(first, "edit") == 0)
        return edit_command(argc - 1, argv + 1, catalogue);
    if (strcmp(first, "changes") == 0)
        return changes_command(argc - 1, argv + 1, catalogue);
    if (strcmp(first, "token") == 0)
        return token_command(argc - 1, argv + 1, config, catalogue);
    if (strcmp(first, "user") == 0)
        return user_command(argc - 1, argv + 1, config, catalogue);
    if (argc == 2 && strcmp(first, "views") == 0)
        return show_views(catalogue);
    if (argc == 3 && strcmp(first, "index") == 0 && strcmp(second, "make") == 0)
        return rebuild(catalogue, CATALOGUE_INDEX_VIEW);
    if (argc == 3 && strcmp(first, "cache") == 0) {
        if (strcmp(second, "clear") == 0)
            return clear(catalogue);
        if (strcmp(second, "warm") == 0)
            return rebuild(catalogue, CATALOGUE_LIST_VIEW);
        if (strcmp(second, "verify") == 0)
            return verify(catalogue);
    }
    return show_mistake(first, second);
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
    if (argc == 3 && strcmp(argv[1], "edit") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(edit_usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 3 && strcmp(argv[1], "changes") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(changes_usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 3 && strcmp(argv[1], "token") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(token_usage, stdout);
        return EXIT_FINE;
    }
    if (argc == 3 && strcmp(argv[1], "user") == 0 && strcmp(argv[2], "--help") == 0) {
        fputs(user_usage, stdout);
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
