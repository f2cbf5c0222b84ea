/*
 * text: bytes with a length that hold UTF-8, and what has to be known of them: is it valid, how many characters,
 * how it stands in a URL.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

/* Not owned: whoever made the bytes says how long they live. at may be NULL when len is 0. */
struct text {
    const char *at;
    size_t len; /* bytes */
};

/* Returns s as a text; NULL gives the empty text. */
struct text text_from_cstr(const char *s);

bool text_equal(struct text a, struct text b);
bool text_equal_string(struct text a, const char *b);
bool text_equal_caseless(struct text a, const char *b); /* whatever the case of ASCII letters */

/* Returns less than, equal to or greater than 0 as a stands before, at or after b in the order of the bytes. */
int text_compare(struct text a, struct text b);

/* Returns a copy in arena that is followed by a NUL: as a text; as a string. */
struct text text_copy(struct arena *arena, struct text text);
char *text_string(struct arena *arena, struct text text);

/* Returns the number that text begins with, in decimal digits; 0 if it begins with none. Beyond 18 digits it is cut. */
uint64_t text_number(struct text text);

/* Whether text is such a number and nothing else: 1 to 18 decimal digits. */
bool text_is_number(struct text text);

enum text_fault { TEXT_FINE, TEXT_NOT_UTF8, TEXT_CONTROL_CHARACTER };

/*
 * Checks that text is valid UTF-8 without control characters (Unicode category Cc, which NUL, tab and line feed
 * belong to) and, if so, stores its length in characters (code points).
 */
enum text_fault text_check(struct text text, size_t *characters);

/* Whether text is valid UTF-8, whatever characters it holds. Quick where it is ASCII. */
bool text_is_utf8(struct text text);

/*
 * Returns text as it can be shown: NUL and bytes that are no UTF-8 become U+FFFD, the replacement character. The result
 * is text itself or lies in arena, and is followed by a NUL there.
 */
struct text text_repair(struct arena *arena, struct text text);

/*
 * Returns text as one line of characters: what text_repair() replaces and control characters become U+FFFD, those that
 * are white space, such as a line break, a blank. The result is text itself or lies in arena, followed by a NUL.
 */
struct text text_line(struct arena *arena, struct text text);

/* Returns the bytes of the white space character that text begins with (as text_trim() knows it), 0 if it is none. */
size_t text_space(struct text text);

/* Returns text without the white space (Unicode categories Zs, Zl, Zp and ASCII blanks) at both ends. */
struct text text_trim(struct text text);

/* Adds text with every byte but ASCII letters, digits, '-', '.', '_' and '~' as %XX (RFC 3986, section 2). */
void text_percent_encode(struct buf *buf, struct text text);

/*
 * Decodes %XX, and '+' as a blank where plus is set (application/x-www-form-urlencoded), into arena. A '%' that two
 * hexadecimal digits do not follow stands for itself. The result may hold any byte; check it.
 */
struct text text_percent_decode(struct arena *arena, struct text text, bool plus);

/* Splits off what stands before the first c in rest, all of it if there is none, and moves rest behind that c. */
struct text text_split(struct text *rest, char c);

#endif
