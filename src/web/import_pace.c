#include "web/import_pace.h"

#include "base/clock.h"
#include "base/kept.h"
#include "base/limits.h"
#include "base/peer.h"
#include "base/slots.h"
#include "web/fcgi.h"

enum { REST_LEAST_MS = 1, REST_MOST_MS = 250 };

static const char slots[] = "imports", kept[] = "import-progress";

enum err_code import_pace_take(const struct config *config, int *slot, struct err *err)
{
    return slots_take(config, slots, LIMIT_IMPORTS, slot, err);
}

struct import_pace import_pace_begin(const struct config *config, const struct request *request)
{
    const struct import_progress none = {.size = request->body_left};

    kept_write(config, kept, &none, sizeof none);
    return (struct import_pace){
        .config = config, .request = request, .size = request->body_left, .started = clock_us()};
}

enum import_stop import_pace_judge(const struct import_pace *pace, int64_t now, uint64_t written)
{
    if (peer_is_gone(fcgi_connection(pace->request->fcgi), 0))
        return IMPORT_LEFT;
    if (written >= LIMIT_IMPORT_BOOKS)
        return IMPORT_FULL;
    return now - pace->started >= LIMIT_IMPORT_S * INT64_C(1000000) ? IMPORT_LATE : IMPORT_GOES_ON;
}

void import_pace_work(struct import_pace *pace)
{
    pace->batch_began = clock_us();
}

void import_pace_rest(struct import_pace *pace, const struct import_counts *counts)
{
    const struct import_progress progress = {pace->size - pace->request->body_left, pace->size,
                                             counts->added + counts->replaced + counts->unchanged + counts->skipped +
                                                 counts->bad};
    const int64_t took_ms = (clock_us() - pace->batch_began) / 1000;

    kept_write(pace->config, kept, &progress, sizeof progress);
    peer_is_gone(fcgi_connection(pace->request->fcgi), took_ms < REST_LEAST_MS  ? REST_LEAST_MS
                                                       : took_ms > REST_MOST_MS ? REST_MOST_MS
                                                                                : (int)took_ms);
}

bool import_pace_progress(const struct config *config, struct import_progress *progress)
{
    return slots_taken(config, slots, LIMIT_IMPORTS) > 0 && kept_read(config, kept, progress, sizeof *progress);
}
