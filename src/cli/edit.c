#include "cli/edit.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "book/query_parameters.h"
#include "catalogue/catalogue_edit.h"
#include "cli/report.h"

enum { SLICE = 250 /* books per transaction */ };

enum {
    PARAMETER = 'p',
    ID = 'i',
    ALL = 'a',
    SET = 's',
    CLEAR = 'c',
    REPLACE = 'r',
    DELETE = 'd',
    UNDO = 'u',
    GO_ON = 'g',
    TRIAL = 'n',
    YES = 'y'
};

const char edit_usage[] =
    "Usage: bookshare edit BOOKS... CHANGE [--dry-run|--yes]\n"
    "       bookshare edit --undo N|--continue N [--dry-run|--yes]\n"
    "\n"
    "Changes many books at once: as one entry in the history, which can be undone as a whole.\n"
    "Shows how many books and the first of them, and asks before it changes anything.\n"
    "\n"
    "Which books:\n"
    "  --search WORDS            as in the browser: WORD, \"A PHRASE\", FIELD:WORD, -WORD\n"
    "  --category NAME           books with exactly this value, or, if repeated, any of several;\n"
    "                            also --publisher, --edition\n"
    "  --from DAY, --until DAY   available from this day on, up to this one, YYYY-MM-DD\n"
    "  --id ID                   this book; up to 250 times, instead of the others\n"
    "  --all                     all books\n"
    "\n"
    "What to do with each:\n"
    "  --set FIELD=VALUE         set a field\n"
    "  --clear FIELD             empty it\n"
    "  --replace FIELD OLD NEW   replace OLD by NEW wherever it occurs in a field, in this case\n"
    "  --delete                  delete the book\n"
    "\n"
    "  --undo N                  take edit N back, except for books changed since\n"
    "  --continue N              go on with edit N, which was interrupted\n"
    "  --dry-run                 only show what would be changed\n"
    "  --yes                     do not ask\n"
    "\n"
    "If a book would not be valid, nothing is changed. Books that somebody changes meanwhile are\n"
    "skipped. Ctrl-C stops after the current transaction.\n"
    "Exit status: 0 success, 1 failure, 2 wrong usage.\n";

/* The command as given. */
struct job {
    struct parameters parameters; /* of the query, as in a URL */
    struct text ids[LIMIT_EDIT_IDS];
    size_t id_count;
    bool is_all, is_trial, is_sure;
    struct edit edit;
    uint64_t goes_on; /* the edit to continue; 0: none */
    int changes;      /* options given that say what to do */
    struct query query;
    struct edit_record before; /* of the edit to continue */
};

static const struct option options[] = {
    {"search", required_argument, NULL, PARAMETER},
    {"category", required_argument, NULL, PARAMETER},
    {"publisher", required_argument, NULL, PARAMETER},
    {"edition", required_argument, NULL, PARAMETER},
    {"from", required_argument, NULL, PARAMETER},
    {"until", required_argument, NULL, PARAMETER},
    {"id", required_argument, NULL, ID},
    {"all", no_argument, NULL, ALL},
    {"set", required_argument, NULL, SET},
    {"clear", required_argument, NULL, CLEAR},
    {"replace", required_argument, NULL, REPLACE},
    {"delete", no_argument, NULL, DELETE},
    {"undo", required_argument, NULL, UNDO},
    {"continue", required_argument, NULL, GO_ON},
    {"dry-run", no_argument, NULL, TRIAL},
    {"yes", no_argument, NULL, YES},
    {NULL, 0, NULL, 0},
};

/* Reports wrong usage. Returns false. */
static bool mistake(const char *what)
{
    fprintf(stderr, "bookshare: %s; see `bookshare edit --help`\n", what);
    return false;
}

