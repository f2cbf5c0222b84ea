/*
 * Headers that are lists, and dates. Lines: Cookie, If-None-Match, If-Match, Accept, a date. A date is valid if the C
 * library has such a day.
 */
#include "fuzz.h"

#include <time.h>

#include "web/app.h"
#include "web/flash.h"

enum { HEADERS = 4 };

/* Returns whether the C library makes the same day of it. Its years go beyond four digits on both sides. */
static bool is_day(struct text date)
{
    struct tm tm = {0}, same;
    time_t at;
    int end = 0;
    char copy[11];

    if (date.len != 10)
        return false;
    memcpy(copy, date.at, 10);
    copy[10] = '\0';
    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? copy[i] != '-' : copy[i] < '0' || copy[i] > '9')
            return false;
    if (sscanf(copy, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &end) != 3 || end != 10 || tm.tm_year == 0)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    same = tm;
    at = timegm(&same);
    return gmtime_r(&at, &same) != NULL && same.tm_year == tm.tm_year && same.tm_mon == tm.tm_mon &&
           same.tm_mday == tm.tm_mday;
}

FUZZ_TARGET(cookie)
{
    static const char *const names[HEADERS] = {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_ACCEPT"};
    struct text input = {(const char *)data, size};
    char *environment[HEADERS + 1] = {NULL};
    struct arena arena = {0};
    struct response response = {0};
    FCGX_Request fcgi = {.envp = environment};
    struct exchange exchange = {
        .arena = &arena, .response = &response, .request = {.path = {"/list", 5}, .fcgi = &fcgi}};
    struct html_frame frame = {0};

    for (int i = 0; i < HEADERS; i++)
        environment[i] = arena_format(&arena, "%s=%s", names[i], text_string(&arena, fuzz_line(&input)));
    flash_take(&exchange, &frame);
    FUZZ_ASSERT(frame.flash == NULL || (flash_is_due(&exchange) && book_id_valid(frame.flash_id)));
    FUZZ_ASSERT(strchr(buf_string(&response.headers), '\n') == NULL ||
                strchr(buf_string(&response.headers), '\n')[1] == '\0');
    request_has(&exchange.request, "W/\"a\"");
    FUZZ_ASSERT(!request_names_tag(&exchange.request, "HTTP_IF_MATCH", NULL));
    request_names_tag(&exchange.request, "HTTP_IF_MATCH", "\"a\"");
    request_wants_json(&exchange.request);
    input = fuzz_line(&input);
    FUZZ_ASSERT(book_date_valid(input) == is_day(input));
    response_free(&response);
    arena_free(&arena);
    return 0;
}
