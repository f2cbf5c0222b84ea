#include "base/config.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/program.h"
#include "base/settings_file.h"
#include "base/similar.h"
#include "base/text.h"

#ifndef BOOKSHARE_SYSCONFDIR
#define BOOKSHARE_SYSCONFDIR "/etc/bookshare"
#endif
#ifndef BOOKSHARE_LOCALSTATEDIR
#define BOOKSHARE_LOCALSTATEDIR "/var"
#endif
#ifndef BOOKSHARE_DATADIR
#define BOOKSHARE_DATADIR "/usr/local/share/bookshare"
#endif

enum kind { STRING, PATH /* its default may be relative, see program_path() */, URL, NUMBER, CHOICE };

static const struct setting {
    const char *name;
    enum kind kind;
    size_t offset; /* in struct config */
    const char *otherwise;
    long least, most;    /* of a NUMBER */
    const char *meaning; /* of a CHOICE: begins with the choices, in the order of their numbers: "a | b: ..." */
} settings[] = {
    {"BOOKSHARE_SETTINGS", PATH, offsetof(struct config, settings), BOOKSHARE_SYSCONFDIR "/environment", 0, 0,
     "file with the settings below, one NAME=value per line; the environment takes precedence"},
    {"BOOKSHARE_MYSQL_DEFAULTS", PATH, offsetof(struct config, mysql_defaults), BOOKSHARE_SYSCONFDIR "/my.cnf", 0, 0,
     "option file, group [bookshare]: user, password, host, port, socket, ssl"},
    {"BOOKSHARE_MYSQL_DATABASE", STRING, offsetof(struct config, mysql_database), "music_share", 0, 0,
     "database that holds the table music"},
    {"BOOKSHARE_MYSQL_CONNECT_S", NUMBER, offsetof(struct config, mysql_connect_s), "2", 1, 60,
     "seconds to wait for a connection to MySQL"},
    {"BOOKSHARE_MYSQL_TIMEOUT_S", NUMBER, offsetof(struct config, mysql_timeout_s), "30", 1, 3600,
     "seconds to wait for a reply from MySQL"},
    {"BOOKSHARE_MYSQL_CONNECTIONS", NUMBER, offsetof(struct config, mysql_connections), "0", 0, 256,
     "maximum number of connections of this host to MySQL, for all workers together; 0: one for each worker and "
     "rebuild"},
    {"BOOKSHARE_REDIS_URL", URL, offsetof(struct config, redis_url), "redis://127.0.0.1:6379/0", 0, 0,
     "redis://[user:password@]host[:port][/number] or unix://[user:password@]/path[?db=number]; off, on all hosts: no "
     "Redis"},
    {"BOOKSHARE_REDIS_CONNECT_MS", NUMBER, offsetof(struct config, redis_connect_ms), "50", 1, 60000,
     "milliseconds to wait for a connection to Redis"},
    {"BOOKSHARE_REDIS_TIMEOUT_MS", NUMBER, offsetof(struct config, redis_timeout_ms), "200", 1, 60000,
     "milliseconds to wait for a reply from Redis; a rebuild of the list waits ten times as long"},
    {"BOOKSHARE_CHECK_MS", NUMBER, offsetof(struct config, check_ms), "1000", 0, 60000,
     "check interval: how many milliseconds to trust the list in Redis after a comparison with MySQL"},
    {"BOOKSHARE_CHECK_TIMEOUT_MS", NUMBER, offsetof(struct config, check_timeout_ms), "1000", 1, 60000,
     "milliseconds to wait for such a comparison before MySQL counts as down"},
    {"BOOKSHARE_CACHE_PREFIX", STRING, offsetof(struct config, cache_prefix), "{bookshare}", 0, 0,
     "prefix of the keys in Redis"},
    {"BOOKSHARE_PAGE_FILES", STRING, offsetof(struct config, page_files), "", 0, 0,
     "folder of the page files, which nginx serves without asking a worker; empty: none (one host only)"},
    {"BOOKSHARE_PAGE_FILES_MB", NUMBER, offsetof(struct config, page_files_mb), "512", 1, 1000000,
     "maximum size of the page files, in megabytes"},
    {"BOOKSHARE_FIND_INDEX", PATH, offsetof(struct config, find_index), BOOKSHARE_LOCALSTATEDIR "/cache/bookshare", 0,
     0, "folder of the search index, about 160 bytes per book; off: MySQL searches"},
    {"BOOKSHARE_SHARED", STRING, offsetof(struct config, shared), "", 0, 0,
     "folder of the state that the processes of this host share; empty: /dev/shm/bookshare-UID"},
    {"BOOKSHARE_AUTH", CHOICE, offsetof(struct config, auth), "accounts", 0, 0,
     "open | accounts | web-server: everybody may do everything; or people sign in with accounts of this site; or the "
     "web server names them in REMOTE_USER"},
    {"BOOKSHARE_READ", CHOICE, offsetof(struct config, read), "public", 0, 0,
     "public | members: everybody may read; or only people with a role, unless the site is open"},
    {"BOOKSHARE_BASE", STRING, offsetof(struct config, base), "", 0, 0,
     "path of the site in URLs, such as /~user/books, of letters, digits and - . _ ~ between slashes; empty: the root"},
    {"BOOKSHARE_URL", STRING, offsetof(struct config, url), "", 0, 0,
     "address at which visitors find the site, without the path, such as https://books.example.org: for previews of "
     "links, feeds and invitations; empty: that of each request, and no previews"},
    {"BOOKSHARE_HOSTS", STRING, offsetof(struct config, hosts), "", 0, 0,
     "host names that the site accepts, such as books.example.org, without port, separated by commas; empty: any"},
    {"BOOKSHARE_SEARCH_MS", NUMBER, offsetof(struct config, search_ms), "2000", 10, 60000,
     "milliseconds before a search is cancelled"},
    {"BOOKSHARE_TEMPLATES", PATH, offsetof(struct config, templates), BOOKSHARE_DATADIR "/templates", 0, 0,
     "folder of the templates"},
    {"BOOKSHARE_LOG_LEVEL", STRING, offsetof(struct config, log_level), "info", 0, 0, "error, warn, info or debug"},
};

