#include "store/sql_pause.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"

enum { PAUSE_US = 1000000 };

void sql_pause_clear(struct sql_pause *pause)
{
    if (pause->probe >= 0)
        close(pause->probe);
    pause->probe = -1;
}

void sql_pause_end(struct sql_pause *pause, int socket)
{
    sql_pause_clear(pause);
    pause->until = 0;
    pause->peer_len = sizeof pause->peer;
    if (getpeername(socket, (struct sockaddr *)&pause->peer, &pause->peer_len) != 0)
        pause->peer_len = 0;
}

/* Starts a non-blocking connection. */
static int open_probe(const struct sql_pause *pause)
{
    const int probe = socket(pause->peer.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (probe >= 0 && connect(probe, (const struct sockaddr *)&pause->peer, pause->peer_len) != 0 &&
        errno != EINPROGRESS) {
        close(probe);
        return -1;
    }
    return probe;
}

void sql_pause_begin(struct sql_pause *pause)
{
    pause->until = clock_us() + PAUSE_US;
    if (pause->probe < 0 && pause->peer_len > 0)
        pause->probe = open_probe(pause);
}

bool sql_pause_is_on(struct sql_pause *pause)
{
    struct pollfd probe = {.fd = pause->probe, .events = POLLIN};

    if (clock_us() >= pause->until)
        return false;
    if (pause->probe < 0 || poll(&probe, 1, 0) <= 0)
        return true;
    sql_pause_clear(pause);
    pause->until = 0;
    return false;
}
