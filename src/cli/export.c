/*
 * bookshare export: writes all books, or the result of a search, to a file. It writes to a temporary file and renames
 * it when complete, so the target is never partial.
 */
#include "cli/export.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "book/query_parameters.h"
#include "cli/report.h"
#include "files/book_file.h"

enum { FORMAT = 'f', RAW = 'r', MARK = 'b', PARAMETER = 'p' };

const char export_usage[] =
    "Usage: bookshare export [OPTION]... [FILE]\n"
    "\n"
    "Writes all books, or those that match, to a file; without FILE, or with -, to standard\n"
    "output. All books are from the same version of the table. The file appears under its\n"
    "name only when it is complete.\n"
    "\n"
    "  --format FORMAT     csv, ndjson or tsv (csv)\n"
    "  --raw               CSV without an apostrophe before values that look like formulas\n"
    "  --bom               CSV with a byte order mark, so that Excel detects UTF-8\n"
    "  --search WORDS      as in the browser: WORD, \"A PHRASE\", FIELD:WORD, -WORD\n"
    "  --category NAME     books with exactly this value, or, if repeated, any of several;\n"
    "                      also --publisher, --edition\n"
    "  --from DAY          books available from this day on, YYYY-MM-DD\n"
    "  --until DAY         up to this one\n"
    "  --sort COLUMN       sort by this column; -COLUMN: reverse order; best: best match first;\n"
    "                      COLUMN,COLUMN: those that are equal in the first by the second\n"
    "\n"
    "Exit status: 0 success, 1 failure, 2 wrong usage.\n";

/* A running export. */
struct export
{
    struct book_file file;
    struct parameters parameters; /* of the query, as in a URL */
    const char *name;             /* of the file; "-": standard output */
    char *temporary;              /* name of the temporary file; NULL: none */
    FILE *stream;
    struct buf row;
};

static const struct option options[] = {
    {"format", required_argument, NULL, FORMAT},
    {"raw", no_argument, NULL, RAW},
    {"bom", no_argument, NULL, MARK},
    {"search", required_argument, NULL, PARAMETER},
    {"category", required_argument, NULL, PARAMETER},
    {"publisher", required_argument, NULL, PARAMETER},
    {"edition", required_argument, NULL, PARAMETER},
    {"from", required_argument, NULL, PARAMETER},
    {"until", required_argument, NULL, PARAMETER},
    {"sort", required_argument, NULL, PARAMETER},
    {NULL, 0, NULL, 0},
};

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "bookshare: %s%s%s\n", what, *why != '\0' ? ": " : "", why);
    return EXIT_FAILED;
}

/* Parses a format. Returns false if it is unknown. */
static bool read_format(const char *name, enum book_format *format)
{
    for (int i = 0; i < BOOK_FORMATS; i++) {
        if (strcmp(name, book_formats[i].name) == 0) {
            *format = (enum book_format)i;
            return true;
        }
    }
    return false;
}

/* Parses the options and the file name. Returns false after reporting an error. */
static bool read_words(int argc, char **argv, struct export *export)
{
    static struct parameter all[LIMIT_PARAMETERS];
    int letter, index = 0;

    export->parameters.all = all;
    optind = 1;
    while ((letter = getopt_long(argc, argv, "", options, &index)) != -1) {
        if (letter == FORMAT && !read_format(optarg, &export->file.format)) {
            fail("--format must be csv, ndjson or tsv", "");
            return false;
        }
        if (letter == '?')
            return false;
        export->file.is_raw |= letter == RAW;
        export->file.has_mark |= letter == MARK;
        if (letter == PARAMETER && export->parameters.count < LIMIT_PARAMETERS)
            all[export->parameters.count++] =
                (struct parameter){text_from_cstr(options[index].name), text_from_cstr(optarg)};
    }
    export->name = optind < argc ? argv[optind] : "-";
    if (argc - optind > 1)
        fail("too many files", "");
    return argc - optind <= 1;
}

static char *unfinished; /* name of the temporary file, for the signal handler; NULL: none */

static void on_end(int signal)
{
    if (unfinished != NULL)
        unlink(unfinished);
    raise(signal); /* now with its default action */
}

/* Opens a temporary file next to the target. */
static FILE *open_temporary(struct export *export)
{
    struct sigaction end = {.sa_handler = on_end, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
    struct buf name = {0};
    int fd;

    buf_add_format(&name, "%s.XXXXXX", export->name);
    fd = mkstemp(name.at);
    if (fd < 0) {
        buf_free(&name);
        return NULL;
    }
    export->temporary = unfinished = name.at;
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGHUP, &end, NULL);
    return fdopen(fd, "w");
}

/* Opens the output. Returns false after reporting an error. */
static bool open_file(struct export *export)
{
    struct stat about;

    if (strcmp(export->name, "-") == 0)
        export->stream = stdout;
    else if (stat(export->name, &about) == 0 && !S_ISREG(about.st_mode)) /* never replace /dev/null */
        export->stream = fopen(export->name, "w");
    else
        export->stream = open_temporary(export);
    if (export->stream == NULL)
        fail(export->name, strerror(errno));
    return export->stream != NULL;
}

/* Closes the file; renames it after success, else removes it. */
static int close_file(struct export *export, bool is_whole)
{
    const mode_t mask = umask(0);

    umask(mask);
    is_whole &= fflush(export->stream) == 0;
    if (export->temporary == NULL)
        return is_whole ? EXIT_FINE : EXIT_FAILED;
    is_whole &= fchmod(fileno(export->stream), 0666 & ~mask) == 0 && fsync(fileno(export->stream)) == 0;
    is_whole &= fclose(export->stream) == 0;
    is_whole = is_whole && rename(export->temporary, export->name) == 0;
    if (!is_whole)
        unlink(export->temporary);
    unfinished = NULL;
    free(export->temporary);
    return is_whole ? EXIT_FINE : EXIT_FAILED;
}

static enum err_code put(struct export *export, struct err *err)
{
    const size_t len = export->row.len;
    const bool is_written = len == 0 || fwrite(export->row.at, 1, len, export->stream) == len;

    buf_clear(&export->row);
    return is_written ? ERR_OK : err_set(err, ERR_INTERNAL, "%s: %s", export->name, strerror(errno));
}

static enum err_code begin(void *context, uint64_t total, struct version version, struct err *err)
{
    struct export *export = context;

    (void)total, (void)version, (void)err;
    book_file_begin(&export->file, &export->row); /* written before the first book, or at the end */
    return ERR_OK;
}

static enum err_code add(void *context, const struct book *book, struct err *err)
{
    struct export *export = context;

    book_file_add(&export->file, book, &export->row);
    return put(export, err);
}

int export_run(int argc, char **argv, struct catalogue *catalogue)
{
    struct export export = {0};
    struct arena arena = {0};
    struct query query;
    struct err err;
    const char *fault;
    enum err_code code;
    int status = EXIT_USAGE;

    if (!read_words(argc, argv, &export))
        return EXIT_USAGE;
    fault = query_read(&export.parameters, &arena, &query);
    if (fault != NULL) {
        fail(fault, "");
    } else if (!open_file(&export)) {
        status = EXIT_FAILED;
    } else {
        code = catalogue_each(catalogue, &query, begin, add, &export, &err);
        if (code == ERR_OK)
            code = put(&export, &err);
        status = close_file(&export, code == ERR_OK);
        if (status != EXIT_FINE)
            fail(code != ERR_OK ? err.text : export.name, code != ERR_OK ? "" : strerror(errno));
    }
    buf_free(&export.row);
    arena_free(&arena);
    return status;
}
