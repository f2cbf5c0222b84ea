/* edit_page: edits of many books in the browser: the form, its preview, and the page of an edit. */
#ifndef WEB_EDIT_PAGE_H
#define WEB_EDIT_PAGE_H

#include "web/route.h"

/* GET /edit: the form. POST /edit: a preview or, with step=run, the edit. The parameters of the URL find the books. */
void edit_form_show(struct exchange *exchange);
void edit_form_send(struct exchange *exchange);

/* GET /edits/NUMBER: what an edit has done. It reloads itself while the edit runs. */
void edit_show(struct exchange *exchange);

/* POST /edits/NUMBER/undo and /edits/NUMBER/continue */
void edit_undo_send(struct exchange *exchange);
void edit_continue_send(struct exchange *exchange);

#endif
