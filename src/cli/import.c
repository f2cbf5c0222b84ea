#include "cli/import.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/report.h"
#include "files/import.h"

enum {
    FAULTS_SHOWN = 100 /* further ones are only counted */
};

const char import_usage[] = "Usage: bookshare import [OPTION]... FILE\n"
                            "\n"
                            "Adds the books of a file; - is standard input. CSV and TSV have a header line with the\n"
                            "columns in any order; TSV without one has all columns, as from bookshare-generate;\n"
                            "NDJSON has one object per line.\n"
                            "\n"
                            "  --format FORMAT       csv, tsv or ndjson; default: from the file name extension\n"
                            "  --delimiter C         of CSV: , or ; or tab; default: detected from the first line\n"
                            "  --on-duplicate WHAT   if the ID is in use: skip the book, replace the existing one, or\n"
                            "                        count an error (skip)\n"
                            "  --dry-run             check everything, change nothing\n"
                            "  --skip-bad            import the valid lines even if others are bad\n"
                            "  --report FILE         write all bad and skipped lines to a file\n"
                            "  --raw                 CSV exported with --raw: keep apostrophes before formulas\n"
                            "  --batch N             books per transaction, 1 to 250 (100)\n"
                            "\n"
                            "Without --skip-bad nothing is imported if a line is bad. After an interruption, run it\n"
                            "again: books that it has already written are unchanged.\n"
                            "Exit status: 0 success, 1 failure or bad lines, 2 wrong usage.\n";

/* A running import. */
struct job {
    struct import_options options;
    bool has_format, is_trial, skips_bad;
    const char *name; /* of the file; "-": standard input */
    FILE *file;
    uint64_t size; /* of the file in bytes; 0: not known */
    struct catalogue *catalogue;
    const char *report_name; /* of --report; NULL: none */
    FILE *report;
    uint64_t faults; /* reported so far */
};

static enum err_code write_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    struct job *job = context;
    struct written written;

    return catalogue_write(job->catalogue, &(struct write){.batch = batch, .actor = text_from_cstr("import")}, arena,
                           &written, err);
}

static enum err_code try_batch(void *context, struct batch *batch, struct arena *arena, struct err *err)
{
    struct job *job = context;

    return catalogue_try_many(job->catalogue, batch, arena, err);
}

static void show_fault(void *context, uint64_t line, const char *text)
{
    struct job *job = context;

    if (job->report != NULL)
        fprintf(job->report, "line %llu: %s\n", (unsigned long long)line, text);
    if (job->faults++ < FAULTS_SHOWN)
        fprintf(stderr, "line %llu: %s\n", (unsigned long long)line, text);
}

/* Parses the value of an option, one of three. Returns false if it is invalid. */
static bool read_word(const char *word, const char *const words[3], int *value)
{
    for (*value = 0; *value < 3; ++*value)
        if (strcmp(word, words[*value]) == 0)
            return true;
    return false;
}

static bool read_delimiter(const char *word, char *delimiter)
{
    *delimiter = strcmp(word, "tab") == 0 ? '\t' : word[0];
    return *delimiter == '\t' || (strlen(word) == 1 && strchr(",;|", word[0]) != NULL);
}

static bool read_option(struct job *job, int option)
{
    static const char *const formats[] = {[IMPORT_CSV] = "csv", [IMPORT_TSV] = "tsv", [IMPORT_NDJSON] = "ndjson"};
    static const char *const duplicates[] = {
        [IMPORT_SKIP] = "skip", [IMPORT_REPLACE] = "replace", [IMPORT_REFUSE] = "error"};
    int value = 0;
    bool is_fine = true;

    switch (option) {
    case 'f':
        job->has_format = is_fine = read_word(optarg, formats, &value);
        job->options.format = (enum import_format)value;
        break;
    case 'd':
        is_fine = read_delimiter(optarg, &job->options.delimiter);
        break;
    case 'o':
        is_fine = read_word(optarg, duplicates, &value);
        job->options.duplicates = (enum import_duplicates)value;
        break;
    case 'b':
        job->options.batch = strtoul(optarg, NULL, 10);
        is_fine = job->options.batch >= 1 && job->options.batch <= BATCH_BOOKS;
        break;
    case 'n':
        job->is_trial = true;
        break;
    case 's':
        job->skips_bad = true;
        break;
    case 'r':
        job->options.is_raw = true;
        break;
    case 'l':
        job->report_name = optarg;
        break;
    default: /* getopt has reported the error */
        return false;
    }
    if (!is_fine)
        fprintf(stderr, "bookshare: %s is not a valid value for this option\n", optarg);
    return is_fine;
}

static bool read_words(struct job *job, int argc, char **argv)
{
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"delimiter", required_argument, NULL, 'd'},
                                            {"on-duplicate", required_argument, NULL, 'o'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {"skip-bad", no_argument, NULL, 's'},
                                            {"raw", no_argument, NULL, 'r'},
                                            {"report", required_argument, NULL, 'l'},
                                            {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!read_option(job, option))
            return false;
    if (optind != argc - 1) {
        fputs(import_usage, stderr);
        return false;
    }
    job->name = argv[optind];
    if (!job->has_format && !import_format_of(job->name, &job->options.format)) {
        fprintf(stderr, "bookshare: unknown format of %s: use --format csv, tsv or ndjson\n", job->name);
        return false;
    }
    return true;
}

/* Copies a pipe into an unnamed file, since the input is read twice. */
static FILE *spool(FILE *from)
{
    FILE *to = tmpfile();
    char bytes[65536];
    size_t len;

    while (to != NULL && (len = fread(bytes, 1, sizeof bytes, from)) > 0)
        if (fwrite(bytes, 1, len, to) != len)
            break;
    if (to == NULL || ferror(from) || fflush(to) != 0 || ferror(to)) {
        if (to != NULL)
            fclose(to);
        return NULL;
    }
    return to;
}

