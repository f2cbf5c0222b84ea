#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { BLOCK_SIZE = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size; /* of data, in bytes */
    _Alignas(max_align_t) unsigned char data[];
};

static void *checked(void *p, size_t size)
{
    if (p == NULL) {
        log_error("out of memory: cannot allocate %zu bytes", size);
        abort();
    }
    return p;
}

void *mem_zero(size_t size)
{
    return checked(calloc(1, size > 0 ? size : 1), size);
}

void *mem_grow(void *old, size_t size)
{
    return checked(realloc(old, size > 0 ? size : 1), size);
}

char *mem_string(const char *s)
{
    return checked(strdup(s), strlen(s) + 1);
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = mem_grow(NULL, sizeof *block + size);

    block->next = NULL;
    block->size = size;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    void *piece;

    size = (size + align - 1) / align * align;
    if (arena->current == NULL || arena->current->size - arena->used < size) {
        struct arena_block *block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);

        if (arena->current == NULL)
            arena->first = block;
        else
            arena->current->next = block;
        arena->current = block;
        arena->used = 0;
    }
    piece = arena->current->data + arena->used;
    arena->used += size;
    return piece;
}

char *arena_copy(struct arena *arena, const char *s, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    int len;
    char *s;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        len = 0;
    s = arena_alloc(arena, (size_t)len + 1);
    s[0] = '\0';
    vsnprintf(s, (size_t)len + 1, format, again);
    va_end(again);
    return s;
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;

        free(block);
        block = next;
    }
}

void arena_clear(struct arena *arena)
{
    if (arena->first == NULL)
        return;
    free_blocks(arena->first->next);
    arena->first->next = NULL;
    arena->current = arena->first;
    arena->used = 0;
}

void arena_wipe(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block != NULL; block = block->next)
        explicit_bzero(block->data, block->size);
    arena_clear(arena);
}

void arena_free(struct arena *arena)
{
    free_blocks(arena->first);
    *arena = (struct arena){0};
}
