#include "base/config_check.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/folder.h"

/* Tells what is wrong with a setting. Returns false. */
static bool refuse(config_problem *tell, const char *name, const char *path, const char *why, const char *remedy)
{
    struct buf problem = {0};

    buf_add_format(&problem, "%s: %s: %s; %s", name, path, why, remedy);
    tell(buf_string(&problem));
    buf_free(&problem);
    return false;
}

/* Checks the option file. Returns whether it has any content. */
static bool check_options(const char *path, config_problem *tell)
{
    static const char name[] = "BOOKSHARE_MYSQL_DEFAULTS";
    FILE *file = fopen(path, "re");
    int byte = EOF;

    if (file != NULL) {
        while ((byte = fgetc(file)) != EOF && isspace(byte))
            continue;
        if (byte == EOF && !ferror(file))
            errno = 0;
        fclose(file);
    }
    if (byte != EOF)
        return true;
    return refuse(tell, name, path, file == NULL || errno != 0 ? strerror(errno) : "the file is empty",
                  "write it as in contrib/my.cnf.example, readable for the user of the workers");
}

static bool check_templates(const char *folder, config_problem *tell)
{
    struct buf path = {0};
    bool is_there;

    buf_add_format(&path, "%s/list.cs", folder);
    is_there = access(buf_string(&path), R_OK) == 0 ||
               refuse(tell, "BOOKSHARE_TEMPLATES", buf_string(&path), strerror(errno),
                      "set it to the folder of the templates that came with this program");
    buf_free(&path);
    return is_there;
}

static bool check_folder(const char *name, const char *path, const char *remedy, config_problem *tell)
{
    return (folder_make(path) && access(path, R_OK | W_OK | X_OK) == 0) ||
           refuse(tell, name, path, strerror(errno), remedy);
}

bool config_check(const struct config *config, config_problem *tell)
{
    bool is_fine = check_options(config->mysql_defaults, tell);

    is_fine &= check_templates(config->templates, tell);
    if (strcmp(config->find_index, "off") != 0)
        is_fine &= check_folder("BOOKSHARE_FIND_INDEX", config->find_index,
                                "create it for the user of the workers, or set it to off", tell);
    if (config->page_files[0] != '\0')
        is_fine &= check_folder("BOOKSHARE_PAGE_FILES", config->page_files,
                                "create it for the user of the workers, or leave it empty", tell);
    return is_fine;
}
