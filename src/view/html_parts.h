/*
 * Shared by html*.c: the values passed to a template. The first error is sticky: later values are ignored, and
 * values_render reports it.
 */
#ifndef VIEW_HTML_PARTS_H
#define VIEW_HTML_PARTS_H

#include "view/html.h"
#include "view/template.h"

struct html {
    struct templates *templates;
    uint32_t program;    /* program_sum() */
    struct buf specimen; /* of a list page; kept to reuse its memory */
};

struct values {
    HDF *hdf;
    NEOERR *error;
    struct arena *arena;
};

/* Starts the values of a page with those of every page. */
void values_begin(struct values *values, const struct html_frame *frame, struct text search);

/* Puts what a preview of a link to the page needs, if the address of the site is known. link: of the page. */
void values_put_preview(struct values *values, const char *link);

/* Renders a page, appends it to out and frees the values. */
enum err_code values_render(struct values *values, struct html *html, const char *name, struct buf *out,
                            struct err *err);

/* Put a value below a node. A grouped number has separators: 500,000. */
void values_put(struct values *values, HDF *node, const char *name, const char *value);
void values_put_text(struct values *values, HDF *node, const char *name, struct text text);
void values_put_number(struct values *values, HDF *node, const char *name, uint64_t number);
void values_put_grouped(struct values *values, HDF *node, const char *name, uint64_t number);

/* Return a child node by name, or an element of a list. Create it if needed. NULL after an error. */
HDF *values_child(struct values *values, HDF *node, const char *name);
HDF *values_element(struct values *values, HDF *list, size_t index);

/* Puts changes of the log, without the values of their fields (html_changes.c). */
void changes_put(struct values *values, HDF *node, const struct history *history);

/* Puts the book that a page shows, as the user sees it: the page notices when others change it (others.js). */
void watched_put(struct values *values, const struct book *book);

/*
 * Puts the chosen filters of a query as Chips, each with the URL of the list without it, and their number as Chosen.
 * Returns that number (html_filters.c).
 */
size_t chosen_put(struct values *values, HDF *node, const struct query *query);

/* Puts column heads, filters, their chosen values and page sizes (html_filters.c). */
void filters_put(struct values *values, HDF *node, const struct html_list *list);

#endif
