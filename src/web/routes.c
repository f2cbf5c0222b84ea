#include "web/routes.h"

#include "web/api.h"
#include "web/book_forms.h"
#include "web/datatable.h"
#include "web/export.h"
#include "web/home.h"
#include "web/import_page.h"
#include "web/list.h"
#include "web/timings.h"

const struct route routes[] = {
    {METHOD_READS, "/", home_show},
    {METHOD_READS, "/list", list_show},
    {METHOD_POST, "/list", list_search},
    {METHOD_READS, "/add", add_form_show},
    {METHOD_POST, "/add", add_form_send},
    {METHOD_READS, "/import", import_page_form},
    {METHOD_POST | ROUTE_READS_BODY, "/import", import_page_upload},
    {METHOD_READS, "/import/progress", import_page_progress},
    {METHOD_READS, "/update/*", update_form_show},
    {METHOD_POST, "/update/*", update_form_send},
    {METHOD_READS, "/delete/*", delete_form_show},
    {METHOD_POST, "/delete/*", delete_form_send},
    {METHOD_READS, "/api/books/datatable", datatable_show},
    {METHOD_READS, "/export.csv", export_csv},
    {METHOD_READS, "/export.ndjson", export_ndjson},
    {METHOD_READS, "/timings", timings_show},
    {METHOD_POST, "/timings", timings_measure},
    {METHOD_READS, "/api/books", api_list},
    {METHOD_POST | ROUTE_READS_BODY, "/api/books", api_add},
    {METHOD_READS, "/api/books/*", api_get},
    {METHOD_PUT | ROUTE_READS_BODY, "/api/books/*", api_put},
    {METHOD_PATCH | ROUTE_READS_BODY, "/api/books/*", api_patch},
    {METHOD_DELETE | ROUTE_READS_BODY, "/api/books/*", api_delete},
    {0, NULL, NULL},
};
