/*
 * html: turns what a handler found out into a page, through the templates of ClearSilver. Each page has a struct
 * that holds all its template is given; texts are escaped by ClearSilver (Config.VarEscapeMode = html), never here.
 *
 * A template is parsed when it is first needed and kept until one of them changes.
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

struct html;

/* folder holds the templates (*.cs). Returns a renderer. Free it with html_free(). */
struct html *html_new(const char *folder);
void html_free(struct html *html);

/* Looks, at most once a second, whether the templates have changed, and returns whether so: pages follow from now on.
 */
bool html_refresh(struct html *html);

/* Returns a number that tells the present templates, and the program that fills them in, from others. */
uint32_t html_stamp(const struct html *html);

/* What every page is given. */
struct html_frame {
    const char *title;
    const char *nav;      /* "home", "list", "add" or "" */
    const char *flash;    /* "added", "updated", "merged", "deleted": what the user has just done; NULL: nothing */
    struct text flash_id; /* to which book */
    struct arena *arena;  /* for what rendering needs */
};

struct html_list {
    struct query query;
    uint64_t page, pages;
    uint64_t total; /* books in the whole list or result */
    struct book_list list;
    struct facets facets;    /* what there is to choose from, as far as it is known */
    bool is_open;            /* the filters are to be in sight */
    const char *source;      /* "Redis cache", "MySQL" or "the search index" */
    double seconds;          /* that loading took */
    bool is_sure;            /* false: there may be something newer, which could not be found out */
    struct version version;  /* of the table that is shown; all zeros where it is not known */
    const char *rendered_at; /* of a page that is kept as a file: when; NULL: it is for this request alone */
};

/* What a field of a form has to do with a change that somebody else made meanwhile. */
struct html_change {
    bool is_asked;                 /* both have changed it: which value is to be kept? */
    bool is_taken;                 /* they alone have: the field holds theirs */
    struct text before;            /* is_asked: what it was before both */
    bool keeps_mine, takes_theirs; /* is_asked: what was answered */
};

struct html_form {
    bool is_update;
    const struct book *book;           /* what the fields hold */
    const struct book_faults *faults;  /* NULL: none */
    const char *error;                 /* a sentence about the whole; NULL: none */
    const struct book *base;           /* what is stored, as far as the user knows; NULL: not known */
    const struct html_change *changes; /* of each field (BOOK_FIELDS of them); NULL: nobody has changed the book */
    struct query back;                 /* where the user came from */
};

struct html_delete {
    const struct book *book;
    struct query back; /* where the user came from */
};

struct html_timings {
    const struct catalogue_timings *timings; /* NULL: nothing was measured yet */
    const char *at;                          /* when it was measured */
    bool has_files;                          /* page files are on */
};

/* A fault in a line of a file. */
struct html_import_fault {
    uint64_t line;
    const char *text;
};

struct html_import {
    bool writes, replaces; /* what was chosen in the form */
    const char *error;     /* a sentence about the whole; NULL: none */
    struct text file;      /* name of the file that was sent */
    bool has_result;       /* whether what follows is shown */
    struct import_counts counts;
    struct html_import_fault *faults; /* bad lines, and books left out: LIMIT_IMPORT_FAULTS at most */
    size_t fault_count;               /* of all */
};

struct html_error {
    int status;
    const char *title, *text;
    const char *link, *label; /* the next step: its address and its words */
};

/*
 * Each adds its page to out. ERR_INTERNAL: a template is missing or wrong; out may hold part of a page then.
 */
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