/* Parses the option that says what to do. Returns false after reporting an error. */
static bool read_change(struct job *job, int letter, int argc, char **argv)
{
    static const enum edit_kind kinds[] = {
        [SET] = EDIT_SET, [CLEAR] = EDIT_CLEAR, [REPLACE] = EDIT_REPLACE, [DELETE] = EDIT_DELETE, [UNDO] = EDIT_UNDO};
    struct text value = text_from_cstr(optarg);

    job->changes++;
    if (letter == UNDO || letter == GO_ON) {
        *(letter == UNDO ? &job->edit.undoes : &job->goes_on) = text_is_number(value) ? text_number(value) : 0;
        job->edit.kind = EDIT_UNDO;
        return text_number(value) > 0 || mistake("an edit has a number from 1");
    }
    job->edit.kind = kinds[letter];
    if (letter == DELETE)
        return true;
    if (letter == SET && strchr(optarg, '=') == NULL)
        return mistake("--set needs FIELD=VALUE");
    job->edit.field = book_field_of(letter == SET ? text_split(&value, '=') : value);
    if (letter == SET)
        job->edit.new_text = value;
    if (letter != REPLACE)
        return true;
    if (optind + 2 > argc)
        return mistake("--replace needs FIELD OLD NEW");
    job->edit.old_text = text_from_cstr(argv[optind++]);
    job->edit.new_text = text_from_cstr(argv[optind++]);
    return true;
}

/* Parses one option. Returns false after reporting an error. */
static bool read_option(struct job *job, int letter, int index, int argc, char **argv)
{
    switch (letter) {
    case PARAMETER:
        if (job->parameters.count < LIMIT_PARAMETERS)
            job->parameters.all[job->parameters.count++] =
                (struct parameter){text_from_cstr(options[index].name), text_from_cstr(optarg)};
        return true;
    case ID:
        if (job->id_count == LIMIT_EDIT_IDS)
            return mistake("too many IDs");
        job->ids[job->id_count++] = text_from_cstr(optarg);
        return true;
    case ALL:
        job->is_all = true;
        return true;
    case TRIAL:
        job->is_trial = true;
        return true;
    case YES:
        job->is_sure = true;
        return true;
    case '?': /* getopt has reported the error */
        return false;
    default:
        return read_change(job, letter, argc, argv);
    }
}

/* Checks that the options fit together. Returns false after reporting an error. */
static bool check_options(struct job *job, struct arena *arena)
{
    const int ways = (job->parameters.count > 0) + (job->id_count > 0) + job->is_all;
    const char *fault;

    if (job->changes != 1)
        return mistake(job->changes == 0 ? "say what to change" : "say only one change");
    if (job->edit.kind == EDIT_UNDO)
        return ways == 0 || mistake("the books are those of the edit");
    if (ways != 1)
        return mistake(ways == 0 ? "say which books, or --all" : "say which books in one way");
    fault = query_read(&job->parameters, arena, &job->query);
    if (fault == NULL && !job->is_all && job->id_count == 0 && query_is_whole(&job->query))
        fault = "say which books, or --all";
    if (fault == NULL)
        fault = edit_check(&job->edit, arena);
    return fault == NULL || mistake(fault);
}

static bool read_words(struct job *job, int argc, char **argv, struct arena *arena)
{
    static struct parameter all[LIMIT_PARAMETERS];
    int letter, index = 0;

    job->parameters.all = all;
    optind = 1;
    while ((letter = getopt_long(argc, argv, "", options, &index)) != -1)
        if (!read_option(job, letter, index, argc, argv))
            return false;
    return optind == argc ? check_options(job, arena) : mistake("unknown argument");
}

/* Prints a text as one displayable line. */
static void print(const char *before, struct text text, const char *after, struct arena *arena)
{
    const struct text line = text_line(arena, text);

    printf("%s%.*s%s", before, (int)line.len, line.at, after);
}

static void show_sample(const struct edit_plan *plan, const struct edit_sample *sample, struct arena *arena)
{
    const struct edit *edit = &plan->wish.edit;

    print("  ", sample->before.field[BOOK_ID], ": ", arena);
    if (sample->fault != NULL) {
        printf("%s\n", sample->fault);
    } else if (edit->kind == EDIT_DELETE) {
        print("", sample->before.field[BOOK_TITLE], "\n", arena);
    } else {
        print("“", sample->before.field[edit->field], "” -> ", arena);
        print("“", sample->after.field[edit->field], "”\n", arena);
    }
}

static void show_samples(const struct edit_plan *plan, const struct edit_sample *samples, size_t count, uint64_t total,
                         struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        show_sample(plan, &samples[i], arena);
    if (count > 0 && total > count)
        printf("  ... and %llu more\n", (unsigned long long)(total - count));
}