static bool open_file(struct job *job)
{
    const bool is_read_twice = !job->is_trial && !job->skips_bad;
    struct stat about;

    job->file = strcmp(job->name, "-") == 0 ? stdin : fopen(job->name, "rb");
    if (job->file != NULL && fstat(fileno(job->file), &about) == 0 && !S_ISREG(about.st_mode) && is_read_twice)
        job->file = spool(job->file);
    if (job->file == NULL || fstat(fileno(job->file), &about) != 0) {
        fprintf(stderr, "bookshare: %s: %s\n", job->name, strerror(errno));
        return false;
    }
    job->size = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
    return true;
}

static bool open_report(struct job *job)
{
    if (job->report_name == NULL)
        return true;
    job->report = fopen(job->report_name, "w");
    if (job->report == NULL)
        fprintf(stderr, "bookshare: %s: %s\n", job->report_name, strerror(errno));
    return job->report != NULL;
}

/* Resets the reports of an earlier pass. */
static void restart_report(struct job *job)
{
    if (job->report == NULL)
        return;
    rewind(job->report);
    if (ftruncate(fileno(job->report), 0) != 0 && errno != EINVAL) /* the error for a pipe */
        fprintf(stderr, "bookshare: %s: %s\n", job->report_name, strerror(errno));
}

/* Returns whether all of the report was written. */
static bool close_report(struct job *job)
{
    if (job->report == NULL || fclose(job->report) == 0)
        return true;
    fprintf(stderr, "bookshare: %s: %s\n", job->report_name, strerror(errno));
    return false;
}

/* Feeds the whole file to an import. */
static enum err_code feed_all(struct job *job, struct import *import, struct err *err)
{
    char bytes[65536];
    uint64_t done = 0;
    size_t len;
    enum err_code code = ERR_OK;

    while (code == ERR_OK && (len = fread(bytes, 1, sizeof bytes, job->file)) > 0) {
        code = import_feed(import, bytes, len, err);
        done += len;
        if (job->size > 0)
            report_progress(done / 1024, job->size / 1024, " KB");
    }
    if (code == ERR_OK && ferror(job->file))
        code = err_set(err, ERR_INTERNAL, "%s: %s", job->name, strerror(errno));
    return code == ERR_OK ? import_end(import, err) : code;
}

/* Reads the file from its beginning to its end. */
static enum err_code pass(struct job *job, struct import_counts *counts, struct err *err)
{
    struct import *import = import_new(&job->options);
    enum err_code code;

    job->faults = 0;
    restart_report(job);
    if (job->size > 0)
        rewind(job->file);
    code = feed_all(job, import, err);
    catalogue_settle(job->catalogue);
    *counts = import_counts(import);
    import_free(import);
    if (job->faults > FAULTS_SHOWN)
        fprintf(stderr, "... and %llu more\n", (unsigned long long)(job->faults - FAULTS_SHOWN));
    return code;
}

static void show_counts(const struct job *job, const struct import_counts *counts, double seconds)
{
    const uint64_t rows = counts->added + counts->replaced + counts->unchanged + counts->skipped + counts->bad;

    printf("%sadded %llu, replaced %llu, unchanged %llu, skipped %llu, bad %llu (%.1f s, %.0f rows/s)\n",
           job->is_trial ? "dry run: " : "", (unsigned long long)counts->added, (unsigned long long)counts->replaced,
           (unsigned long long)counts->unchanged, (unsigned long long)counts->skipped, (unsigned long long)counts->bad,
           seconds, seconds > 0 ? (double)rows / seconds : 0);
}

/* Checks for bad lines before anything is changed. */
static bool check_first(struct job *job, int *status)
{
    struct import_counts counts;
    struct err err;
    enum err_code code;

    job->options.write = job->options.duplicates == IMPORT_REFUSE ? try_batch : NULL;
    job->options.is_trial = true;
    code = pass(job, &counts, &err);
    *status = report(code, &err);
    if (code == ERR_OK && counts.bad > 0) {
        fprintf(stderr, "bookshare: nothing imported: %llu bad line%s (use --skip-bad to import the others)\n",
                (unsigned long long)counts.bad, counts.bad == 1 ? "" : "s");
        *status = EXIT_FAILED;
    }
    return *status == EXIT_FINE;
}

static int run(struct job *job)
{
    struct import_counts counts;
    struct err err;
    enum err_code code;
    int64_t started;
    int status;

    if (!job->is_trial && !job->skips_bad && !check_first(job, &status))
        return status;
    job->options.write = job->is_trial ? try_batch : write_batch;
    job->options.is_trial = job->is_trial;
    started = clock_us();
    code = pass(job, &counts, &err);
    show_counts(job, &counts, (double)(clock_us() - started) / 1e6);
    status = report(code, &err);
    if (code != ERR_OK && code != ERR_INVALID && !job->is_trial)
        fputs("bookshare: the rest was not imported; run it again, imported books are unchanged\n", stderr);
    return counts.bad > 0 ? EXIT_FAILED : status;
}

int import_command(int argc, char **argv, struct catalogue *catalogue)
{
    struct job job = {.options = {.batch = IMPORT_BATCH, .fault = show_fault}, .catalogue = catalogue};
    int status;

    job.options.context = &job;
    if (!read_words(&job, argc, argv))
        return EXIT_USAGE;
    if (!open_file(&job) || !open_report(&job))
        return EXIT_FAILED;
    status = run(&job);
    fclose(job.file);
    return close_report(&job) ? status : EXIT_FAILED;
}
