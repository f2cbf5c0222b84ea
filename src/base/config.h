/*
 * config: the settings, read once from the environment and from a file, which the workers and the command line look for
 * in the same place. One table in config.c lists every setting and its default; `bookshare check` prints them all.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* How people are known: everybody may do everything; by accounts of this site; by the web server. */
enum { AUTH_OPEN, AUTH_ACCOUNTS, AUTH_WEB_SERVER };

/* Who may read: everybody, or only people with a role. */
enum { READ_PUBLIC, READ_MEMBERS };

/* The config owns the strings. */
struct config {
    char *settings;       /* file of settings (base/settings_file.h) */
    char *mysql_defaults; /* option file with user, password and address of MySQL */
    char *mysql_database;
    long mysql_connect_s;   /* seconds to wait for a connection */
    long mysql_timeout_s;   /* seconds to wait for an answer */
    long mysql_connections; /* maximum of this host; 0: none */
    char *redis_url;        /* "off": no Redis */
    long check_ms;          /* the check interval: how long a comparison with MySQL is valid, in ms; 0: not at all */
    long check_timeout_ms;  /* milliseconds to wait for MySQL's version before it counts as down */
    long search_ms;         /* milliseconds that a search may take */
    long redis_connect_ms;  /* milliseconds to wait for a connection */
    long redis_timeout_ms;  /* milliseconds to wait for an answer */
    char *cache_prefix;     /* prefix of the names of all keys in Redis */
    char *page_files;       /* folder of the page files; empty: none */
    long page_files_mb;     /* their maximum size in megabytes */
    char *find_index;       /* folder of the search index; "off": none */
    char *shared;           /* folder of the files that the processes of this host share (base/shared.h) */
    long auth;              /* who is known: AUTH_... */
    long read;              /* who may read: READ_... */
    char *base;             /* path of the site in URLs, without a final slash: "" or "/~user/books" */
    char *url;              /* where visitors find the site, without base: "https://books.example.org"; "": unknown */
    char *hosts;            /* the host names that this site accepts, separated by commas or blanks; empty: any */
    char *templates;        /* folder of the templates */
    char *log_level;
};

/*
 * Fills config and sets the log level. A value comes from the environment, else from the file that BOOKSHARE_SETTINGS
 * names, else from the default. An empty value counts as not set. The file may be missing unless BOOKSHARE_SETTINGS is
 * set. ERR_INVALID names the wrong or unknown setting and its valid values, or says what is wrong with the file; the
 * caller must free config in this case too.
 */
enum err_code config_load(struct config *config, struct err *err);

void config_free(struct config *config);

/* The position of the password in a URL, in bytes, excluding end. Both are the URL's length if it has no password. */
struct url_password {
    size_t start, end;
};
void config_find_password(const char *url, struct url_password *password);

/* Writes a line for each setting: name, value, meaning. Passwords in a URL are printed as "***". */
void config_print(const struct config *config, FILE *out);

#endif
