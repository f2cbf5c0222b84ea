#include "base/peer.h"

#include <poll.h>

bool peer_is_gone(int connection, int wait_ms)
{
    struct pollfd polled = {.fd = connection}; /* POLLHUP and POLLERR come unasked */

    return poll(&polled, 1, wait_ms) > 0 && (polled.revents & (POLLHUP | POLLERR)) != 0;
}
