/*
 * fcgi: the only file that uses the private members of FCGX_Request: ipcFd (the connection), requestId and
 * keepConnection, and the buffer of its input. It exists because libfcgi's own stream writes a record for every 8 KB,
 * reads until the other side closes before it closes a connection, and does not report that a client has disconnected.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Closes the connection after the request, even if the web server asks for keep-alive: an idle one would block a
 * worker.
 */
void fcgi_close_after(FCGX_Request *fcgi);

/* Returns the descriptor of the connection, for base/peer.h and for a process that responds in place of this one. */
int fcgi_connection(const FCGX_Request *fcgi);

/*
 * Reads at most size bytes (1 or more) of the body into at, and overwrites them in the buffer of libfcgi, since they
 * may be a password. Returns how many; 0 at the end or if the connection is broken.
 */
size_t fcgi_read(FCGX_Request *fcgi, char *at, size_t size);

/*
 * Writes bytes as records of the output stream (FastCGI 1.0, section 3.3). Returns false if the client has
 * disconnected.
 */
bool fcgi_write(const FCGX_Request *fcgi, const char *bytes, size_t len);

/*
 * Sends the response in out and finishes the request. If no more data can arrive, also sends the end of the request and
 * closes the connection immediately. A disconnected client is not an error.
 */
void fcgi_finish_with(FCGX_Request *fcgi, const struct buf *out);

/* Finishes a request whose connection another process owns: closes this descriptor without sending anything. */
void fcgi_leave(FCGX_Request *fcgi);

/*
 * Closes the connection without FastCGI's end of request: the web server aborts its own response, and the client
 * notices that it is incomplete.
 */
void fcgi_cut(FCGX_Request *fcgi);

#endif
