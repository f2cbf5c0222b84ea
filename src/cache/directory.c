#include "cache/directory.h"

#include <stdlib.h>
#include <string.h>

void directory_free(struct directory *directory)
{
    free(directory->generation);
    free(directory->segments);
    *directory = (struct directory){0};
}

void directory_start(struct directory *directory, struct text generation, uint64_t version)
{
    free(directory->generation);
    directory->generation = mem_zero(generation.len + 1);
    if (generation.len > 0)
        memcpy(directory->generation, generation.at, generation.len);
    directory->version = version;
    directory->books = 0;
    directory->count = 0;
}

/* Parses digits up to a tab or the end and moves text past it. Returns false if there are none. */
static bool read_number(struct text *text, uint64_t *number)
{
    size_t i = 0;

    *number = 0;
    for (; i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++)
        *number = *number * 10 + (uint64_t)(text->at[i] - '0');
    if (i == 0 || i > 18 || (i < text->len && text->at[i] != '\t'))
        return false;
    text->at += i < text->len ? i + 1 : i;
    text->len -= i < text->len ? i + 1 : i;
    return true;
}

bool directory_add(struct directory *directory, struct text entry)
{
    struct directory_segment segment;

    if (!read_number(&entry, &segment.id) || !read_number(&entry, &segment.count) ||
        segment.count > DIRECTORY_SEGMENT_MOST)
        return false;
    if (directory->count == directory->capacity) {
        directory->capacity = directory->capacity > 0 ? directory->capacity * 2 : 1024;
        directory->segments = mem_grow(directory->segments, directory->capacity * sizeof *directory->segments);
    }
    directory->segments[directory->count++] = segment;
    directory->books += segment.count;
    return true;
}

bool directory_adjust(struct directory *directory, struct text entry)
{
    uint64_t index, size;
    bool is_less;

    if (!read_number(&entry, &index) || index >= directory->count || entry.len < 2)
        return false;
    is_less = entry.at[0] == '-';
    entry = (struct text){entry.at + 1, entry.len - 1};
    if (!read_number(&entry, &size) || size > DIRECTORY_SEGMENT_MOST ||
        (is_less && size > directory->segments[index].count) ||
        (!is_less && directory->segments[index].count + size > DIRECTORY_SEGMENT_MOST))
        return false;
    directory->segments[index].count += is_less ? -size : size;
    directory->books += is_less ? -size : size;
    directory->version++;
    return true;
}

size_t directory_find(const struct directory *directory, uint64_t offset, uint64_t limit, struct arena *arena,
                      struct directory_run **runs)
{
    size_t i = 0, found = 0, most;

    while (i < directory->count && offset >= directory->segments[i].count)
        offset -= directory->segments[i++].count;
    most = directory->count - i < limit ? directory->count - i : limit;
    *runs = arena_alloc(arena, (most + 1) * sizeof **runs);
    for (; i < directory->count && limit > 0; i++) {
        const uint64_t rest = directory->segments[i].count - offset;
        const uint64_t count = rest < limit ? rest : limit;

        if (count > 0)
            (*runs)[found++] = (struct directory_run){directory->segments[i].id, offset, count};
        limit -= count;
        offset = 0;
    }
    return found;
}
