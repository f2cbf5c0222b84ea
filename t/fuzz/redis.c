/*
 * Replies of Redis. First byte: what is asked (s: all segments, i: the status, g: the progress, a: that changes be
 * applied, v: who answers, b: that a list be built, else a page of it); then all the bytes that come back, whatever was
 * asked. Of a page that is taken for one the books are counted.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "cache/cache.h"

enum { PART = 10, MOST_BYTES = 64 * 1024 /* what a socket holds for sure */ };

/*
 * Listens at a socket whose name is gone as soon as it is there; *named can still be connected to. Returns the
 * listening end.
 */
static int listen_without_name(int *named)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/tmp/bookshare-fuzz-XXXXXX"};
    char *folder = address.sun_path;
    char copy[sizeof address.sun_path];
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    FUZZ_ASSERT(fd >= 0 && mkdtemp(folder) != NULL);
    memcpy(copy, folder, sizeof copy);
    strcat(address.sun_path, "/redis");
    FUZZ_ASSERT(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 8) == 0);
    *named = open(address.sun_path, O_PATH | O_CLOEXEC);
    FUZZ_ASSERT(*named >= 0);
    unlink(address.sun_path);
    rmdir(copy);
    return fd;
}

/* Sends the replies, before anything is asked. Returns the server's end of the connection. */
static int answer(int listening, struct text replies)
{
    const int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    FUZZ_ASSERT(fd >= 0 && send(fd, replies.at, replies.len, MSG_NOSIGNAL) == (ssize_t)replies.len);
    shutdown(fd, SHUT_WR);
    return fd;
}

static void read_page(struct cache *cache, struct arena *arena)
{
    struct cache_page page;
    struct err err;

    if (cache_page_ask(cache, 1, PART, &err) != ERR_OK ||
        cache_page_answer(cache, 1, PART, arena, &page, &err) != ERR_OK)
        return;
    FUZZ_ASSERT(page.list.count == (page.total <= 1 ? 0 : page.total - 1 < PART ? page.total - 1 : PART));
    for (size_t i = 0; i < page.list.count; i++)
        fuzz_check_strings(&page.list.books[i]);
}

static void read_segments(struct cache *cache, struct arena *arena)
{
    struct version version;
    struct book_list list;
    struct err err;

    if (cache_scan_begin(cache, &version, &err) != ERR_OK)
        return;
    while (cache_scan_next(cache, arena, &list, &version, &err) == ERR_OK)
        for (size_t i = 0; i < list.count; i++)
            fuzz_check_strings(&list.books[i]);
}

static void apply_change(struct cache *cache)
{
    const struct change change = {.version = version_of(5, 8, 1),
                                  .op = CHANGE_ADD,
                                  .id = {"1", 1},
                                  .before = {"", 0},
                                  .after = text_from_cstr("1\tA\t\t\t\t\t")};
    struct version now;
    struct err err;

    cache_apply(cache, CACHE_PUBLISHED, version_of(5, 7, 1), &change, 1, &now, &err);
}

static void build_list(struct cache *cache)
{
    const struct book book = {
        .field = {{"1", 1}, {"A", 1}, {"", 0}, {"", 0}, {"", 0}, {"", 0}, {"", 0}},
    };
    struct version version;
    struct err err;

    if (cache_build_begin(cache, version_of(5, 7, 1), &err) == ERR_OK &&
        cache_build_add(cache, &book, &err) == ERR_OK && cache_build_finish(cache, &err) == ERR_OK &&
        cache_seen(cache, &version, &err) != ERR_UNAVAILABLE)
        cache_build_publish(cache, &err);
    cache_build_end(cache, &err);
}

static void ask(struct cache *cache, unsigned char what, struct arena *arena)
{
    struct cache_status status;
    char about[32];
    uint64_t done, total;
    struct err err;

    switch (what) {
    case 's':
        read_segments(cache, arena);
        break;
    case 'i':
        cache_status(cache, &status, &err);
        break;
    case 'g':
        cache_progress(cache, &done, &total, &err);
        break;
    case 'a':
        apply_change(cache);
        break;
    case 'v':
        if (cache_check(cache, about, sizeof about, &err) == ERR_OK)
            FUZZ_ASSERT(strlen(about) < sizeof about);
        break;
    case 'b':
        build_list(cache);
        break;
    default:
        read_page(cache, arena);
    }
}

FUZZ_TARGET(redis)
{
    static char url[64], prefix[] = "{fuzz}";
    static struct config config = {
        .redis_url = url, .cache_prefix = prefix, .redis_connect_ms = 1000, .redis_timeout_ms = 5};
    static int listening = -1;
    struct text input = {(const char *)data, size};
    const unsigned char what = fuzz_byte(&input);
    struct arena arena = {0};
    struct cache *cache;
    uint64_t connection;
    struct err err;
    int named, fd;

    if (listening < 0) {
        log_set_level(LOG_LEVEL_ERROR);
        listening = listen_without_name(&named);
        snprintf(url, sizeof url, "unix:///proc/self/fd/%d", named);
    }
    if (input.len > MOST_BYTES)
        return 0;
    cache = cache_new(&config);
    FUZZ_ASSERT(cache_open(cache, &connection, &err) == ERR_OK);
    fd = answer(listening, input);
    ask(cache, what, &arena);
    close(fd);
    cache_free(cache);
    while ((fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC)) >= 0) /* one that was opened once more */
        close(fd);
    arena_free(&arena);
    return 0;
}
