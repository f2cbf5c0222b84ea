/*
 * err: the one error type.
 *
 * A function that can fail returns an err_code and takes a struct err * as its last parameter. Unless it returns
 * ERR_OK, its out-parameters are not valid and err->text says what went wrong, for the log. web/ maps the code to an
 * HTTP status. Users see only the texts of ERR_INVALID, ERR_CONFLICT, ERR_CHANGED, ERR_REUSED, ERR_BUSY and
 * ERR_PREPARING. Each module translates the errors of the library that it wraps.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
    ERR_OK = 0,
    ERR_NOT_FOUND,   /* a valid answer rather than a failure: no such thing exists */
    ERR_INVALID,     /* the caller's input is wrong */
    ERR_CONFLICT,    /* the input is valid but clashes with existing data */
    ERR_CHANGED,     /* the data has changed since the caller read it */
    ERR_REUSED,      /* the key of this request was used by another one before */
    ERR_UNAVAILABLE, /* a server cannot be reached; try again later */
    ERR_BUSY,        /* too much work is running, or it would take too long; the text says what helps */
    ERR_PREPARING,   /* what it needs is being made; the text says how far it is */
    ERR_INTERNAL     /* a bug, or an invalid reply from a server */
};

enum { ERR_TEXT = 1024 };

struct err {
    enum err_code code;
    char text[ERR_TEXT]; /* one line, NUL-terminated, cut between characters if longer */
};

/* Fills err (NULL allowed) and returns code, so that `return err_set(...)` reads well. */
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns the name of code: "unavailable". */
const char *err_name(enum err_code code);

#endif
