/* texts: a growing list of texts in unnamed files, numbered from 0; on request, without duplicates. */
#ifndef INDEX_TEXTS_H
#define INDEX_TEXTS_H

#include <stdint.h>

#include "base/err.h"
#include "base/spill.h"
#include "base/text.h"
#include "index/sort_keys.h"

struct texts {
    struct spill bytes, starts; /* text n is the bytes from starts[n] to starts[n + 1] */
    struct spill seen;          /* hash table of the texts so far; unused until texts_number() is called */
    uint32_t seen_size;         /* its slots: a power of two, or 0 */
    uint32_t count;
};

/* Starts an empty list with files in folder. Close it even after a failure. ERR_UNAVAILABLE: cannot create a file. */
enum err_code texts_open(struct texts *texts, const char *folder, struct err *err);
void texts_close(struct texts *texts);

/* Returns text n, valid until one is added. */
struct text texts_at(const struct texts *texts, uint32_t n);

/* Adds a text. ERR_UNAVAILABLE: the disk is full; ERR_INTERNAL: more than INDEX_MOST bytes. */
enum err_code texts_add(struct texts *texts, struct text text, struct err *err);

/* Finds the number of a text; adds it if it is not there. Fails as texts_add() does. */
enum err_code texts_number(struct texts *texts, struct text text, const char *folder, uint32_t *number,
                           struct err *err);

/* Frees the hash table, after the last text. */
void texts_forget_seen(struct texts *texts);

/* Puts the texts in the order of keys, of which there is one for each. */
enum err_code texts_reorder(struct texts *texts, const struct sort_key *keys, const char *folder, struct err *err);

#endif
