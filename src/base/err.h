/*
 * err: the one error type.
 *
 * A function that can fail returns an err_code and takes a struct err * as its last parameter. On anything but
 * ERR_OK its out-parameters are not valid and err->text says what went wrong, for the log; web/ maps the code to an
 * HTTP status, and the text of ERR_INVALID, ERR_CONFLICT, ERR_CHANGED and ERR_BUSY alone is shown to users. Errors of
 * the libraries are translated where their module meets the library.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
    ERR_OK = 0,
    ERR_NOT_FOUND,   /* an answer rather than a failure: there is no such thing */
    ERR_INVALID,     /* the caller's input is at fault */
    ERR_CONFLICT,    /* the input is fine but clashes with what is there */
    ERR_CHANGED,     /* what is there is no longer what the caller has seen */
    ERR_UNAVAILABLE, /* a server cannot be reached now; try again */
    ERR_BUSY,        /* too much work is under way, or it would take too long: the text says what would help */
    ERR_INTERNAL     /* our fault, or a server that answers nonsense */
};

struct err {
    enum err_code code;
    char text[1024]; /* one line, NUL-terminated, cut between characters if longer */
};

/* Fills err (NULL allowed) and returns code, so that `return err_set(...)` reads well. */
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns the name of code: "unavailable". */
const char *err_name(enum err_code code);

#endif
