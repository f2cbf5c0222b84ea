/*
 * config: what an operator can set, read once from the environment and from a file, which the workers and the command
 * line find in the same place. Each setting has a default and stands in one table in config.c; `bookshare check` prints
 * them all.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* The strings are owned by the config and live as long as it. */
struct config {
    char *settings;       /* file of settings (base/settings_file.h) */
    char *mysql_defaults; /* option file with user, password and address of MySQL */
    char *mysql_database;
    long mysql_connect_s; /* seconds to wait for a connection */
    long mysql_timeout_s; /* seconds to wait for an answer */
    char *redis_url;
    long check_ms; /* the check interval: how long a comparison with MySQL holds, in milliseconds; 0: not at all */
    long check_timeout_ms; /* milliseconds to wait for MySQL's version before it counts as away */
    long search_ms;        /* milliseconds that a search may take */
    long redis_connect_ms; /* milliseconds to wait for a connection */
    long redis_timeout_ms; /* milliseconds to wait for an answer */
    char *cache_prefix;    /* what the names of all our Redis keys begin with */
    char *page_files;      /* folder of the page files; empty: none */
    long page_files_mb;    /* megabytes that they may take */
    char *find_index;      /* folder of the search index; "off": none */
    char *shared;          /* folder of what the processes of this host share (base/shared.h) */
    char *hosts;           /* the names that this site answers for, with commas or blanks between; empty: any */
    char *templates;       /* folder of the templates */
    char *log_level;
};

/*
 * Fills config and sets the log level: from the environment, else from the file that BOOKSHARE_SETTINGS names, else by
 * default. Empty is not set. The file need not be there unless BOOKSHARE_SETTINGS is set. ERR_INVALID names the setting
 * that is wrong and what it takes, or says what is wrong with the file; config must be freed in this case too.
 */
enum err_code config_load(struct config *config, struct err *err);

void config_free(struct config *config);

/* Where the password of a URL lies: from start to before end, in bytes. Both are its length if it has none. */
struct url_password {
    size_t start, end;
};
void config_find_password(const char *url, struct url_password *password);

/* Writes a line for each setting: name, value, meaning. Passwords within a URL are shown as "***". */
void config_print(const struct config *config, FILE *out);

#endif
