/* restore: brings back an older state of a book, from the log of changes: by a new change like any other. */
#ifndef WEB_RESTORE_H
#define WEB_RESTORE_H

#include "web/route.h"

/*
 * POST /books/ID/restore. Parameters: version, of a change of this book. The book becomes as it was after that change,
 * or, if that was the deletion, before it. With undo=1 it becomes as it was before the change, unless somebody has
 * changed it since. to: the page to return to, without the base path; if absent, that of the book.
 */
route_handler restore_send;

#endif
