#include "index/index_letters.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/bits.h"

/* ASCII, as in every text that is UTF-8. */
static int number_of(char c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? c - '0' + 26 : -1;
}

int index_letter(struct text folded)
{
    return folded.len == 1 ? number_of(folded.at[0]) : -1;
}

/* Returns the letters in each value of a column, one bit each; the caller frees it. */
static uint64_t *letters_of_values(const struct column_build *column)
{
    const uint32_t *starts = (const void *)column->folded_starts.at;
    uint64_t *letters = mem_zero(column->values * sizeof *letters);

    for (uint32_t c = 0; c < column->values; c++) {
        for (uint32_t i = starts[c]; i < starts[c + 1]; i++) {
            const int number = number_of(column->folded.at[i]);

            if (number >= 0)
                letters[c] |= UINT64_C(1) << number;
        }
    }
    return letters;
}

enum err_code index_letters_add(struct spill *sets, const struct column_build *column, struct err *err)
{
    const uint32_t *codes = (const void *)column->codes.at;
    const uint32_t rows = (uint32_t)(column->codes.len / sizeof *codes);
    const size_t words = bits_words(rows), size = INDEX_LETTERS * words * sizeof(uint64_t);
    uint64_t *letters;

    if (sets->len < size) {
        const enum err_code code = spill_grow(sets, size - sets->len, err);

        if (code != ERR_OK)
            return code;
    }
    letters = letters_of_values(column);
    for (uint32_t row = 0; row < rows; row++)
        for (uint64_t left = letters[codes[row]]; left != 0; left &= left - 1)
            bits_set((uint64_t *)(void *)sets->at + (size_t)__builtin_ctzll(left) * words, row);
    free(letters);
    return ERR_OK;
}
