/*
 * fold: text as a search sees it. Two texts that differ only in case, accents and other marks, in compatibility forms
 * (full width, ligatures) or in the kind of a dash, quote or blank have the same folded form; what cannot be seen (soft
 * hyphens, joiners) is left out. Folded text is UTF-8; a text occurs in another if its folded form does.
 *
 * As utf8proc defines it: NFKC after case folding, with UTF8PROC_STRIPMARK, UTF8PROC_LUMP and UTF8PROC_IGNORE. The
 * quotation marks that it leaves as they are become those of ASCII here.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/* Tells this way of folding from others: what was folded in another way must be folded anew. */
enum { FOLD_VERSION = 2 };

/* Adds the folded form of text to out. What is no UTF-8 in it counts as U+FFFD. */
void fold_add(struct buf *out, struct text text);

/* Returns the folded form of text, in arena. */
struct text fold_text(struct arena *arena, struct text text);

#endif
