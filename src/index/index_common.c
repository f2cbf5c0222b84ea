#include "index/index_common.h"

#include "base/bits.h"

int common_letter(char c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? c - '0' + 26 : -1;
}

int common_pair(int first, int second)
{
    return first >= 0 && second >= 0 ? COMMON_LETTERS + first * COMMON_LETTERS + second : -1;
}

static int gram_number(struct text folded)
{
    if (folded.len == 1)
        return common_letter(folded.at[0]);
    return folded.len == 2 ? common_pair(common_letter(folded.at[0]), common_letter(folded.at[1])) : -1;
}

const uint64_t *index_common_rows(const struct index_common *common, struct text folded, uint32_t rows)
{
    const int gram = gram_number(folded);
    uint32_t low = 0, high = common->count;

    while (gram >= 0 && low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (common->numbers[middle] == (uint32_t)gram)
            return common->rows + middle * bits_words(rows);
        if (common->numbers[middle] < (uint32_t)gram)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
