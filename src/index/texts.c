#include "index/texts.h"

#include "base/hash.h"
#include "index/index_file.h"

enum { SEEN_FIRST = 1024 };

/* A slot of the hash table (open addressing): the number of a text plus one, 0 if empty. */
struct slot {
    uint32_t hash, number;
};

enum err_code texts_open(struct texts *texts, const char *folder, struct err *err)
{
    enum err_code code;

    *texts = (struct texts){0};
    code = spill_open(&texts->bytes, folder, err);
    return code == ERR_OK ? spill_open_zeros(&texts->starts, folder, sizeof(uint32_t), err) : code;
}

void texts_close(struct texts *texts)
{
    spill_close(&texts->bytes);
    spill_close(&texts->starts);
    texts_forget_seen(texts);
}

struct text texts_at(const struct texts *texts, uint32_t n)
{
    const uint32_t *start = (const void *)texts->starts.at;

    return (struct text){texts->bytes.at + start[n], start[n + 1] - start[n]};
}

enum err_code texts_add(struct texts *texts, struct text text, struct err *err)
{
    const uint64_t end = texts->bytes.len + text.len;
    const uint32_t start = (uint32_t)end;
    enum err_code code = end < INDEX_MOST ? spill_add(&texts->bytes, text.at, text.len, err)
                                          : err_set(err, ERR_INTERNAL, "index: the values of a column are too large");

    texts->count++;
    return code == ERR_OK ? spill_add(&texts->starts, &start, sizeof start, err) : code;
}

/* Returns the slot of a text, or the empty one where it belongs. */
static struct slot *slot_of(struct texts *texts, struct text text, uint32_t hash)
{
    struct slot *slots = (void *)texts->seen.at;
    uint32_t at = hash & (texts->seen_size - 1);

    while (slots[at].number != 0 &&
           !(slots[at].hash == hash && text_equal(texts_at(texts, slots[at].number - 1), text)))
        at = (at + 1) & (texts->seen_size - 1);
    return &slots[at];
}

/* Doubles the hash table. */
static enum err_code grow_seen(struct texts *texts, const char *folder, struct err *err)
{
    const uint32_t old_size = texts->seen_size, size = old_size > 0 ? old_size * 2 : SEEN_FIRST;
    const struct slot *old = (const void *)texts->seen.at;
    struct spill larger;
    enum err_code code = spill_open_zeros(&larger, folder, size * sizeof *old, err);
    struct slot *slots = (void *)larger.at;

    for (uint32_t i = 0; code == ERR_OK && i < old_size; i++) {
        uint32_t at = old[i].hash & (size - 1);

        if (old[i].number == 0)
            continue;
        while (slots[at].number != 0)
            at = (at + 1) & (size - 1);
        slots[at] = old[i];
    }
    spill_close(&texts->seen);
    texts->seen = larger;
    texts->seen_size = size;
    return code;
}

enum err_code texts_number(struct texts *texts, struct text text, const char *folder, uint32_t *number, struct err *err)
{
    const uint32_t hash = (uint32_t)hash_bytes(0, text.at, text.len);
    enum err_code code = texts->count >= texts->seen_size / 2 ? grow_seen(texts, folder, err) : ERR_OK;
    struct slot *slot;

    if (code != ERR_OK)
        return code;
    slot = slot_of(texts, text, hash);
    if (slot->number == 0) {
        code = texts_add(texts, text, err);
        *slot = (struct slot){hash, texts->count};
    }
    *number = slot->number - 1;
    return code;
}

void texts_forget_seen(struct texts *texts)
{
    spill_close(&texts->seen);
    texts->seen_size = 0;
}

enum err_code texts_reorder(struct texts *texts, const struct sort_key *keys, const char *folder, struct err *err)
{
    struct texts ordered;
    enum err_code code = texts_open(&ordered, folder, err);

    for (uint32_t n = 0; code == ERR_OK && n < texts->count; n++)
        code = texts_add(&ordered, texts_at(texts, keys[n].number), err);
    texts_close(texts);
    *texts = ordered;
    return code;
}
