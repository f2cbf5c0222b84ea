#include "cache/redis_address.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Parses a number from 0 to most. Returns -1 if s is invalid. */
static long read_number(const char *s, long most)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(s, &end, 10);
    return errno != 0 || end == s || *end != '\0' || number < 0 || number > most ? -1 : number;
}

/* Parses the part before '@', if any, as percent-encoded [user:]password. Returns the rest. */
static char *read_credentials(char *s, struct redis_address *address, struct arena *arena)
{
    char *at = strrchr(s, '@');
    char *colon;

    if (at == NULL)
        return s;
    *at = '\0';
    colon = strchr(s, ':');
    if (colon != NULL)
        *colon = '\0';
    address->user = colon != NULL ? text_percent_decode(arena, text_from_cstr(s), false).at : "";
    address->password = text_percent_decode(arena, text_from_cstr(colon != NULL ? colon + 1 : s), false).at;
    return at + 1;
}

/* Parses unix://[user:password@]/path[?db=N] without the scheme. */
static bool read_unix(char *s, struct redis_address *address, struct arena *arena)
{
    char *query = strstr(s, "?db=");

    if (query != NULL) {
        *query = '\0';
        address->database = read_number(query + 4, 1000000);
    }
    address->path = read_credentials(s, address, arena);
    return address->path[0] == '/' && address->database >= 0;
}

/* Parses redis://[user:password@]host[:port][/N] without the scheme. */
static bool read_tcp(char *s, struct redis_address *address, struct arena *arena)
{
    char *host = read_credentials(s, address, arena);
    char *slash = strchr(host, '/');
    char *colon;

    if (slash != NULL) {
        *slash = '\0';
        if (slash[1] != '\0')
            address->database = read_number(slash + 1, 1000000);
    }
    if (*host == '[') { /* an IPv6 address */
        char *bracket = strchr(host, ']');

        if (bracket == NULL)
            return false;
        *bracket = '\0';
        host++;
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    } else {
        colon = strchr(host, ':');
    }
    if (colon != NULL) {
        *colon = '\0';
        address->port = (int)read_number(colon + 1, 65535);
    }
    address->host = host;
    return *host != '\0' && address->port > 0 && address->database >= 0;
}

enum err_code redis_address_read(const char *url, struct redis_address *address, struct arena *arena, struct err *err)
{
    char *copy = arena_copy(arena, url, strlen(url));
    bool fine = false;

    *address = (struct redis_address){.port = 6379, .user = "", .password = ""};
    if (strncasecmp(copy, "unix://", 7) == 0)
        fine = read_unix(copy + 7, address, arena);
    else if (strncasecmp(copy, "redis://", 8) == 0)
        fine = read_tcp(copy + 8, address, arena);
    return fine ? ERR_OK
                : err_set(err, ERR_UNAVAILABLE,
                          "Redis: BOOKSHARE_REDIS_URL must be redis://[user:password@]host[:port][/number] or "
                          "unix://[user:password@]/path[?db=number]");
}
