/*
 * book_forms: the handlers of the forms that add, update and delete one book. A GET shows the form. A POST writes and
 * redirects to the list, or responds with the form, its input and the errors.
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
