#include "book/book_merge.h"

/* Returns whether a and b look the same in a form field, which does not keep blanks at the ends. */
static bool is_same(struct text a, struct text b)
{
    return text_equal(text_trim(a), text_trim(b));
}

int book_merge(const struct book *base, const struct book *mine, const struct book *theirs, struct book *merged,
               bool collides[BOOK_FIELDS])
{
    int count = 0;

    merged->field[BOOK_ID] = theirs->field[BOOK_ID];
    collides[BOOK_ID] = false;
    for (int i = BOOK_ID + 1; i < BOOK_FIELDS; i++) {
        const bool is_mine = !is_same(base->field[i], mine->field[i]);

        merged->field[i] = is_mine ? mine->field[i] : theirs->field[i];
        collides[i] =
            is_mine && !is_same(base->field[i], theirs->field[i]) && !is_same(mine->field[i], theirs->field[i]);
        count += collides[i];
    }
    return count;
}
