#include "cli/changes.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/report.h"

const char changes_usage[] =
    "Usage: bookshare changes prune --days N\n"
    "       bookshare changes prune --keep N\n"
    "\n"
    "Removes the oldest changes from the log: the history of books and the bin end where it\n"
    "begins. Changes that the list in Redis or the search index of this host still needs stay.\n"
    "Safe to run at any time, and to interrupt.\n"
    "\n"
    "  --days N  keeps the changes of the last N days, 1 to 36500\n"
    "  --keep N  keeps the last N changes, 1000 to 1000000000, and the others of their first\n"
    "            version\n";

/* Reads a number from least (1 or more) to most. Returns 0 if it is none. */
static uint64_t read_number(const char *given, uint64_t least, uint64_t most)
{
    const struct text text = text_from_cstr(given);
    const uint64_t number = text_is_number(text) ? text_number(text) : 0;

    return number >= least && number <= most ? number : 0;
}

/* Reads the options of `prune`: one of the two. Returns false if they are wrong. */
static bool read_wish(int argc, char **argv, uint64_t *days, uint64_t *keep)
{
    static const struct option options[] = {
        {"days", required_argument, NULL, 'd'}, {"keep", required_argument, NULL, 'k'}, {NULL, 0, NULL, 0}};
    int option, count = 0;

    *days = *keep = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'd')
            *days = read_number(optarg, 1, LIMIT_PRUNE_DAYS);
        else if (option == 'k')
            *keep = read_number(optarg, LIMIT_PRUNE_LEAST, LIMIT_PRUNE_MOST);
        else
            return false;
        count++;
    }
    return optind == argc - 1 && count == 1 && (*days > 0) + (*keep > 0) == 1;
}

int changes_command(int argc, char **argv, struct catalogue *catalogue)
{
    static const char *const commands[] = {"prune", "--help"};
    struct catalogue_pruned pruned;
    struct err err;
    uint64_t days, keep;
    enum err_code code;

    if (argc < 2 || strcmp(argv[1], "prune") != 0 || !read_wish(argc, argv, &days, &keep))
        return report_mistake("command of changes", argc > 1 ? argv[1] : "", commands,
                              sizeof commands / sizeof *commands, changes_usage);
    code = catalogue_prune(catalogue, days, keep, &pruned, &err);
    if (code == ERR_OK || pruned.removed > 0)
        printf("removed %llu change%s\n", (unsigned long long)pruned.removed, pruned.removed == 1 ? "" : "s");
    if (code == ERR_OK && pruned.kept_for != NULL)
        printf("kept more of them for %s, which follows the log\n", pruned.kept_for);
    return report(code, &err);
}
