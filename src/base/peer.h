/* peer: whether the process at the other end of a connection is still there. */
#ifndef BASE_PEER_H
#define BASE_PEER_H

#include <stdbool.h>

/*
 * Waits up to wait_ms milliseconds (0: not at all) for the peer to close a connection; unread bytes do not matter.
 * Returns whether it has. A full close of a unix socket is noticed, as a web server in front makes it when its client
 * leaves; half a close, as some FastCGI clients make it after a request, does not count.
 */
bool peer_is_gone(int connection, int wait_ms);

#endif