/* Prints what would be done. Returns whether there is something to do. */
static bool show_plan(const struct edit_plan *plan, struct arena *arena)
{
    printf("%s: %llu book%s found, %llu to change, %llu unchanged\n", edit_words(&plan->wish.edit, arena),
           (unsigned long long)plan->found, plan->found == 1 ? "" : "s", (unsigned long long)plan->changes,
           (unsigned long long)plan->unchanged);
    if (plan->refused == 0) {
        show_samples(plan, plan->samples, plan->sample_count, plan->changes, arena);
        return plan->changes > 0 || plan->wish.goes_on != NULL;
    }
    show_samples(plan, plan->faults, plan->fault_count, plan->refused, arena);
    return false;
}

/* Asks on the terminal. Returns whether the answer is yes. */
static bool is_confirmed(const struct edit_plan *plan)
{
    char answer[16] = "";

    if (!isatty(STDIN_FILENO)) {
        fputs("bookshare: nothing was changed; use --yes to change the books\n", stderr);
        return false;
    }
    printf("Change %llu book%s? [y/N] ", (unsigned long long)plan->changes, plan->changes == 1 ? "" : "s");
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static volatile sig_atomic_t is_ended; /* a signal has asked to stop */

static void on_end(int signal)
{
    (void)signal;
    is_ended = 1;
}

static bool after_slice(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    report_progress(done, total, "");
    return is_ended == 0;
}

static int run(struct job *job, struct catalogue *catalogue, const struct edit_plan *plan)
{
    const struct sigaction end = {.sa_handler = on_end, .sa_flags = (int)SA_RESETHAND};
    const int64_t started = clock_us();
    struct edit_run run = {0};
    uint64_t token;
    double seconds;
    struct err err;
    enum err_code code = catalogue_edit_token(&token, &err);

    if (code == ERR_OK)
        code = catalogue_edit_start(catalogue, plan, token, text_from_cstr("edit"), &run, &err);
    if (code != ERR_OK)
        return report(code, &err);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    code = catalogue_edit_run(catalogue, plan, &run, SLICE, after_slice, NULL, &err);
    seconds = (double)(clock_us() - started) / 1e6;
    printf("edit %llu: changed %llu of %llu, skipped %llu (%.1f s, %.0f books/s)\n",
           (unsigned long long)run.record.number, (unsigned long long)run.record.done,
           (unsigned long long)run.record.planned, (unsigned long long)run.record.skipped, seconds,
           seconds > 0 ? (double)(run.record.done - job->before.done) / seconds : 0);
    if (run.record.state == EDIT_STOPPED)
        fprintf(stderr, "bookshare: stopped early; go on with `bookshare edit --continue %llu`\n",
                (unsigned long long)run.record.number);
    if (code == ERR_OK && run.record.state == EDIT_STOPPED)
        return EXIT_FAILED;
    return report(code, &err);
}

/* Makes the wish of an edit that goes on from its row. Returns false after reporting an error. */
static bool read_stopped(struct job *job, struct catalogue *catalogue, struct edit_wish *wish, struct arena *arena)
{
    struct err err;
    enum err_code code = catalogue_edit_get(catalogue, job->goes_on, arena, &job->before, &err);

    if (code == ERR_OK)
        code = catalogue_edit_again(&job->before, &job->query, wish, arena, &err);
    return report(code, &err) == EXIT_FINE;
}

int edit_command(int argc, char **argv, struct catalogue *catalogue)
{
    struct job job = {0};
    struct arena arena = {0};
    struct edit_plan plan;
    struct edit_wish wish;
    struct err err;
    enum err_code code;
    int status = EXIT_USAGE;

    if (read_words(&job, argc, argv, &arena)) {
        wish = (struct edit_wish){
            .edit = job.edit, .query = job.id_count == 0 ? &job.query : NULL, .ids = job.ids, .id_count = job.id_count};
        status = EXIT_FAILED;
        if (job.goes_on == 0 || read_stopped(&job, catalogue, &wish, &arena)) {
            code = catalogue_edit_plan(catalogue, &wish, &plan, &err);
            status = report(code, &err);
            if (code == ERR_OK && show_plan(&plan, &arena) && !job.is_trial)
                status = job.is_sure || is_confirmed(&plan) ? run(&job, catalogue, &plan) : EXIT_FAILED;
            if (code == ERR_OK && plan.refused > 0) {
                fprintf(stderr, "bookshare: nothing was changed: %llu book%s would not be valid\n",
                        (unsigned long long)plan.refused, plan.refused == 1 ? "" : "s");
                status = EXIT_FAILED;
            }
            edit_plan_free(&plan);
        }
    }
    arena_free(&arena);
    return status;
}
