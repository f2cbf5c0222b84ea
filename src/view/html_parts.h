/*
 * What html.c, html_list.c, html_filters.c and html_values.c share: the values that a template is given. The first
 * failure sticks, and what is put after it is left out; values_render tells of it.
 */
#ifndef VIEW_HTML_PARTS_H
#define VIEW_HTML_PARTS_H

#include "view/html.h"
#include "view/template.h"

struct html {
    struct templates *templates;
    uint32_t program;    /* program_sum() */
    struct buf specimen; /* of a list page, kept for its memory */
};

struct values {
    HDF *hdf;
    NEOERR *error;
    struct arena *arena;
};

/* Starts the values of a page with what all pages are given. */
void values_begin(struct values *values, const struct html_frame *frame, struct text search);

/* Renders a page from its values, adds it to out, and gives the values back. */
enum err_code values_render(struct values *values, struct html *html, const char *name, struct buf *out,
                            struct err *err);

/* Each puts a value below a node. A grouped number is one as people read it: 500,000. */
void values_put(struct values *values, HDF *node, const char *name, const char *value);
void values_put_text(struct values *values, HDF *node, const char *name, struct text text);
void values_put_number(struct values *values, HDF *node, const char *name, uint64_t number);
void values_put_grouped(struct values *values, HDF *node, const char *name, uint64_t number);

/* Each returns a node below another, made if need be, NULL after a failure: the one of this name, an element of a list.
 */
HDF *values_child(struct values *values, HDF *node, const char *name);
HDF *values_element(struct values *values, HDF *list, size_t index);

/* Puts all that orders and narrows a list down: heads, filters, what is chosen, page sizes (html_filters.c). */
void filters_put(struct values *values, HDF *node, const struct html_list *list);

#endif
