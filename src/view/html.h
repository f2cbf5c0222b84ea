/*
 * html: renders a handler's results as a page, with ClearSilver templates. Each page has a struct with all the data of
 * its template. ClearSilver escapes texts (Config.VarEscapeMode = html); this code never does.
 *
 * A template is parsed on first use and cached until any template changes.
 */
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book.h"
#include "book/query.h"
#include "book/version.h"
#include "catalogue/catalogue_timings.h"
#include "files/import.h"
#include "people/role.h"

struct html;

/* Returns a renderer for the templates (*.cs) in folder. Free it with html_free(). */
struct html *html_new(const char *folder);
void html_free(struct html *html);

/* Checks, at most once a second, whether the templates have changed. If so, reloads them and returns true. */
bool html_refresh(struct html *html);

/* Returns a checksum of what makes the pages: the current templates, the program, and the base path of links. */
uint32_t html_stamp(const struct html *html);

/* The data of every page. */
struct html_frame {
    const char *title;
    const char *nav;      /* "home", "list", "add" or "" */
    enum role role;       /* what the viewer may do */
    bool is_open;         /* everybody may do everything */
    const char *flash;    /* flash message: "added", "updated", "merged", "deleted"; NULL: none */
    struct text flash_id; /* the book it is about */
    struct arena *arena;  /* for rendering */
};

struct html_list {
    struct query query;
    uint64_t page, pages;
    uint64_t total; /* books in the whole list or result */
    struct book_list list;
    struct facets facets;    /* choices of the filters, as far as known */
    bool is_open;            /* show the filters unfolded */
    const char *source;      /* "Redis cache", "MySQL" or "the search index" */
    double seconds;          /* time that loading took */
    bool is_sure;            /* false: there may be a newer version; could not check */
    struct version version;  /* of the table shown; all zeros if unknown */
    const char *rendered_at; /* time a page file was rendered; NULL: not a page file */
};

/* How someone else's concurrent change affects a field of a form. */
struct html_change {
    bool is_asked;                 /* both have changed it: the user must choose */
    bool is_taken;                 /* only they have: the field holds their value */
    struct text before;            /* if is_asked: the value before both changes */
    bool keeps_mine, takes_theirs; /* if is_asked: the answer */
};

struct html_form {
    bool is_update;
    const struct book *book;           /* the values of the fields */
    const struct book_faults *faults;  /* NULL: none */
    const char *error;                 /* an error about the whole page; NULL: none */
    const struct book *base;           /* the stored book as the user last saw it; NULL: unknown */
    const struct html_change *changes; /* one per field (BOOK_FIELDS); NULL: no concurrent change */
    struct query back;                 /* the page the user came from */
};

struct html_delete {
    const struct book *book;
    struct query back; /* the page the user came from */
};

struct html_timings {
    const struct catalogue_timings *timings; /* NULL: not measured yet */
    const char *at;                          /* time of the measurement */
    bool has_files;                          /* page files are enabled */
};

/* An error in a line of a file. */
struct html_import_fault {
    uint64_t line;
    const char *text;
};

struct html_import {
    bool writes, replaces; /* the options chosen in the form */
    const char *error;     /* an error about the whole page; NULL: none */
    struct text file;      /* name of the uploaded file */
    bool has_result;       /* show the fields below */
    struct import_counts counts;
    struct html_import_fault *faults; /* bad lines and skipped books, at most LIMIT_IMPORT_FAULTS */
    size_t fault_count;               /* total number */
};

struct html_error {
    int status;
    const char *title, *text;
    const char *link, *label; /* the next step: URL and text of its link */
};

/* Append a page to out. ERR_INTERNAL: a template is missing or wrong; out may then hold part of a page. */
enum err_code html_home(struct html *html, const struct html_frame *frame, struct buf *out, struct err *err);
enum err_code html_list(struct html *html, const struct html_frame *frame, const struct html_list *list,
                        struct buf *out, struct err *err);
enum err_code html_form(struct html *html, const struct html_frame *frame, const struct html_form *form,
                        struct buf *out, struct err *err);
enum err_code html_delete(struct html *html, const struct html_frame *frame, const struct html_delete *delete,
                          struct buf *out, struct err *err);
enum err_code html_timings(struct html *html, const struct html_frame *frame, const struct html_timings *timings,
                           struct buf *out, struct err *err);
enum err_code html_import(struct html *html, const struct html_frame *frame, const struct html_import *import,
                          struct buf *out, struct err *err);
enum err_code html_error(struct html *html, const struct html_frame *frame, const struct html_error *error,
                         struct buf *out, struct err *err);

#endif
