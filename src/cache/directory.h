/*
 * directory: where each book of the list in Redis lies. The list is cut into segments; the directory has the length of
 * each, in order. A process keeps a copy and brings it up to date from the log of what changed in the lengths.
 */
#ifndef CACHE_DIRECTORY_H
#define CACHE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

enum { DIRECTORY_SEGMENT_MOST = 1000000 }; /* books of a segment; what says more is no entry of ours */

struct directory_segment {
    uint64_t id;    /* part of the name of its key */
    uint64_t count; /* books in it */
};

/* One that is all zeros is empty, of no generation. */
struct directory {
    char *generation; /* of the list that it describes; each rebuild makes another */
    uint64_t version; /* changes in the directory since that list was made */
    uint64_t books;   /* in all segments */
    struct directory_segment *segments;
    size_t count, capacity;
};

/* Empties directory and makes it one of this generation and version. */
void directory_start(struct directory *directory, struct text generation, uint64_t version);

/* Adds the next segment from its entry in Redis, "id TAB count TAB first ID". Returns false if it is no such entry. */
bool directory_add(struct directory *directory, struct text entry);

/*
 * Applies an entry of the log: "index TAB difference". Returns false if the entry says that the segments themselves
 * have changed ("reload"), or makes no sense: then the directory has to be read anew.
 */
bool directory_adjust(struct directory *directory, struct text entry);

/* A run of books within one segment. */
struct directory_run {
    uint64_t segment; /* its id */
    uint64_t first;   /* place of the first book within the segment, from 0 on */
    uint64_t count;
};

/*
 * Finds where the books from place offset on lie, limit of them or as many as there are: runs in arena, none empty.
 * Returns how many runs.
 */
size_t directory_find(const struct directory *directory, uint64_t offset, uint64_t limit, struct arena *arena,
                      struct directory_run **runs);

/* Gives the memory back; the directory is ready for use again. */
void directory_free(struct directory *directory);

#endif
