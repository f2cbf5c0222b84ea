#include "index/index_letters.h"

#include <stdint.h>

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

/* Opens the letters in each value of a column, one bit each. */
static enum err_code letters_of_values(const struct column_build *column, struct spill *sets, struct err *err)
{
    const enum err_code code = spill_open_zeros(sets, column->folder, column->folded.count * sizeof(uint64_t), err);
    uint64_t *letters = (void *)sets->at;

    for (uint32_t c = 0; code == ERR_OK && c < column->folded.count; c++) {
        const struct text folded = column_folded(column, c);

        for (size_t i = 0; i < folded.len; i++) {
            const int number = number_of(folded.at[i]);

            if (number >= 0)
                letters[c] |= UINT64_C(1) << number;
        }
    }
    return code;
}

enum err_code index_letters_add(struct spill *sets, const struct column_build *column, struct err *err)
{
    const uint32_t *codes = (const void *)column->codes.at;
    const uint32_t rows = (uint32_t)(column->codes.len / sizeof *codes);
    const size_t words = bits_words(rows), size = INDEX_LETTERS * words * sizeof(uint64_t);
    struct spill of_values;
    const uint64_t *letters;
    enum err_code code = sets->len < size ? spill_grow(sets, size - sets->len, err) : ERR_OK;

    if (code == ERR_OK)
        code = letters_of_values(column, &of_values, err);
    if (code != ERR_OK)
        return code;
    letters = (const void *)of_values.at;
    for (uint32_t row = 0; row < rows; row++)
        for (uint64_t left = letters[codes[row]]; left != 0; left &= left - 1)
            bits_set((uint64_t *)(void *)sets->at + (size_t)__builtin_ctzll(left) * words, row);
    spill_close(&of_values);
    return ERR_OK;
}
