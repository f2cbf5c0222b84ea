#include "index/row_set.h"

/* Returns the number of chunks of a set. */
static uint32_t chunks_of(const struct row_set *set)
{
    return (uint32_t)(((uint64_t)set->rows + ROW_SET_CHUNK - 1) / ROW_SET_CHUNK);
}

/* Returns the words of a chunk. */
static uint64_t *chunk_of(const struct row_set *set, size_t chunk)
{
    return set->words + chunk * ROW_SET_WORDS;
}

/* Returns the first chunk in use from a number on; UINT32_MAX: there is none. */
static uint32_t next_used(const struct row_set *set, size_t from)
{
    const size_t words = bits_words(chunks_of(set));
    size_t i = from / 64;
    uint64_t word;

    if (i >= words)
        return UINT32_MAX;
    word = set->used[i] >> from % 64 << from % 64;
    while (word == 0 && ++i < words)
        word = set->used[i];
    return word == 0 ? UINT32_MAX : (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word);
}

struct row_set row_set_new(struct arena *arena, uint32_t rows)
{
    struct row_set set = {.rows = rows};
    const uint32_t chunks = chunks_of(&set);

    set.words = arena_alloc(arena, (size_t)chunks * ROW_SET_WORDS * sizeof *set.words);
    set.used = bits_new(arena, chunks);
    return set;
}

void row_set_use(struct row_set *set, uint32_t chunk)
{
    bits_set(set->used, chunk);
    memset(chunk_of(set, chunk), 0, ROW_SET_WORDS * sizeof *set->words);
}

/* Puts all chunks in use. */
static void use_all(struct row_set *set)
{
    const uint32_t chunks = chunks_of(set);

    for (uint32_t i = 0; i < chunks && !set->is_all_used; i++)
        if (!bits_has(set->used, i))
            row_set_use(set, i);
    set->is_all_used = true;
}

void row_set_expect(struct row_set *set, uint64_t count)
{
    if (count >= chunks_of(set))
        use_all(set);
}

void row_set_clear(struct row_set *set)
{
    memset(set->used, 0, bits_words(chunks_of(set)) * sizeof *set->used);
    set->is_all_used = false;
}

void row_set_fill(struct row_set *set)
{
    const uint32_t chunks = chunks_of(set);

    bits_fill(set->used, chunks);
    set->is_all_used = true;
    if (chunks > 0) /* the last one may have room for more than the set */
        memset(chunk_of(set, chunks - 1), 0, ROW_SET_WORDS * sizeof *set->words);
    bits_fill(set->words, set->rows);
}

void row_set_copy(struct row_set *set, const struct row_set *other)
{
    memcpy(set->used, other->used, bits_words(chunks_of(set)) * sizeof *set->used);
    set->is_all_used = other->is_all_used;
    for (uint32_t i = next_used(set, 0); i != UINT32_MAX; i = next_used(set, i + 1))
        memcpy(chunk_of(set, i), chunk_of(other, i), ROW_SET_WORDS * sizeof *set->words);
}

void row_set_keep(struct row_set *set, const struct row_set *other)
{
    bits_keep(set->used, other->used, bits_words(chunks_of(set)));
    set->is_all_used = set->is_all_used && other->is_all_used;
    for (uint32_t i = next_used(set, 0); i != UINT32_MAX; i = next_used(set, i + 1))
        bits_keep(chunk_of(set, i), chunk_of(other, i), ROW_SET_WORDS);
}

void row_set_exclude(struct row_set *set, const struct row_set *other)
{
    for (uint32_t i = next_used(set, 0); i != UINT32_MAX; i = next_used(set, i + 1))
        if (bits_has(other->used, i))
            bits_remove(chunk_of(set, i), chunk_of(other, i), ROW_SET_WORDS);
}

void row_set_add_bits(struct row_set *set, const uint64_t *bits)
{
    use_all(set);
    bits_add(set->words, bits, bits_words(set->rows));
}

uint32_t row_set_count(const struct row_set *set)
{
    uint64_t count = 0;

    for (uint32_t i = next_used(set, 0); i != UINT32_MAX; i = next_used(set, i + 1))
        count += bits_count(chunk_of(set, i), ROW_SET_WORDS);
    return (uint32_t)count;
}

bool row_set_next_chunk(struct row_set_reader *reader)
{
    const uint32_t chunk = next_used(reader->set, reader->chunk);

    if (chunk == UINT32_MAX)
        return false;
    reader->next = (size_t)chunk * ROW_SET_WORDS;
    reader->end = reader->next + ROW_SET_WORDS;
    reader->chunk = (size_t)chunk + 1;
    return true;
}
