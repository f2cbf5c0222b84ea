/* The part of html that renders the import page. */
#include "base/limits.h"
#include "view/html_parts.h"
#include "view/link.h"

/* Puts the result of an import. */
static void put_result(struct values *values, HDF *node, const struct html_import *import)
{
    const size_t shown = import->fault_count < LIMIT_IMPORT_FAULTS ? import->fault_count : (size_t)LIMIT_IMPORT_FAULTS;
    HDF *faults;

    values_put(values, node, "Result", "1");
    values_put_grouped(values, node, "Added", import->counts.added);
    values_put_grouped(values, node, "Replaced", import->counts.replaced);
    values_put_grouped(values, node, "Unchanged", import->counts.unchanged);
    values_put_grouped(values, node, "Skipped", import->counts.skipped);
    values_put_grouped(values, node, "Bad", import->counts.bad);
    if (import->fault_count > 0)
        values_put_grouped(values, node, "Notes", import->fault_count);
    if (import->fault_count > shown)
        values_put_grouped(values, node, "More", import->fault_count - shown);
    faults = values_child(values, node, "Faults");
    for (size_t i = 0; i < shown; i++) {
        HDF *fault = values_element(values, faults, i);

        values_put_grouped(values, fault, "Line", import->faults[i].line);
        values_put_text(values, fault, "Text", text_repair(values->arena, text_from_cstr(import->faults[i].text)));
    }
}

enum err_code html_import(struct html *html, const struct html_frame *frame, const struct html_import *import,
                          struct buf *out, struct err *err)
{
    struct values values;
    HDF *node, *columns;

    values_begin(&values, frame, text_from_cstr(NULL));
    node = values_child(&values, values.hdf, "Import");
    values_put(&values, node, "Action", link_import(frame->arena));
    values_put(&values, node, "Progress", link_import_progress(frame->arena));
    values_put_grouped(&values, node, "LimitMB", LIMIT_IMPORT_BYTES / (1024 * 1024));
    values_put_grouped(&values, node, "LimitBooks", LIMIT_IMPORT_BOOKS);
    values_put_grouped(&values, node, "LimitSeconds", LIMIT_IMPORT_S);
    columns = values_child(&values, node, "Columns");
    for (int field = 0; field < BOOK_FIELDS; field++)
        values_put(&values, values_element(&values, columns, (size_t)field), "Name", book_fields[field].name);
    if (import->writes)
        values_put(&values, node, "Writes", "1");
    if (import->replaces)
        values_put(&values, node, "Replaces", "1");
    if (import->error != NULL)
        values_put(&values, node, "Error", import->error);
    values_put_text(&values, node, "File", import->file);
    if (import->has_result)
        put_result(&values, node, import);
    return values_render(&values, html, "import.cs", out, err);
}
