/* import_page: the page to upload a file of books. */
#ifndef WEB_IMPORT_PAGE_H
#define WEB_IMPORT_PAGE_H

struct exchange;

/* Handlers: the form; what was sent with it, whose body has not been read yet; how far the import under way is. */
void import_page_form(struct exchange *exchange);
void import_page_upload(struct exchange *exchange);
void import_page_progress(struct exchange *exchange);

#endif
