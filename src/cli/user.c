#include "cli/user.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/report.h"
#include "people/password.h"
#include "people/people.h"
#include "view/link.h"

const char user_usage[] =
    "Usage: bookshare user list\n"
    "       bookshare user add NAME [--role ROLE] [--invite]\n"
    "       bookshare user role NAME ROLE\n"
    "       bookshare user invite NAME\n"
    "       bookshare user remove NAME [--hide-name]\n"
    "\n"
    "Manages the people who may sign in (BOOKSHARE_AUTH=accounts), or whom the web server\n"
    "names (BOOKSHARE_AUTH=web-server).\n"
    "\n"
    "  add     adds a person; reads their password from the terminal or from the first line of\n"
    "          standard input, unless the web server checks it\n"
    "  invite  prints the address of a page on which they choose a password: it works once, for a week\n"
    "\n"
    "  --role ROLE  reader (default), editor (adds, updates and deletes books) or admin\n"
    "               (imports files, manages users)\n"
    "  --invite     like the command, instead of reading a password\n"
    "  --hide-name  also replace the name in the log of changes, by a number; if that was\n"
    "               interrupted, the same command goes on\n";

/* A running command. */
struct job {
    const struct config *config;
    struct people *people;
    struct arena arena;
    struct err err;
};

/* Reads a line without its end into arena. Returns false if there is none. */
static bool read_line(struct arena *arena, struct text *line)
{
    char *bytes = NULL;
    size_t size = 0;
    const ssize_t len = getline(&bytes, &size, stdin);

    if (len >= 0)
        *line = text_copy(arena, (struct text){bytes, strcspn(bytes, "\r\n")});
    if (bytes != NULL)
        explicit_bzero(bytes, size);
    free(bytes);
    return len >= 0;
}

/* Asks for a line that the terminal does not show. */
static bool ask(struct arena *arena, const char *prompt, struct text *line)
{
    struct termios shown, hidden;
    bool is_read;

    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return read_line(arena, line);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG); /* no signal may leave the terminal like this */
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    fprintf(stderr, "%s: ", prompt); /* then nothing that is typed after it is shown or lost */
    is_read = read_line(arena, line);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    return is_read;
}

/* Reads a new password, from a terminal twice. */
static enum err_code read_password(struct job *job, struct text *password)
{
    struct text again;
    const char *fault;

    if (!ask(&job->arena, "New password", password))
        return err_set(&job->err, ERR_INVALID, "no password on standard input");
    fault = password_fault(*password);
    if (fault != NULL)
        return err_set(&job->err, ERR_INVALID, "%s", fault);
    if (isatty(STDIN_FILENO) && (!ask(&job->arena, "The same again", &again) || !text_equal(*password, again)))
        return err_set(&job->err, ERR_INVALID, "the two passwords differ");
    return ERR_OK;
}

static enum err_code list(struct job *job)
{
    struct person_list people;
    const enum err_code code = people_list(job->people, &job->arena, &people, &job->err);

    for (size_t i = 0; code == ERR_OK && i < people.count; i++) {
        const struct person *person = &people.all[i];

        printf("%-24.*s %-8s since %.*s UTC%s\n", (int)person->name.len, person->name.at, role_name(person->role),
               (int)person->made_at.len, person->made_at.at,
               person->has_password || job->config->auth == AUTH_WEB_SERVER ? "" : ", no password yet");
    }
    return code;
}

static enum err_code invite(struct job *job, struct text name)
{
    struct person person;
    struct text secret;
    enum err_code code = people_get(job->people, name, &job->arena, &person, &job->err);

    if (code == ERR_OK)
        code = people_give_key(job->people, &person, PEOPLE_INVITATION, text_from_cstr(""), &job->arena, &secret,
                               &job->err);
    if (code == ERR_OK)
        printf("%s%s\n", link_site(), link_invitation(&job->arena, secret));
    return code;
}

static enum err_code add(struct job *job, struct text name, enum role role, bool is_invited)
{
    const bool wants_password = !is_invited && job->config->auth != AUTH_WEB_SERVER;
    struct text password;
    struct person person;
    enum err_code code = ERR_OK;

