/*
 * A damaged file of the index. First byte: whether its sums are made right again (s); then, seven bytes each, what is
 * done to it: how, where (two bytes), which value (four bytes). It is refused or answers, and reads nothing outside.
 */
#include "fuzz.h"

#include "base/log.h"
#include "books.h"
#include "index/index_file.h"

enum { DAMAGE_BYTES = 7 };

/* Does one thing to the bytes, of which *len are used. */
static void damage(char *bytes, size_t *len, const uint8_t *how)
{
    const size_t at = (size_t)(how[1] | how[2] << 8) % *len, aligned = at & ~(size_t)7;
    const uint32_t value = how[3] | (uint32_t)how[4] << 8 | (uint32_t)how[5] << 16 | (uint32_t)how[6] << 24;
    const uint64_t wide = how[0] & 0x80 ? UINT64_MAX - value : value;

    switch (how[0] % 5) {
    case 0: /* one byte */
        bytes[at] ^= (char)value;
        break;
    case 1: /* a number in the header or in a section */
    case 2:
        memcpy(bytes + aligned, &wide, aligned + sizeof wide <= *len && how[0] % 5 == 1 ? sizeof wide : 4);
        break;
    case 3: /* a run */
        memset(bytes + at, (int)(value & 0xFF), (value >> 8) % (*len - at + 1));
        break;
    default: /* the end */
        *len = at + 1;
    }
}

/* Asks questions that lead through all parts of the file. */
static void ask(struct index *index)
{
    static const char *const searches[] = {"",         "s",   "title:strasse -the", "author:hara", "i 03 of",
                                           "sea 1984", "zzz", "strsase aea"};
    static const struct text chosen[] = {{"sea", 3}, {"The", 3}};

    for (size_t i = 0; i < 2 * sizeof searches / sizeof *searches; i++) {
        struct query query = {.limit = 7, .wants_facets = true};
        struct arena arena = {0};
        struct facets facets;
        struct suggestions suggestions;
        struct book_list list;
        struct found_walk *walk;
        struct found *found;
        struct book book;
        struct err err;

        query_order_by(&query, (enum book_field)(i % BOOK_FIELDS), i % 2 == 1);
        if (query.order[0].field != BOOK_ID && i % 5 == 0)
            query.order[++query.further] =
                (struct query_order){(enum book_field)(BOOK_FIELDS - i % BOOK_FIELDS), i % 2 == 0};
        query.offset = i % 3 * 20;
        if (i % 3 == 1) {
            query_order_by(&query, BOOK_ID, false);
            query.is_best_first = true;
        }
        FUZZ_ASSERT(query_set_search(&query, text_from_cstr(searches[i / 2]), &arena));
        query.choice[BOOK_PUBLISHER] = (struct query_choice){chosen, i % 5 == 4 ? 2 : 0};
        query.from = text_from_cstr(i % 4 == 3 ? "2010-01-01" : "");
        FUZZ_ASSERT(index_query(index, &query, &arena, &found, &err) == ERR_OK);
        found_part(found, &arena, &list);
        FUZZ_ASSERT(list.count <= query.limit);
        found_facets(found, &arena, &facets);
        index_suggest(index, &query, 0, &arena, &suggestions);
        FUZZ_ASSERT(suggestions.count <= LIMIT_SUGGESTIONS);
        walk = found_walk_new(found);
        for (int j = 0; j < 2 * BOOKS && found_walk_next(walk, &arena, &book); j++)
            fuzz_check_strings(&book);
        arena_free(&arena);
    }
}

FUZZ_TARGET(index)
{
    const struct text good = books_index();
    struct text input = {(const char *)data, size};
    const bool is_sealed = fuzz_byte(&input) == 's';
    char *bytes = malloc(good.len + sizeof(uint64_t));
    size_t len = good.len;
    struct index *index;

    log_set_level(LOG_LEVEL_ERROR);
    memcpy(bytes, good.at, good.len);
    for (; input.len >= DAMAGE_BYTES; input.at += DAMAGE_BYTES, input.len -= DAMAGE_BYTES)
        damage(bytes, &len, (const uint8_t *)input.at);
    if (is_sealed && len >= sizeof(struct index_header)) {
        ((struct index_header *)(void *)bytes)->size = len;
        index_seal(bytes, len);
    }
    index = books_open_index((struct text){bytes, len});
    if (index != NULL) {
        FUZZ_ASSERT(is_sealed || (len == good.len && memcmp(bytes, good.at, len) == 0));
        ask(index);
        index_free(index);
    }
    free(bytes);
    return 0;
}
