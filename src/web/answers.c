#include "web/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/shared.h"
#include "web/flash.h"

enum { SEEN = 1024 }; /* questions that a worker remembers; a power of 2 */

/* The start of a slot. The question, the headers and the body follow. */
struct slot {
    uint64_t sum; /* of the rest of this struct and of what follows */
    struct version version;
    uint32_t question, headers, body; /* lengths in bytes */
};

struct answers {
    const struct config *config;
    int file;            /* -1: not open yet */
    uint64_t seen[SEEN]; /* hash of the last question at each place */
    char bytes[LIMIT_ANSWER_BYTES];
};

struct answers *answers_new(const struct config *config)
{
    struct answers *answers = mem_zero(sizeof *answers);

    answers->config = config;
    answers->file = -1;
    return answers;
}

void answers_free(struct answers *answers)
{
    if (answers != NULL && answers->file >= 0)
        close(answers->file);
    free(answers);
}

/* Opens the file at the first use. Returns false if that fails: then nothing is kept. */
static bool is_open(struct answers *answers)
{
    if (answers->file < 0)
        answers->file = shared_open(answers->config, "answers", O_RDWR | O_CREAT);
    return answers->file >= 0;
}

/* Returns what identifies an answer beside the version: what the sender sees and accepts, the path, the parameters. */
static struct text question_of(const struct exchange *exchange)
{
    const char *parameters = request_header(&exchange->request, "QUERY_STRING");
    const struct text path = exchange->request.path;

    return text_from_cstr(arena_format(exchange->arena, "%08x %s %.*s?%s", (unsigned)exchange_stamp(exchange),
                                       request_accepts_gzip(&exchange->request) ? "gzip" : "plain", (int)path.len,
                                       path.at, parameters != NULL ? parameters : ""));
}

/* Returns whether the answer to a request may be a kept one. One that names versions may be answered by a 304. */
static bool is_eligible(struct exchange *exchange)
{
    return exchange->request.method == METHOD_GET && exchange_is_common(exchange) &&
           !request_names_versions(&exchange->request) && !flash_is_due(exchange);
}

static off_t place_of(uint64_t hash)
{
    return (off_t)(hash % LIMIT_ANSWERS) * LIMIT_ANSWER_BYTES;
}

/* Returns the checksum of a slot with everything in it. */
static uint64_t sum_of(const char *bytes, size_t len)
{
    return hash_bytes(1, bytes + sizeof(uint64_t), len - sizeof(uint64_t));
}

/* Reads the slot of a question. Returns whether it holds an answer to it, of any version. */
static bool read_slot(struct answers *answers, struct text question)
{
    const struct slot *slot = (const void *)answers->bytes;
    const off_t place = place_of(hash_bytes(0, question.at, question.len));
    const size_t start = sizeof *slot + question.len;
    uint64_t used;

    if (start > sizeof answers->bytes || pread(answers->file, answers->bytes, start, place) != (ssize_t)start ||
        slot->question != question.len || memcmp(answers->bytes + sizeof *slot, question.at, question.len) != 0)
        return false;
    used = start + (uint64_t)slot->headers + slot->body;
    return used <= sizeof answers->bytes &&
           pread(answers->file, answers->bytes + start, (size_t)used - start, place + (off_t)start) ==
               (ssize_t)(used - start) &&
           slot->sum == sum_of(answers->bytes, (size_t)used);
}

bool answers_serve(struct exchange *exchange)
{
    struct answers *answers = exchange->app->answers;
    const struct slot *slot = (const void *)answers->bytes;
    const struct query search = {.search = {"", 0}, .order = {{BOOK_TITLE, false}}, .limit = 1}; /* any but the list */
    struct response *response = exchange->response;
    const int64_t started = clock_us();
    struct catalogue_page page;
    const char *at;

    /* Last, since it asks MySQL for the version: a request without a kept answer asks by itself, if it has to. */
    if (!is_eligible(exchange) || !is_open(answers) || !read_slot(answers, question_of(exchange)) ||
        !catalogue_foresee(exchange->app->catalogue, &search, exchange->arena, &page) ||
        !version_equal(slot->version, page.version))
        return false;
    at = answers->bytes + sizeof *slot + slot->question;
    response->status = 200;
    response->is_final = true;
    buf_add(&response->headers, at, slot->headers);
    buf_add(&response->body, at + slot->headers, slot->body);
    response_header(response, "Cache-Status", "bookshare; hit; detail=find-index-kept");
    response_header(response, "Server-Timing", "load;desc=\"kept answer\";dur=%.3f",
                    (double)(clock_us() - started) / 1e3);
    return true;
}

void answers_allow(struct exchange *exchange, const struct query *query, const struct catalogue_page *page)
{
    if (!query_is_list(query) && page->source == CATALOGUE_INDEX && page->is_sure && version_is_known(page->version))
        exchange->answer_version = page->version;
}

/* Adds the headers of a response to out, except those about how it came about. */
static void add_headers(struct buf *out, const struct buf *headers)
{
    static const char *const about[] = {"Cache-Status:", "Server-Timing:"};
    const char *at = headers->at, *const end = headers->at + headers->len;

    while (at < end) {
        const char *next = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
        bool is_about = false;

        for (size_t i = 0; i < sizeof about / sizeof *about; i++)
            is_about = is_about || strncmp(at, about[i], strlen(about[i])) == 0;
        if (!is_about)
            buf_add(out, at, (size_t)(next - at));
        at = next;
    }
}

/* Returns whether a question comes for the second time. */
static bool is_seen(struct answers *answers, uint64_t hash)
{
    uint64_t *const seen = &answers->seen[hash & (SEEN - 1)];
    const bool is_again = *seen == hash;

    *seen = hash;
    return is_again;
}

void answers_keep(struct exchange *exchange)
{
    struct answers *answers = exchange->app->answers;
    const struct response *response = exchange->response;
    const struct buf *content = response_content(response);
    struct slot slot = {.version = exchange->answer_version};
    struct buf bytes = {0};
    struct text question;
    uint64_t hash;
    size_t start;

    if (!version_is_known(exchange->answer_version) || response->status != 200 || !is_eligible(exchange))
        return;
    question = question_of(exchange);
    hash = hash_bytes(0, question.at, question.len);
    if (!is_seen(answers, hash) || !is_open(answers))
        return;
    buf_add(&bytes, &slot, sizeof slot);
    buf_add(&bytes, question.at, question.len);
    start = bytes.len;
    add_headers(&bytes, &response->headers);
    slot.question = (uint32_t)question.len;
    slot.headers = (uint32_t)(bytes.len - start);
    slot.body = (uint32_t)content->len;
    buf_add(&bytes, content->at, content->len);
    if (bytes.len <= LIMIT_ANSWER_BYTES) {
        memcpy(bytes.at, &slot, sizeof slot);
        slot.sum = sum_of(bytes.at, bytes.len);
        memcpy(bytes.at, &slot, sizeof slot);
        if (pwrite(answers->file, bytes.at, bytes.len, place_of(hash)) != (ssize_t)bytes.len)
            log_debug("cannot keep an answer: %s", strerror(errno));
    }
    buf_free(&bytes);
}
