/* import_page: the page that imports an uploaded file of books. */
#ifndef WEB_IMPORT_PAGE_H
#define WEB_IMPORT_PAGE_H

struct exchange;

/* Handlers: the form; its submission, whose body is still unread; the progress of the running import. */
void import_page_form(struct exchange *exchange);
void import_page_upload(struct exchange *exchange);
void import_page_progress(struct exchange *exchange);

#endif
