/*
 * checker: writes and reads books through the web server, and checks with each page that it is not stale.
 *
 *     checker HOST PORT SECONDS PAGES PAUSE-MS ACKNOWLEDGED-FILE
 *
 * Two writers own a number of watched books each. Every write of a book carries the next number of that book in its
 * title, or deletes it, so that what a page shows of a watched book is a number. Four readers ask for pages, with a
 * pause after each. For each:
 *   stale      a watched book is older than its newest write that was acknowledged before the request began
 *   backwards  it, or the version of the page, is older than what a request that had ended before this one began saw
 *   early      it is newer than any write that was sent before the answer came
 *   unequal    two pages of one version and number have other rows
 * A page that says of itself that it may be out of date counts as unverified and is not judged.
 *
 * Ends with status 1 if there was a violation. The acknowledged writes go to a file, "ID number op" a line.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    READERS = 4,
    WRITERS = 2,
    BOOKS = 24,        /* watched ones */
    HISTORY = 1 << 20, /* writes of a book */
    ROWS_MOST = 101,
    PAGE_BYTES = 1 << 20,
    SEEN_PAGES = 1 << 21, /* a power of two */
    TIMEOUT_S = 20
};

enum op { ADD = 1, UPDATE, DELETE };

struct watched {
    char id[16];
    uint8_t *ops;           /* by number: what the write was */
    _Atomic uint32_t begun; /* number of the last write that was sent */
    _Atomic uint32_t acknowledged;
    _Atomic uint32_t seen; /* newest that a page showed */
};

static struct watched books[BOOKS];
static struct sockaddr_in server;
static int last_page;
static double ends_at;
static struct timespec reader_pause;
static FILE *acknowledged_file;
static pthread_mutex_t file_lock = PTHREAD_MUTEX_INITIALIZER;

static _Atomic uint64_t version_seen; /* newest version of a page: of epochs counted here from 0 on, and its number */
static _Atomic uint64_t reads, unverified, refused, from_file, from_redis, from_index, from_mysql, acknowledged,
    unknown, failed;
static _Atomic uint64_t violations;

/* Rows of pages that were seen, by version and page: an open hash table. */
static struct seen_page {
    _Atomic uint64_t key; /* 0: free */
    _Atomic uint64_t rows;
} * seen_pages;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void violation(const char *kind, const char *id, uint64_t got, uint64_t wanted, const char *of)
{
    if (atomic_fetch_add(&violations, 1) < 20)
        fprintf(stderr, "VIOLATION %s: %s shows %llu, expected %llu (%s)\n", kind, id, (unsigned long long)got,
                (unsigned long long)wanted, of);
}

/* ---- HTTP */

struct client {
    int fd; /* -1: closed */
    char *bytes;
    size_t len;
    int status;
    const char *body;
    unsigned random;
};

static bool client_open(struct client *client)
{
    const struct timeval timeout = {.tv_sec = TIMEOUT_S};
    const int yes = 1;

    if (client->fd >= 0)
        return true;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(client->fd, (struct sockaddr *)&server, sizeof server) == 0)
        return true;
    close(client->fd);
    client->fd = -1;
    return false;
}

/* Sends a request and reads its answer. Returns false if none came. */
static bool ask(struct client *client, const char *request)
{
    size_t head = 0, length = 0;

    client->len = 0;
    if (!client_open(client) || send(client->fd, request, strlen(request), MSG_NOSIGNAL) < 0)
        goto broken;
    while (head == 0 || client->len < head + length) {
        const ssize_t got = recv(client->fd, client->bytes + client->len, PAGE_BYTES - 1 - client->len, 0);
        const char *end, *header;

        if (got <= 0)
            goto broken;
        client->len += (size_t)got;
        client->bytes[client->len] = '\0';
        if (head > 0 || (end = strstr(client->bytes, "\r\n\r\n")) == NULL)
            continue;
        head = (size_t)(end + 4 - client->bytes);
        header = strcasestr(client->bytes, "\r\nContent-Length:");
        if (header == NULL || header > end)
            goto broken;
        length = strtoul(header + 17, NULL, 10);
    }
    client->status = atoi(client->bytes + 9);
    client->body = client->bytes + head;
    if (strcasestr(client->bytes, "\r\nConnection: close") != NULL) {
        close(client->fd);
        client->fd = -1;
    }
    return true;
broken:
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
    return false;
}

