/*
 * fold: text as a search sees it. Two texts have the same folded form if they differ only in
 * - case, accents and other marks;
 * - letters that are written alike without a special keyboard: ø and o, ł and l, þ and th, æ and ae, ß and ss;
 * - katakana and hiragana;
 * - compatibility forms (full width, ligatures), and the kind of dash, quote, apostrophe or blank;
 * - invisible characters (soft hyphens, joiners), which are removed;
 * - full stops, apostrophes and hyphens next to a letter or digit, which are removed: J.K. is JK, O'Hara is OHara.
 * Folded text is UTF-8, and folding it again does not change it. One text contains another if its folded form contains
 * the other's.
 *
 * fold_table.h replaces characters first. utf8proc folds what is not ASCII then: NFKC after case folding, with
 * UTF8PROC_STRIPMARK, UTF8PROC_LUMP and UTF8PROC_IGNORE. docs/decisions/0020-fold-with-a-table.md has the reasons.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/*
 * Identifies this algorithm and the library with its data. Text that was folded or sorted with another one must be
 * folded again: after an upgrade of the system, too.
 */
uint32_t fold_version(void);

/* Adds the folded form of text to out. Invalid UTF-8 becomes U+FFFD. */
void fold_add(struct buf *out, struct text text);

/* Returns the folded form of text, in arena. */
struct text fold_text(struct arena *arena, struct text text);

/*
 * The two halves of fold_add(). The first folds each character by itself, whatever stands beside it, so full stops,
 * apostrophes and hyphens remain. That is the right form for values in which they mean something, such as dates.
 */
void fold_characters(struct buf *out, struct text text);

/*
 * The second removes full stops, apostrophes and hyphens next to a letter or digit from len bytes of text, in place.
 * Returns the new length. Unless kept is NULL, kept[i] becomes the former place of byte i; it has room for len places.
 */
size_t fold_join(char *text, size_t len, size_t *kept);

/*
 * Returns the part of a folded text by which it is sorted: without the punctuation and the blanks at its start, so that
 * "Hunger" is among the titles with H. All of it if nothing else would be left.
 */
struct text fold_sort_key(struct text folded);

/* Compares folded texts in their order: by sort key, then bytewise. */
int fold_compare(struct text a, struct text b);

#endif