enum { SETTINGS = sizeof settings / sizeof *settings, NAME_BYTES = 128 };

static const char prefix[] = "BOOKSHARE_";

static char **string_at(struct config *config, const struct setting *setting)
{
    return (char **)((char *)config + setting->offset);
}

static long *number_at(struct config *config, const struct setting *setting)
{
    return (long *)((char *)config + setting->offset);
}

static enum err_code set_number(struct config *config, const struct setting *setting, const char *value,
                                struct err *err)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < setting->least || number > setting->most)
        return err_set(err, ERR_INVALID, "%s must be a whole number from %ld to %ld, not '%.40s'", setting->name,
                       setting->least, setting->most, value);
    *number_at(config, setting) = number;
    return ERR_OK;
}

static enum err_code set_choice(struct config *config, const struct setting *setting, const char *value,
                                struct err *err)
{
    const int len = (int)strcspn(setting->meaning, ":");
    struct text rest = {setting->meaning, (size_t)len};

    for (long number = 0; rest.len > 0; number++) {
        if (!text_equal_string(text_trim(text_split(&rest, '|')), value))
            continue;
        *number_at(config, setting) = number;
        return ERR_OK;
    }
    return err_set(err, ERR_INVALID, "%s must be one of: %.*s; not '%.40s'", setting->name, len, setting->meaning,
                   value);
}

/* Sets one setting. */
static enum err_code set_value(struct config *config, const struct setting *setting, const char *value, struct err *err)
{
    if (setting->kind == NUMBER)
        return set_number(config, setting, value, err);
    if (setting->kind == CHOICE)
        return set_choice(config, setting, value, err);
    free(*string_at(config, setting));
    *string_at(config, setting) = mem_string(value);
    return ERR_OK;
}

static enum err_code set_default(struct config *config, const struct setting *setting, struct err *err)
{
    if (setting->kind != PATH)
        return set_value(config, setting, setting->otherwise, err);
    *string_at(config, setting) = program_path(setting->otherwise);
    return ERR_OK;
}

