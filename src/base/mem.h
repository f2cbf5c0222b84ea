/*
 * mem: allocation that succeeds or ends the process.
 *
 * Every request is bounded (see base/limits.h), so a worker needs a few megabytes. If even these cannot be allocated,
 * there is no sensible way to answer: the process logs it and aborts, its supervisor starts another one, and the one
 * request it held is lost. Callers never check for NULL.
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
 * An arena: many small allocations with the same lifetime, such as those of a request. They are never freed one by one.
 */
struct arena {
    struct arena_block *first, *current;
    size_t used; /* bytes used of current */
};

/* Returns size bytes, aligned for any type, not cleared. An all-zero arena is ready for use. */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns a NUL-terminated copy of the len bytes at s. */
char *arena_copy(struct arena *arena, const char *s, size_t len);

/* Returns a formatted string. */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees all allocations but keeps the first block for the next request. */
void arena_clear(struct arena *arena);

/* The same, and overwrites what was allocated, so that no secret stays in memory. */
void arena_wipe(struct arena *arena);

/* Frees all memory; the arena is ready for use again. */
void arena_free(struct arena *arena);

#endif
