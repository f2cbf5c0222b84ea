/*
 * directory: maps positions in the list in Redis to segments. It has the length of each segment, in order. A process
 * keeps a copy and updates it from the log of changed lengths.
 */
#ifndef CACHE_DIRECTORY_H
#define CACHE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

enum { DIRECTORY_SEGMENT_MOST = 1000000 }; /* maximum books of a segment; larger entries are invalid */

struct directory_segment {
    uint64_t id;    /* part of its key's name */
    uint64_t count; /* books in it */
};

/* All zeros is an empty directory of no generation. */
struct directory {
    char *generation; /* of the list it describes; each rebuild makes a new one */
    uint64_t version; /* number of directory changes since that list was built */
    uint64_t books;   /* total of all segments */
    struct directory_segment *segments;
    size_t count, capacity;
};

/* Empties directory and sets its generation and version. */
void directory_start(struct directory *directory, struct text generation, uint64_t version);

/* Appends a segment from its entry in Redis, "id TAB count TAB first ID". Returns false if the entry is invalid. */
bool directory_add(struct directory *directory, struct text entry);

/*
 * Applies an entry of the log: "index TAB difference". Returns false if the entry is invalid or says that the segments
 * themselves have changed ("reload"): then the directory must be read again.
 */
bool directory_adjust(struct directory *directory, struct text entry);

/* A run of books in one segment. */
struct directory_run {
    uint64_t segment; /* its id */
    uint64_t first;   /* position of the first book in the segment, from 0 */
    uint64_t count;
};

/* Finds the books from position offset on, at most limit, as non-empty runs in arena. Returns the number of runs. */
size_t directory_find(const struct directory *directory, uint64_t offset, uint64_t limit, struct arena *arena,
                      struct directory_run **runs);

/* Frees the memory; the directory is ready for use again. */
void directory_free(struct directory *directory);

#endif