/* Refuses an unknown setting, and says which one was probably meant. */
static enum err_code refuse_name(const char *name, struct err *err)
{
    const char *names[SETTINGS], *meant;

    for (size_t i = 0; i < SETTINGS; i++)
        names[i] = settings[i].name;
    meant = similar_name(name, names, SETTINGS);
    return meant != NULL ? err_set(err, ERR_INVALID, "unknown setting %.60s; did you mean %s?", name, meant)
                         : err_set(err, ERR_INVALID, "unknown setting %.60s; bookshare-worker(8) lists them", name);
}

/* Takes a setting from the file. Other programs may read the file too: names without our prefix are theirs. */
static enum err_code take_setting(void *context, const char *name, const char *value, struct err *err)
{
    for (size_t i = 1; i < SETTINGS; i++) /* the first one names the file itself */
        if (strcmp(name, settings[i].name) == 0)
            return *value != '\0' ? set_value(context, &settings[i], value, err) : ERR_OK;
    if (*value != '\0' && strncmp(name, prefix, sizeof prefix - 1) == 0)
        return refuse_name(name, err);
    return ERR_OK;
}

/* Refuses a name in the environment that looks like a setting and is none. An empty one counts as not set. */
static enum err_code check_name(const char *variable, struct err *err)
{
    const char *equals = strchr(variable, '=');
    char name[NAME_BYTES];

    if (strncmp(variable, prefix, sizeof prefix - 1) != 0 || equals == NULL || equals[1] == '\0')
        return ERR_OK;
    snprintf(name, sizeof name, "%.*s", (int)(equals - variable), variable);
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(name, settings[i].name) == 0)
            return ERR_OK;
    return guard_is_variable(name) ? ERR_OK : refuse_name(name, err);
}

/* Applies the settings in the environment. */
static enum err_code take_environment(struct config *config, struct err *err)
{
    enum err_code code = ERR_OK;

    for (char **variable = environ; code == ERR_OK && *variable != NULL; variable++)
        code = check_name(*variable, err);
    for (size_t i = 0; code == ERR_OK && i < SETTINGS; i++) {
        const char *value = getenv(settings[i].name);

        if (value != NULL && *value != '\0')
            code = set_value(config, &settings[i], value, err);
    }
    return code;
}