    if (people_name_fault(name) != NULL)
        return err_set(&job->err, ERR_INVALID, "%s", people_name_fault(name));
    if (wants_password)
        code = read_password(job, &password);
    if (code == ERR_OK)
        code = people_add(job->people, name, role, &job->err);
    if (code == ERR_OK && wants_password)
        code = people_get(job->people, name, &job->arena, &person, &job->err);
    if (code == ERR_OK && wants_password)
        code = people_set_password(job->people, &person, password, &job->arena, &job->err);
    return code == ERR_OK && is_invited ? invite(job, name) : code;
}

/*
 * Takes the names of those who were removed out of the log of changes. Returns whether that of name was among them, and
 * all went well.
 */
static enum err_code hide_names(struct job *job, struct text name, bool *was_hidden)
{
    struct hidden_name part;
    uint64_t changes = 0;
    enum err_code code;

    *was_hidden = false;
    while ((code = people_hide_some(job->people, &job->arena, &part, &job->err)) == ERR_OK) {
        changes += part.changes;
        report_progress(part.version, part.last, " versions");
        if (!part.is_done)
            continue;
        printf("Replaced '%.*s' by '%.*s' in %llu change%s.\n", (int)part.name.len, part.name.at, (int)part.alias.len,
               part.alias.at, (unsigned long long)changes, changes == 1 ? "" : "s");
        *was_hidden |= text_equal(part.name, name);
        changes = 0;
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Removes a person. If they are gone and their name was being hidden, goes on with that. */
static enum err_code leave(struct job *job, struct text name, bool hides_name)
{
    struct person person;
    bool was_hidden = false;
    struct err missing;
    enum err_code hiding = ERR_OK;
    enum err_code code = people_get(job->people, name, &job->arena, &person, &missing);

    if (code == ERR_OK)
        code = people_remove(job->people, NULL, &person, hides_name, &missing);
    if (hides_name && (code == ERR_OK || code == ERR_NOT_FOUND))
        hiding = hide_names(job, name, &was_hidden);
    if (hiding != ERR_OK)
        return hiding;
    job->err = missing;
    return code == ERR_NOT_FOUND && was_hidden ? ERR_OK : code;
}

/* Reads the options of `add`. Returns false if they are wrong. */
static bool read_options(int argc, char **argv, enum role *role, bool *is_invited)
{
    static const struct option options[] = {
        {"role", required_argument, NULL, 'r'}, {"invite", no_argument, NULL, 'i'}, {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'i')
            *is_invited = true;
        else if (option != 'r' || !role_from_name(text_from_cstr(optarg), role))
            return false;
    }
    return true;
}

/* Runs the command. Returns false if it is none. */
static bool run(struct job *job, int argc, char **argv, enum err_code *code)
{
    const char *what = argc > 1 ? argv[1] : "";
    enum role role = ROLE_READER;
    bool is_invited = false;
    struct text name;

    if (strcmp(what, "add") != 0) {
        optind = 2;
    } else if (!read_options(argc, argv, &role, &is_invited)) {
        return false;
    } else {
        optind++; /* getopt has put the options before the other words */
    }
    name = text_from_cstr(optind < argc ? argv[optind] : NULL);
    if (strcmp(what, "list") == 0 && argc == 2)
        *code = list(job);
    else if (strcmp(what, "add") == 0 && argc == optind + 1)
        *code = add(job, name, role, is_invited);
    else if (strcmp(what, "role") == 0 && argc == 4 && role_from_name(text_from_cstr(argv[3]), &role))
        *code = people_set_role(job->people, NULL, name, role, &job->err);
    else if (strcmp(what, "invite") == 0 && argc == 3)
        *code = invite(job, name);
    else if (strcmp(what, "remove") == 0 && (argc == 3 || (argc == 4 && strcmp(argv[3], "--hide-name") == 0)))
        *code = leave(job, name, argc == 4);
    else
        return false;
    return true;
}

int user_command(int argc, char **argv, const struct config *config, struct catalogue *catalogue)
{
    static const char *const commands[] = {"add", "invite", "list", "remove", "role", "--help"};
    struct job job = {.config = config, .people = people_new(config, catalogue_store(catalogue))};
    enum err_code code;
    int status = EXIT_USAGE;

    link_set_site(config->base, config->url);
    if (run(&job, argc, argv, &code))
        status = report(code, &job.err);
    else
        report_mistake("command of user", argc > 1 ? argv[1] : "", commands, sizeof commands / sizeof *commands,
                       user_usage);
    arena_wipe(&job.arena);
    arena_free(&job.arena);
    people_free(job.people);
    return status;
}
