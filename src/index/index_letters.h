/*
 * index_letters: which rows hold a letter or a digit in any of their text fields. Whoever types a search asks for one
 * letter first, most of the table holds it, and looking at every value then takes longest; so these answers are in the
 * index: a set of rows (base/bits.h) for each of a to z and 0 to 9.
 */
#ifndef INDEX_INDEX_LETTERS_H
#define INDEX_INDEX_LETTERS_H

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"
#include "index/index_column.h"

enum { INDEX_LETTERS = 26 + 10 };

/* Returns the number of the letter or digit that a folded text is, or -1 if it is anything else. */
int index_letter(struct text folded);

/*
 * Adds to INDEX_LETTERS sets of rows, one after the other, what a finished column holds. sets: open; empty before the
 * first column. ERR_UNAVAILABLE: the disk is full.
 */
enum err_code index_letters_add(struct spill *sets, const struct column_build *column, struct err *err);

#endif
