#include "cli/token.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/report.h"
#include "people/people.h"

const char token_usage[] = "Usage: bookshare token add --user NAME [--scope read|write] [--days N]\n"
                           "       bookshare token list\n"
                           "       bookshare token revoke NUMBER\n"
                           "\n"
                           "Manages the tokens with which programs use the API: Authorization: Bearer TOKEN\n"
                           "\n"
                           "  add     prints a new token; it is stored nowhere and cannot be shown again\n"
                           "  list    lists the numbers of all tokens, whose they are, and when they were used\n"
                           "  revoke  ends a token\n"
                           "\n"
                           "  --user NAME   the person for whom the program works: it may do what they may do,\n"
                           "                but nothing that needs an admin\n"
                           "  --scope read  only reading (default)\n"
                           "  --days N      its life, 1 to 3650 days (default 90)\n";

/* A running command. */
struct job {
    struct people *people;
    struct arena arena;
    struct err err;
};

/* What `add` is to do. */
struct wish {
    struct text user;
    bool may_write;
    unsigned days;
};

/* Reads the options of `add`. Returns false if they are wrong. */
static bool read_wish(int argc, char **argv, struct wish *wish)
{
    static const struct option options[] = {{"user", required_argument, NULL, 'u'},
                                            {"scope", required_argument, NULL, 's'},
                                            {"days", required_argument, NULL, 'd'},
                                            {NULL, 0, NULL, 0}};
    struct text scope = {"read", 4}, days = {"90", 2};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'u')
            wish->user = text_from_cstr(optarg);
        else if (option == 's')
            scope = text_from_cstr(optarg);
        else if (option == 'd')
            days = text_from_cstr(optarg);
        else
            return false;
    }
    wish->may_write = text_equal_string(scope, "write");
    wish->days = (unsigned)text_number(days);
    return optind == argc - 1 && wish->user.len > 0 && (wish->may_write || text_equal_string(scope, "read")) &&
           text_is_number(days) && days.len <= 4 && wish->days >= 1 && wish->days <= LIMIT_TOKEN_DAYS;
}

static enum err_code add(struct job *job, const struct wish *wish)
{
    struct person person;
    struct text secret;
    enum err_code code = people_get(job->people, wish->user, &job->arena, &person, &job->err);

    if (code == ERR_OK)
        code = people_give_token(job->people, &person, wish->may_write, wish->days, &job->arena, &secret, &job->err);
    if (code == ERR_OK)
        printf("%.*s\n", (int)secret.len, secret.at);
    return code;
}

static enum err_code list(struct job *job)
{
    struct token_list tokens;
    const enum err_code code = people_tokens(job->people, &job->arena, &tokens, &job->err);

    for (size_t i = 0; code == ERR_OK && i < tokens.count; i++) {
        const struct token *token = &tokens.all[i];

        printf("%llu %.*s %s since %.*s used %.*s ends %.*s UTC\n", (unsigned long long)token->key,
               (int)token->person.len, token->person.at, token->may_write ? "write" : "read", (int)token->made_at.len,
               token->made_at.at, (int)token->used_at.len, token->used_at.at, (int)token->ends_at.len,
               token->ends_at.at);
    }
    return code;
}

int token_command(int argc, char **argv, const struct config *config, struct catalogue *catalogue)
{
    static const char *const commands[] = {"add", "list", "revoke", "--help"};
    struct job job = {.people = people_new(config, catalogue_store(catalogue))};
    const char *what = argc > 1 ? argv[1] : "";
    struct wish wish = {0};
    int status = EXIT_USAGE;

    if (strcmp(what, "list") == 0 && argc == 2)
        status = report(list(&job), &job.err);
    else if (strcmp(what, "revoke") == 0 && argc == 3 && text_is_number(text_from_cstr(argv[2])))
        status = report(people_end_token(job.people, text_number(text_from_cstr(argv[2])), &job.err), &job.err);
    else if (strcmp(what, "add") == 0 && read_wish(argc, argv, &wish))
        status = report(add(&job, &wish), &job.err);
    else
        status = report_mistake("command of token", what, commands, sizeof commands / sizeof *commands, token_usage);
    arena_free(&job.arena);
    people_free(job.people);
    return status;
}
