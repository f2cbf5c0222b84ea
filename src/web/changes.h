/*
 * changes: the log of changes, for people and programs: of one book, or of all.
 *
 * Parameters of all but one book: user (the name in the log), op (add, update or delete), day (YYYY-MM-DD, UTC). Of
 * all: before, the place of a change, VERSION-PART: only older ones.
 */
#ifndef WEB_CHANGES_H
#define WEB_CHANGES_H

#include "web/route.h"

route_handler book_history_show; /* GET /books/ID/history */
route_handler changes_show;      /* GET /changes */
route_handler changes_feed;      /* GET /changes.atom */
route_handler api_history;       /* GET /api/books/ID/history, with per_page */
route_handler api_changes;       /* GET /api/changes, with per_page */

#endif
