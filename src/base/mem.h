/*
 * mem: memory that either is there or ends the process.
 *
 * Every request is bounded (see the limits in base/limits.h), so a worker needs a few megabytes. Where even these
 * cannot be had, there is nothing sensible left to answer: the process says so in the log and aborts, its
 * supervisor starts another, and the one request it held is lost. No caller has to check for NULL.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

/* Returns size bytes of zeros; the caller frees them with free(). Never NULL. */
void *mem_zero(size_t size);

/* Grows or shrinks old (NULL allowed) to size bytes, as realloc does. Never NULL. */
void *mem_grow(void *old, size_t size);

/* Returns a copy of the string s; the caller frees it with free(). Never NULL. */
char *mem_string(const char *s);

/*
 * An arena: many small pieces with one end of life, such as all that belongs to a request. Pieces are never freed
 * one by one.
 */
struct arena {
    struct arena_block *first, *current;
    size_t used; /* bytes used of current */
};

/* An arena that is all zeros is ready for use. Returns size bytes, aligned for any type, not cleared. */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns a NUL-terminated copy of the len bytes at s. */
char *arena_copy(struct arena *arena, const char *s, size_t len);

/* Returns a formatted string. */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets all pieces and keeps the first block for the next request. */
void arena_clear(struct arena *arena);

/* Gives all memory back; the arena is ready for use again. */
void arena_free(struct arena *arena);

#endif