/* ---- Reading */

struct page {
    uint64_t version;
    uint64_t rows; /* a hash of them */
    size_t count;
    struct row {
        const char *id, *title;
        size_t id_len;
    } row[ROWS_MOST];
};

static uint64_t epochs[256];
static pthread_mutex_t epoch_lock = PTHREAD_MUTEX_INITIALIZER;

/* Makes one ordered number of an epoch and a version; epochs are few. */
static uint64_t version_of(uint64_t epoch, uint64_t number)
{
    static int count;
    int rank = 0;

    pthread_mutex_lock(&epoch_lock);
    for (rank = 0; rank < count && epochs[rank] != epoch; rank++)
        continue;
    if (rank == count && count < 255) {
        epochs[count++] = epoch;
        if (rank > 0 && epochs[rank - 1] > epoch)
            violation("backwards", "epoch", epoch, epochs[rank - 1], "a new epoch is older");
    }
    pthread_mutex_unlock(&epoch_lock);
    return ((uint64_t)rank << 48 | number) + 1;
}

static uint64_t hash(const char *s, const char *end)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */

    for (; s < end; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h | 1;
}

static bool read_page(const char *body, struct page *page)
{
    const char *start = strstr(body, "<tbody>");
    const char *end = start != NULL ? strstr(start, "</tbody>") : NULL;
    const char *at = end != NULL ? strstr(end, "data-version=\"") : NULL;
    char *dash;
    uint64_t epoch;

    page->count = 0;
    if (at == NULL)
        return false;
    epoch = strtoull(at + 14, &dash, 10);
    page->version = version_of(epoch, strtoull(dash + 1, NULL, 10));
    page->rows = hash(start, end);
    for (at = start; (at = strstr(at, "<tr id=\"b-")) != NULL && at < end && page->count < ROWS_MOST;) {
        struct row *row = &page->row[page->count++];

        row->id = strchr(strchr(at, '>') + 1, '>') + 1;
        row->id_len = strcspn(row->id, "<");
        at = row->id + row->id_len;
        row->title = strchr(strstr(at, "<a "), '>') + 1;
    }
    return page->count > 0;
}

static int compare(const char *id, const struct row *row)
{
    const size_t len = strlen(id);
    const int order = memcmp(id, row->id, len < row->id_len ? len : row->id_len);

    return order != 0 ? order : len < row->id_len ? -1 : len > row->id_len;
}

/* Judges what a page shows of a book, whose acknowledged and seen numbers were taken before the request was sent. */
static void judge(struct watched *book, const struct page *page, uint32_t acked, uint32_t seen)
{
    const uint32_t begun = atomic_load(&book->begun);
    const uint32_t least = acked > seen ? acked : seen;
    uint32_t number = 0;
    bool is_there = false;

    for (size_t i = 0; i < page->count && !is_there; i++) {
        if (compare(book->id, &page->row[i]) == 0) {
            is_there = true;
            number = (uint32_t)strtoul(page->row[i].title + strlen("number "), NULL, 10);
        }
    }
    if (!is_there) {
        if (least == 0)
            return; /* it may never have been written */
        for (number = least; number <= begun && book->ops[number] != DELETE; number++)
            continue;
        if (number > begun)
            violation(acked >= seen ? "stale" : "backwards", book->id, 0, least, "it is missing");
    } else if (number < acked) {
        violation("stale", book->id, number, acked, "acknowledged before");
    } else if (number < seen) {
        violation("backwards", book->id, number, seen, "seen before");
    } else if (number > begun) {
        violation("early", book->id, number, begun, "not sent yet");
    }
    for (uint32_t old = atomic_load(&book->seen); old < number && number <= begun;)
        if (atomic_compare_exchange_weak(&book->seen, &old, number))
            break;
}

