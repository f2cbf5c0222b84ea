/* text: UTF-8 strings with a length: validity, number of characters, encoding in URLs. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

/* Does not own its bytes. at may be NULL if len is 0. */
struct text {
    const char *at;
    size_t len; /* bytes */
};

/* Returns s as a text; NULL gives the empty text. */
struct text text_from_cstr(const char *s);

bool text_equal(struct text a, struct text b);
bool text_equal_string(struct text a, const char *b);
bool text_equal_caseless(struct text a, const char *b); /* ignores the case of ASCII letters */

/* Compares bytewise. Returns less than, equal to or greater than 0, as memcmp does. */
int text_compare(struct text a, struct text b);

/* Return a NUL-terminated copy in arena, as a text or as a string. */
struct text text_copy(struct arena *arena, struct text text);
char *text_string(struct arena *arena, struct text text);

/* Returns the decimal number at the start of text, 0 if there is none. Reads at most 18 digits. */
uint64_t text_number(struct text text);

/* Returns whether text is 1 to 18 decimal digits and nothing else. */
bool text_is_number(struct text text);

enum text_fault { TEXT_FINE, TEXT_NOT_UTF8, TEXT_CONTROL_CHARACTER };

/*
 * Checks that text is valid UTF-8 without control characters (Unicode category Cc, which includes NUL, tab and line
 * feed) and, if so, stores its length in characters (code points).
 */
enum text_fault text_check(struct text text, size_t *characters);

/*
 * Returns whether each character of text can be seen: valid UTF-8 without control, format and line separator characters
 * (Unicode categories Cc, Cf, Zl and Zp, such as U+200B and U+202E) and others that are displayed as nothing
 * (Default_Ignorable_Code_Point), and without a combining mark (M) at its start. Blanks count as seen.
 */
bool text_is_visible(struct text text);

/* Returns whether text is valid UTF-8; control characters are allowed. Fast for ASCII. */
bool text_is_utf8(struct text text);

/*
 * Makes text displayable: NUL and invalid UTF-8 become U+FFFD, the replacement character. Returns text itself or a
 * NUL-terminated copy in arena.
 */
struct text text_repair(struct arena *arena, struct text text);

/*
 * Appends text of an XML document: the characters that none may contain (most control characters, U+FFFE, U+FFFF; see
 * Extensible Markup Language 1.0, section 2.2) and invalid UTF-8 become U+FFFD.
 */
void text_add_xml(struct buf *out, struct text text);

/*
 * Makes text one displayable line: a white-space control character, such as a line break, becomes a blank; other
 * control characters and what text_repair() replaces become U+FFFD. Returns text itself or a NUL-terminated copy in
 * arena.
 */
struct text text_line(struct arena *arena, struct text text);

/*
 * Returns the length in bytes of the white-space character at the start of text (as text_trim() defines it), 0 if there
 * is none.
 */
size_t text_space(struct text text);

/* Returns text without leading and trailing white space (Unicode categories Zs, Zl, Zp and ASCII blanks). */
struct text text_trim(struct text text);

/*
 * Appends text with every byte except ASCII letters, digits, '-', '.', '_' and '~' encoded as %XX (RFC 3986, section
 * 2).
 */
void text_percent_encode(struct buf *buf, struct text text);

/*
 * Decodes %XX, and '+' as a blank if plus is set (application/x-www-form-urlencoded), into arena. A '%' without two
 * hexadecimal digits after it stays as it is. The result may contain any byte: check it.
 */
struct text text_percent_decode(struct arena *arena, struct text text, bool plus);

/* Splits off what stands before the first c in rest, all of it if there is none, and moves rest behind that c. */
struct text text_split(struct text *rest, char c);

#endif
