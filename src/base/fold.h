/*
 * fold: text as a search sees it. Two texts have the same folded form if they differ only in case, in accents and other
 * marks, in compatibility forms (full width, ligatures), or in the kind of dash, quote or blank. Invisible characters
 * (soft hyphens, joiners) are removed. Folded text is UTF-8. One text contains another if its folded form contains the
 * other's.
 *
 * The form is NFKC after case folding, as utf8proc makes it with UTF8PROC_STRIPMARK, UTF8PROC_LUMP and UTF8PROC_IGNORE.
 * The quotation marks that utf8proc leaves unchanged become ASCII quotes.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/* The version of this algorithm. Text folded by another version must be folded again. */
enum { FOLD_VERSION = 2 };

/* Adds the folded form of text to out. Invalid UTF-8 becomes U+FFFD. */
void fold_add(struct buf *out, struct text text);

/* Returns the folded form of text, in arena. */
struct text fold_text(struct arena *arena, struct text text);

#endif
