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
#include "book/history.h"
#include "book/query.h"
#include "book/version.h"
#include "catalogue/catalogue_edit.h"
#include "catalogue/catalogue_timings.h"
#include "files/import.h"
#include "people/people.h"

struct html;

/* Returns a renderer for the templates (*.cs) in folder. Free it with html_free(). */
struct html *html_new(const char *folder);
void html_free(struct html *html);

/* Checks, at most once a second, whether the templates have changed. If so, reloads them and returns true. */
bool html_refresh(struct html *html);

/* Returns a checksum of what makes the pages: the current templates, the program, and the address of the site. */
uint32_t html_stamp(const struct html *html);

/* The data of every page. */
struct html_frame {
    const char *title;
    const char *description; /* for search engines and previews; NULL: none */
    const char *nav;         /* "home", "list", "add", "changes", "account", "users" or "" */
    enum role role;          /* what the viewer may do */
    bool is_open;            /* everybody may do everything */
    bool has_accounts;       /* people sign in with accounts of this site */
    bool is_unsure;          /* nobody can say at the moment who the viewer is */
    struct text person;      /* name of the viewer; empty: not signed in */
    struct text key;         /* for its forms (web/once.h); empty: it has none that write books */
    struct text place;    /* path and query string of this page without the base path, to return to after signing in */
    const char *flash;    /* flash message: "added", "updated", "merged", "deleted", "restored"; NULL: none */
    struct text flash_id; /* the book it is about */
    uint64_t flash_undo;  /* the version of the change that it offers to undo; 0: none */
    struct arena *arena;  /* for rendering */
};

/* The home page. It shows what could be found out. */
struct html_home {
    bool is_counted;
    uint64_t total;                /* books, if is_counted */
    struct facets facets;          /* of all books; none: not counted */
    const struct history *history; /* the last changes; NULL: unknown */
};

struct html_list {
    struct query query;
    uint64_t page, pages;
    uint64_t total; /* books in the whole list or result */
    struct book_list list;
    struct facets facets; /* choices of the filters, as far as known */
    struct suggestions suggestions;
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
    struct query back;                 /* the page the user came from, */
    bool is_of_page;                   /* unless it is that of the book */
};

struct html_book {
    const struct book *book;              /* as it is, or as it was last */
    const struct history_entry *deletion; /* the last change of a book that is gone; NULL: it is there */
};

struct html_changes {
    const struct history *history;
    const struct history_query *query;
    const struct book *book; /* if query is of one: as it is now; NULL: there is none */
    const char *site;        /* for a feed, whose links are absolute: "https://host" */
};

struct html_delete {
    const struct book *book;
    struct query back;     /* the page the user came from, */
    bool is_of_page;       /* unless it is that of the book */
    struct text neighbour; /* the book there whose row takes the place; empty: none */
};

struct html_timings {
    const struct catalogue_timings *timings; /* NULL: not measured yet */
    const char *at;                          /* time of the measurement */
    bool has_redis, has_index, has_files;    /* the list in Redis, the index, page files are enabled */
};

/* The form that changes many books. */
struct html_edit {
    const struct query *query; /* those that it finds, */
    const struct text *ids;    /* or, if id_count is not 0, those with these IDs */
    size_t id_count;
    uint64_t found; /* how many, if */
    bool is_counted;
    struct edit edit;             /* as entered */
    const char *error;            /* NULL: none */
    const struct edit_plan *plan; /* its preview; NULL: none */
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

struct html_sign_in {
    struct text name;  /* as entered */
    const char *to;    /* the page to return to */
    const char *error; /* NULL: none */
};

/* A link with which somebody chooses a password. */
struct html_invitation {
    struct text name;   /* of the person */
    struct text secret; /* of the invitation */
    const char *error;  /* NULL: none */
};

struct html_account {
    const struct person *person;
    const struct session_list *sessions;
    const char *error; /* NULL: none */
};

struct html_users {
    const struct person_list *list;
    struct text name;  /* as entered */
    const char *error; /* NULL: none */
};

struct html_user {
    const struct person *person;
    bool is_viewer;         /* who cannot change or remove themselves */
    const char *invitation; /* a new link for them, shown once; NULL: none */
};

struct html_error {
    int status;
    const char *title, *text;
    const char *link, *label; /* the next step: URL and text of its link */
    struct text search;       /* what was searched for: it stays in the search box */
};

/* Append a page to out. ERR_INTERNAL: a template is missing or wrong; out may then hold part of a page. */
enum err_code html_home(struct html *html, const struct html_frame *frame, const struct html_home *home,
                        struct buf *out, struct err *err);
enum err_code html_list(struct html *html, const struct html_frame *frame, const struct html_list *list,
                        struct buf *out, struct err *err);
enum err_code html_form(struct html *html, const struct html_frame *frame, const struct html_form *form,
                        struct buf *out, struct err *err);
enum err_code html_book(struct html *html, const struct html_frame *frame, const struct html_book *book,
                        struct buf *out, struct err *err);
enum err_code html_history(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                           struct buf *out, struct err *err);
enum err_code html_changes(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                           struct buf *out, struct err *err);
enum err_code html_feed(struct html *html, const struct html_frame *frame, const struct html_changes *changes,
                        struct buf *out, struct err *err);
enum err_code html_delete(struct html *html, const struct html_frame *frame, const struct html_delete *delete,
                          struct buf *out, struct err *err);
enum err_code html_timings(struct html *html, const struct html_frame *frame, const struct html_timings *timings,
                           struct buf *out, struct err *err);
enum err_code html_import(struct html *html, const struct html_frame *frame, const struct html_import *import,
                          struct buf *out, struct err *err);
enum err_code html_edit(struct html *html, const struct html_frame *frame, const struct html_edit *edit,
                        struct buf *out, struct err *err);
enum err_code html_edited(struct html *html, const struct html_frame *frame, const struct edit_record *record,
                          struct buf *out, struct err *err);
enum err_code html_sign_in(struct html *html, const struct html_frame *frame, const struct html_sign_in *sign_in,
                           struct buf *out, struct err *err);
enum err_code html_invitation(struct html *html, const struct html_frame *frame,
                              const struct html_invitation *invitation, struct buf *out, struct err *err);
enum err_code html_account(struct html *html, const struct html_frame *frame, const struct html_account *account,
                           struct buf *out, struct err *err);
enum err_code html_users(struct html *html, const struct html_frame *frame, const struct html_users *users,
                         struct buf *out, struct err *err);
enum err_code html_user(struct html *html, const struct html_frame *frame, const struct html_user *user,
                        struct buf *out, struct err *err);
enum err_code html_error(struct html *html, const struct html_frame *frame, const struct html_error *error,
                         struct buf *out, struct err *err);

#endif