/* Returns whether all pages of one version and number have the same rows. */
static void compare_rows(const struct page *page, int number)
{
    const uint64_t key = page->version << 8 | (unsigned)number;
    size_t at = (size_t)(key * 11400714819323198485u >> 43) & (SEEN_PAGES - 1);

    for (int tries = 0; tries < 64; tries++, at = (at + 1) & (SEEN_PAGES - 1)) {
        uint64_t free_key = 0, no_rows = 0;

        if (atomic_load(&seen_pages[at].key) != key &&
            !atomic_compare_exchange_strong(&seen_pages[at].key, &free_key, key) && free_key != key)
            continue;
        if (!atomic_compare_exchange_strong(&seen_pages[at].rows, &no_rows, page->rows) && no_rows != page->rows)
            violation("unequal", "page", page->rows, no_rows, "rows of one version");
        return;
    }
}

static void read_once(struct client *client, struct page *page)
{
    const int number = 1 + rand_r(&client->random) % last_page;
    uint32_t acked[BOOKS], seen[BOOKS];
    uint64_t version;
    char request[128];

    for (int i = 0; i < BOOKS; i++) {
        acked[i] = atomic_load(&books[i].acknowledged);
        seen[i] = atomic_load(&books[i].seen);
    }
    version = atomic_load(&version_seen);
    snprintf(request, sizeof request, "GET /list?page=%d HTTP/1.1\r\nHost: localhost\r\n\r\n", number);
    if (!ask(client, request) || client->status != 200) {
        atomic_fetch_add(&refused, 1);
        return;
    }
    if (strstr(client->bytes, "unverified") != NULL && strstr(client->bytes, "unverified") < client->body) {
        atomic_fetch_add(&unverified, 1);
        return;
    }
    if (!read_page(client->body, page)) {
        violation("unequal", "page", 0, 1, "no rows, or no version");
        return;
    }
    atomic_fetch_add(&reads, 1);
    atomic_fetch_add(strstr(client->body, "from a page file") != NULL        ? &from_file
                     : strstr(client->body, "from Redis cache") != NULL      ? &from_redis
                     : strstr(client->body, "from the search index") != NULL ? &from_index
                                                                             : &from_mysql,
                     1);
    if (page->version < version)
        violation("backwards", "page", page->version, version, "version seen before");
    for (uint64_t old = version; old < page->version;)
        if (atomic_compare_exchange_weak(&version_seen, &old, page->version))
            break;
    compare_rows(page, number);
    for (int i = 0; i < BOOKS; i++)
        if (compare(books[i].id, &page->row[0]) >= 0 && compare(books[i].id, &page->row[page->count - 1]) <= 0)
            judge(&books[i], page, acked[i], seen[i]);
}

static void client_end(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    free(client->bytes);
}

static void *reader(void *argument)
{
    struct client client = {.fd = -1, .bytes = malloc(PAGE_BYTES), .random = (unsigned)(uintptr_t)argument};
    struct page page;

    while (now() < ends_at) {
        read_once(&client, &page);
        nanosleep(&reader_pause, NULL);
    }
    client_end(&client);
    return NULL;
}

/* ---- Writing */

/* Finds out from the form of a book whether it is there. Asks until the database answers. */
static bool is_there(struct client *client, const struct watched *book)
{
    char request[128];

    snprintf(request, sizeof request, "GET /update/%s HTTP/1.1\r\nHost: localhost\r\n\r\n", book->id);
    for (;;) {
        const struct timespec pause = {.tv_nsec = 50000000};

        if (ask(client, request) && (client->status == 200 || client->status == 404))
            return client->status == 200;
        nanosleep(&pause, NULL);
    }
}

