#include "catalogue/book_merge.h"

static bool is_break(char c)
{
    return c == '\r' || c == '\n';
}

/* Returns text without blanks and line breaks at its ends. */
static struct text bare(struct text text)
{
    size_t len;

    do {
        len = text.len;
        text = text_trim(text);
        while (text.len > 0 && is_break(text.at[text.len - 1]))
            text.len--;
        while (text.len > 0 && is_break(text.at[0])) {
            text.at++;
            text.len--;
        }
    } while (text.len < len);
    return text;
}

/* Whether a and b are the same in the field of a form. */
static bool is_same(struct text a, struct text b)
{
    size_t i = 0, j = 0;

    a = bare(a);
    b = bare(b);
    while (true) {
        while (i < a.len && is_break(a.at[i]))
            i++;
        while (j < b.len && is_break(b.at[j]))
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.at[i++] != b.at[j++])
            return false;
    }
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
