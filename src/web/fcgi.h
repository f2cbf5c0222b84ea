/*
 * fcgi: the one file that uses what fcgiapp.h calls private in an FCGX_Request: the connection (ipcFd), the number of
 * the request (requestId) and whether the connection stays open (keepConnection). libfcgi's own stream writes a record
 * for every 8 KB, listens until the other side closes before it closes a connection, and does not tell that a client
 * has left.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Has the connection closed after the request, whatever the server in front asks for: an idle one would hold a worker.
 */
void fcgi_close_after(FCGX_Request *fcgi);

/* Returns the descriptor of the connection: for base/peer.h, and for a process that answers in place of this one. */
int fcgi_connection(const FCGX_Request *fcgi);

/* Writes bytes as records of the output stream (FastCGI 1.0, section 3.3). Returns false if the client is gone. */
bool fcgi_write(const FCGX_Request *fcgi, const char *bytes, size_t len);

/*
 * Writes the answer that out holds and finishes the request. If nothing more can come from the other side, the end of
 * the request goes along and the connection is closed at once. A client that is gone is no error.
 */
void fcgi_finish_with(FCGX_Request *fcgi, const struct buf *out);

/* Finishes a request whose connection another process has taken over: closes this end without a word. */
void fcgi_leave(FCGX_Request *fcgi);

/*
 * Closes the connection without the end that FastCGI has for a request: the server in front breaks off its own answer,
 * and the client knows that something is missing.
 */
void fcgi_cut(FCGX_Request *fcgi);

#endif
