/*
 * index_letters: the rows that contain a letter or digit in any text field. A search being typed starts with one
 * letter, which most of the table contains, and scanning every value for it is slowest. So the index has these results:
 * a set of rows (base/bits.h) for each of a to z and 0 to 9.
 */
#ifndef INDEX_INDEX_LETTERS_H
#define INDEX_INDEX_LETTERS_H

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"
#include "index/index_column.h"

enum { INDEX_LETTERS = 26 + 10 };

/* Returns the number of a folded text that is a single letter or digit, else -1. */
int index_letter(struct text folded);

/*
 * Adds a finished column to INDEX_LETTERS consecutive sets of rows. sets: open; empty before the first column.
 * ERR_UNAVAILABLE: the disk is full.
 */
enum err_code index_letters_add(struct spill *sets, const struct column_build *column, struct err *err);

#endif
