/* bookshare-generate: writes a table of invented books. The same seed gives the same books on every machine. */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "generator/invent.h"
#include "generator/output.h"

static const char program[] = "bookshare-generate";

enum { EXIT_USAGE = 2 };
enum { OUTPUT_BUFFER = 256 * 1024 };

static const uint64_t MOST_ROWS = 100000000;
static const uint64_t DEFAULT_SEED = 1;

struct options {
    uint64_t rows;
    uint64_t seed;
    const struct format *format;
};

static void print_help(void)
{
    printf("Usage: %s --rows N [--seed S] [--format sql|tsv]\n\n"
           "Writes N invented books to standard output.\n\n"
           "  -r, --rows N       number of books, 0 to %" PRIu64 "\n"
           "  -s, --seed S       seed of the random numbers; the same seed always\n"
           "                     gives the same books (default %" PRIu64 ")\n"
           "  -f, --format NAME  sql: a file for `mysql < FILE` that recreates the table\n"
           "                     in the database music_share (default)\n"
           "                     tsv: a file for LOAD DATA\n"
           "  -h, --help         print this and exit\n"
           "  -V, --version      print the version and exit\n\n"
           "Example: %s --rows 500000 > music_share_db.sql\n",
           program, MOST_ROWS, DEFAULT_SEED, program);
}

static _Noreturn void fail_usage(const char *problem, const char *value)
{
    if (problem != NULL) {
        fprintf(stderr, "%s: %s%s\n", program, problem, value);
    }
    fprintf(stderr, "Try '%s --help'.\n", program);
    exit(EXIT_USAGE);
}

/* Parses a decimal number; unlike strtoull it accepts no blanks and no signs. */
static bool parse_number(const char *text, uint64_t most, uint64_t *number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number <= most;
}

static const struct format *find_format(const char *name)
{
    for (size_t i = 0; i < formats_count; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

/* Returns false after --help or --version. */
static bool parse_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"rows", required_argument, NULL, 'r'},   {"seed", required_argument, NULL, 's'},
        {"format", required_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
    };
    bool rows_given = false;

    for (int option; (option = getopt_long(argc, argv, "r:s:f:hV", known, NULL)) != -1;) {
        switch (option) {
        case 'r':
            if (!parse_number(optarg, MOST_ROWS, &options->rows)) {
                fail_usage("--rows must be a number from 0 to 100000000, not ", optarg);
            }
            rows_given = true;
            break;
        case 's':
            if (!parse_number(optarg, UINT64_MAX, &options->seed)) {
                fail_usage("--seed must be a number from 0 to 18446744073709551615, not ", optarg);
            }
            break;
        case 'f':
            if ((options->format = find_format(optarg)) == NULL) {
                fail_usage("--format must be sql or tsv, not ", optarg);
            }
            break;
        case 'h':
            print_help();
            return false;
        case 'V':
            printf("%s %s\n", program, PACKAGE_VERSION);
            return false;
        default:
            fail_usage(NULL, NULL); /* getopt_long has printed the error */
        }
    }
    if (optind < argc) {
        fail_usage("unexpected argument: ", argv[optind]);
    }
    if (!rows_given) {
        fail_usage("missing option: --rows N", "");
    }
    return true;
}

static bool generate(const struct options *options, FILE *stream)
{
    static struct book book;
    struct random random = {.state = options->seed};
    struct output output = {.stream = stream};

    if (!options->format->begin(&output, options->rows, options->seed)) {
        return false;
    }
    for (uint64_t row = 1; row <= options->rows; row++) {
        invent_book(&book, &random, row);
        if (!options->format->row(&output, &book)) {
            return false;
        }
    }
    return options->format->end(&output);
}

int main(int argc, char **argv)
{
    struct options options = {.seed = DEFAULT_SEED, .format = &formats[0]};
    static char buffer[OUTPUT_BUFFER];

    signal(SIGPIPE, SIG_IGN); /* report a closed pipe like any other write error */
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);

    bool written = !parse_options(argc, argv, &options) || generate(&options, stdout);

    if (!written || ferror(stdout) || fclose(stdout) != 0) {
        fprintf(stderr, "%s: cannot write to standard output: %s\n", program, strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