static void write_once(struct client *client, struct watched *book, bool *exists)
{
    const uint32_t number = atomic_load(&book->begun) + 1;
    const enum op op = !*exists ? ADD : rand_r(&client->random) % 4 == 0 ? DELETE : UPDATE;
    char body[256], request[512];

    snprintf(body, sizeof body, op == DELETE ? "page=1" : "book_id=%s&title=number+%u&authors=checker", book->id,
             number);
    snprintf(request, sizeof request,
             "POST /%s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             op == ADD      ? "add"
             : op == UPDATE ? "update/"
                            : "delete/",
             op == ADD ? "" : book->id, strlen(body), body);
    book->ops[number] = (uint8_t)op;
    atomic_store(&book->begun, number);
    if (ask(client, request) && client->status == 303) {
        atomic_store(&book->acknowledged, number);
        atomic_fetch_add(&acknowledged, 1);
        *exists = op != DELETE;
        pthread_mutex_lock(&file_lock);
        fprintf(acknowledged_file, "%s %u %d\n", book->id, number, op);
        pthread_mutex_unlock(&file_lock);
        return;
    }
    atomic_fetch_add(client->fd < 0 ? &unknown : &failed, 1);
    *exists = is_there(client, book);
}

static void *writer(void *argument)
{
    const int which = (int)(uintptr_t)argument;
    struct client client = {.fd = -1, .bytes = malloc(PAGE_BYTES), .random = (unsigned)which + 100};
    bool exists[BOOKS] = {false};

    while (now() < ends_at) {
        const int i = rand_r(&client.random) % (BOOKS / WRITERS) * WRITERS + which;
        const bool is_quiet = (long)now() % 4 == 0; /* every fourth second, so that page files come into their own */
        const struct timespec pause = {.tv_nsec = is_quiet ? 400000000L : rand_r(&client.random) % 20 * 1000000L};

        if (atomic_load(&books[i].begun) + 1 < HISTORY)
            write_once(&client, &books[i], &exists[i]);
        nanosleep(&pause, NULL);
    }
    client_end(&client);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[READERS + WRITERS];

    if (argc != 7) {
        fputs("usage: checker HOST PORT SECONDS PAGES PAUSE-MS ACKNOWLEDGED-FILE\n", stderr);
        return 2;
    }
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &server.sin_addr);
    ends_at = now() + atof(argv[3]);
    last_page = atoi(argv[4]);
    reader_pause.tv_nsec = atol(argv[5]) * 1000000;
    acknowledged_file = fopen(argv[6], "w");
    seen_pages = calloc(SEEN_PAGES, sizeof *seen_pages);
    for (int i = 0; i < BOOKS; i++) {
        snprintf(books[i].id, sizeof books[i].id, "%cm-watch", 'A' + i);
        books[i].ops = calloc(HISTORY, 1);
    }
    if (acknowledged_file == NULL || seen_pages == NULL)
        return 2;
    for (uintptr_t i = 0; i < READERS + WRITERS; i++)
        pthread_create(&threads[i], NULL, i < READERS ? reader : writer, (void *)(i < READERS ? i + 1 : i - READERS));
    for (int i = 0; i < READERS + WRITERS; i++)
        pthread_join(threads[i], NULL);
    fclose(acknowledged_file);
    printf("pages checked       %llu (page file %llu, Redis %llu, index %llu, MySQL %llu)\n", (unsigned long long)reads,
           (unsigned long long)from_file, (unsigned long long)from_redis, (unsigned long long)from_index,
           (unsigned long long)from_mysql);
    printf("pages unverified    %llu\nrequests refused    %llu\n", (unsigned long long)unverified,
           (unsigned long long)refused);
    printf("writes acknowledged %llu\nwrites refused      %llu\nwrites unknown      %llu\n",
           (unsigned long long)acknowledged, (unsigned long long)failed, (unsigned long long)unknown);
    printf("violations          %llu\n", (unsigned long long)violations);
    return violations > 0;
}
