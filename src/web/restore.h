/* restore: brings back an older state of a book, from the log of changes: by a new change like any other. */
#ifndef WEB_RESTORE_H
#define WEB_RESTORE_H

#include "web/route.h"

/*
 * POST /books/ID/restore. Parameters: version, of a change of this book. The book becomes as it was after that change,
 * or, if that was the deletion, before it.
 */
route_handler restore_send;

#endif
