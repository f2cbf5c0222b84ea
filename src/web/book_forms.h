/*
 * book_forms: the handlers of the forms that add, update and delete one book: a GET shows the form, a POST writes and
 * sends the browser back to the list, or answers with the form again, every input kept, and what is wrong with it.
 */
#ifndef WEB_BOOK_FORMS_H
#define WEB_BOOK_FORMS_H

struct exchange;

void add_form_show(struct exchange *exchange);
void add_form_send(struct exchange *exchange);
void update_form_show(struct exchange *exchange);
void update_form_send(struct exchange *exchange);
void delete_form_show(struct exchange *exchange);
void delete_form_send(struct exchange *exchange);

#endif
