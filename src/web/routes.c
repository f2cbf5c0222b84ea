#include "web/routes.h"

#include "web/account.h"
#include "web/api.h"
#include "web/api_edit.h"
#include "web/book_forms.h"
#include "web/book_page.h"
#include "web/changes.h"
#include "web/datatable.h"
#include "web/edit_page.h"
#include "web/export.h"
#include "web/home.h"
#include "web/import_page.h"
#include "web/list.h"
#include "web/restore.h"
#include "web/sign_in.h"
#include "web/timings.h"
#include "web/users.h"

const struct route routes[] = {
    {METHOD_READS, ROLE_READER, "/", home_show},
    {METHOD_READS | ROUTE_KEPT, ROLE_READER, "/list", list_show},
    {METHOD_POST, ROLE_READER, "/list", list_search},
    {METHOD_READS, ROLE_EDITOR, "/add", add_form_show},
    {METHOD_POST, ROLE_EDITOR, "/add", add_form_send},
    {METHOD_READS, ROLE_ADMIN, "/import", import_page_form},
    {METHOD_POST | ROUTE_READS_BODY, ROLE_ADMIN, "/import", import_page_upload},
    {METHOD_READS, ROLE_ADMIN, "/import/progress", import_page_progress},
    {METHOD_READS, ROLE_EDITOR, "/update/*", update_form_show},
    {METHOD_POST, ROLE_EDITOR, "/update/*", update_form_send},
    {METHOD_READS, ROLE_EDITOR, "/delete/*", delete_form_show},
    {METHOD_POST, ROLE_EDITOR, "/delete/*", delete_form_send},
    {METHOD_READS, ROLE_READER, "/books/*", book_page_show},
    {METHOD_READS, ROLE_READER, "/books/*/history", book_history_show},
    {METHOD_POST, ROLE_EDITOR, "/books/*/restore", restore_send},
    {METHOD_READS, ROLE_EDITOR, "/edit", edit_form_show},
    {METHOD_POST, ROLE_EDITOR, "/edit", edit_form_send},
    {METHOD_READS, ROLE_READER, "/edits/*", edit_show},
    {METHOD_POST, ROLE_EDITOR, "/edits/*/undo", edit_undo_send},
    {METHOD_POST, ROLE_EDITOR, "/edits/*/continue", edit_continue_send},
    {METHOD_READS, ROLE_READER, "/changes", changes_show},
    {METHOD_READS, ROLE_READER, "/changes.atom", changes_feed},
    {METHOD_READS | ROUTE_KEPT, ROLE_READER, "/api/books/datatable", datatable_show},
    {METHOD_POST | ROUTE_SAFE, ROLE_READER, "/api/books/datatable", datatable_show},
    {METHOD_READS, ROLE_READER, "/export.csv", export_csv},
    {METHOD_READS, ROLE_READER, "/export.ndjson", export_ndjson},
    {METHOD_READS, ROLE_ADMIN, "/timings", timings_show},
    {METHOD_POST, ROLE_ADMIN, "/timings", timings_measure},
    {METHOD_READS | ROUTE_KEPT, ROLE_READER, "/api/books", api_list},
    {METHOD_POST | ROUTE_READS_BODY, ROLE_EDITOR, "/api/books", api_add},
    {METHOD_READS, ROLE_READER, "/api/books/*", api_get},
    {METHOD_PUT | ROUTE_READS_BODY, ROLE_EDITOR, "/api/books/*", api_put},
    {METHOD_PATCH | ROUTE_READS_BODY, ROLE_EDITOR, "/api/books/*", api_patch},
    {METHOD_DELETE | ROUTE_READS_BODY, ROLE_EDITOR, "/api/books/*", api_delete},
    {METHOD_READS, ROLE_READER, "/api/books/*/history", api_history},
    {METHOD_READS, ROLE_READER, "/api/changes", api_changes},
    {METHOD_READS, ROLE_READER, "/api/fields/*/values", api_values},
    {METHOD_READS, ROLE_READER, "/api/version", api_version},
    {METHOD_POST | ROUTE_READS_BODY, ROLE_EDITOR, "/api/edits", api_edit},
    {METHOD_READS, ROLE_READER, "/api/edits/*", api_edit_get},
    {METHOD_POST | ROUTE_READS_BODY, ROLE_EDITOR, "/api/edits/*/undo", api_edit_undo},
    {METHOD_POST | ROUTE_READS_BODY, ROLE_EDITOR, "/api/edits/*/continue", api_edit_continue},
    {METHOD_READS | ROUTE_ACCOUNTS, ROLE_NONE, "/sign-in", sign_in_show},
    {METHOD_POST | ROUTE_ACCOUNTS, ROLE_NONE, "/sign-in", sign_in_send},
    {METHOD_POST | ROUTE_ACCOUNTS, ROLE_NONE, "/sign-out", sign_out},
    {METHOD_READS | ROUTE_ACCOUNTS, ROLE_NONE, "/invitation", invitation_show},
    {METHOD_POST | ROUTE_ACCOUNTS, ROLE_NONE, "/invitation", invitation_send},
    {METHOD_READS | ROUTE_ACCOUNTS | ROUTE_OWN, ROLE_READER, "/account", account_show},
    {METHOD_POST | ROUTE_ACCOUNTS | ROUTE_OWN, ROLE_READER, "/account", account_send},
    {METHOD_READS | ROUTE_ACCOUNTS, ROLE_ADMIN, "/users", users_show},
    {METHOD_POST | ROUTE_ACCOUNTS, ROLE_ADMIN, "/users", users_send},
    {METHOD_READS | ROUTE_ACCOUNTS, ROLE_ADMIN, "/users/*", user_show},
    {METHOD_POST | ROUTE_ACCOUNTS, ROLE_ADMIN, "/users/*", user_send},
    {0, ROLE_NONE, NULL, NULL},
};