/* The default of BOOKSHARE_SHARED contains the user ID. */
static void set_shared(struct config *config)
{
    char folder[64];

    if (*config->shared != '\0')
        return;
    snprintf(folder, sizeof folder, "/dev/shm/bookshare-%u", (unsigned)geteuid());
    free(config->shared);
    config->shared = mem_string(folder);
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

/*
 * Returns whether a base path is valid: empty, or segments that each start with a slash and consist of characters that
 * need no encoding in a URL, a header, a page or a web server's configuration.
 */
static bool is_base(const char *base)
{
    const char *at = base;

    if (strlen(base) > LIMIT_BASE_BYTES)
        return false;
    while (*at == '/') {
        const char *segment = ++at;

        while (*at != '\0' && is_unreserved(*at))
            at++;
        if (at == segment || (at - segment <= 2 && strspn(segment, ".") == (size_t)(at - segment)))
            return false; /* empty, ".", or ".." */
    }
    return *at == '\0';
}

/*
 * Returns whether the address of the site is valid: empty, or scheme and host of characters that need no encoding, with
 * a port if there is one.
 */
static bool is_site_url(const char *url)
{
    const char *host = strncmp(url, "https://", 8) == 0 ? url + 8 : strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
    size_t len;

    if (*url == '\0')
        return true;
    if (host == NULL || strlen(url) > LIMIT_BASE_BYTES)
        return false;
    for (len = 0; is_unreserved(host[len]) && host[len] != '\0'; len++)
        ;
    return len > 0 && (host[len] == '\0' || (host[len] == ':' && host[len + 1] != '\0' &&
                                             strspn(host + len + 1, "0123456789") == strlen(host + len + 1)));
}

static bool is_redis_url(const char *url)
{
    return strcmp(url, "off") == 0 || strncasecmp(url, "redis://", 8) == 0 || strncasecmp(url, "unix://", 7) == 0;
}

/* Checks what the table of settings cannot. */
static enum err_code check(const struct config *config, struct err *err)
{
    enum log_level level;

    if (!is_base(config->base))
        return err_set(err, ERR_INVALID,
                       "BOOKSHARE_BASE must be a path such as /~user/books, not '%.40s': at most %d bytes, without a "
                       "final slash, only letters, digits and - . _ ~ between slashes, no segment . or ..",
                       config->base, LIMIT_BASE_BYTES);
    if (!is_site_url(config->url))
        return err_set(err, ERR_INVALID,
                       "BOOKSHARE_URL must be an address such as https://books.example.org, not '%.40s': at most %d "
                       "bytes, without a path and without a final slash",
                       config->url, LIMIT_BASE_BYTES);
    if (!is_redis_url(config->redis_url)) /* which may have a password */
        return err_set(err, ERR_INVALID, "BOOKSHARE_REDIS_URL must begin with redis:// or unix://, or be off");
    if (!log_level_from_name(config->log_level, &level))
        return err_set(err, ERR_INVALID, "BOOKSHARE_LOG_LEVEL must be error, warn, info or debug, not '%.40s'",
                       config->log_level);
    log_set_level(level);
    return ERR_OK;
}

enum err_code config_load(struct config *config, struct err *err)
{
    const char *named = getenv(settings[0].name);
    const bool is_named = named != NULL && *named != '\0';
    enum err_code code = ERR_OK;

    *config = (struct config){0};
    for (size_t i = 0; code == ERR_OK && i < SETTINGS; i++)
        code = set_default(config, &settings[i], err);
    if (code == ERR_OK)
        code = settings_file_read(is_named ? named : config->settings, take_setting, config, err);
    if (code == ERR_NOT_FOUND && !is_named)
        code = ERR_OK;
    if (code == ERR_OK)
        code = take_environment(config, err);
    if (code != ERR_OK)
        return ERR_INVALID;
    set_shared(config);
    return check(config, err);
}

void config_free(struct config *config)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (settings[i].kind != NUMBER && settings[i].kind != CHOICE)
            free(*string_at(config, &settings[i]));
    *config = (struct config){0};
}

void config_find_password(const char *url, struct url_password *password)
{
    const char *user = strstr(url, "://");
    const char *at = strrchr(url, '@');
    const char *colon;

    user = user != NULL ? user + 3 : url;
    *password = (struct url_password){strlen(url), strlen(url)};
    if (at == NULL || at < user)
        return;
    colon = memchr(user, ':', (size_t)(at - user));
    *password = (struct url_password){(size_t)((colon != NULL ? colon + 1 : user) - url), (size_t)(at - url)};
}

/* Prints a URL with "***" in place of its password. */
static void print_url(const char *url, FILE *out)
{
    struct url_password password;

    config_find_password(url, &password);
    fprintf(out, "%.*s%s%s", (int)password.start, url, password.end > password.start ? "***" : "", url + password.end);
}

/* Prints the name of a choice. */
static void print_choice(const struct setting *setting, long number, FILE *out)
{
    struct text rest = text_from_cstr(setting->meaning), choice = {"", 0};

    rest.len = strcspn(setting->meaning, ":");
    for (long i = 0; i <= number; i++)
        choice = text_trim(text_split(&rest, '|'));
    fprintf(out, "%.*s", (int)choice.len, choice.at);
}

void config_print(const struct config *config, FILE *out)
{
    struct config copy = *config; /* copies the pointers, not the strings */

    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];

        fprintf(out, "%s=", setting->name);
        switch (setting->kind) {
        case NUMBER:
            fprintf(out, "%ld", *number_at(&copy, setting));
            break;
        case CHOICE:
            print_choice(setting, *number_at(&copy, setting), out);
            break;
        case URL:
            print_url(*string_at(&copy, setting), out);
            break;
        case STRING:
        case PATH:
            fputs(*string_at(&copy, setting), out);
            break;
        }
        fprintf(out, "\n    %s\n", setting->meaning);
    }
}
