/*
 * A form with a file. First line: Content-Type; then a byte for the size of pieces, and the body. The pieces do not
 * matter.
 */
#include "fuzz.h"

#include "web/multipart.h"

/* Writes a part as "<NAME|FILE>bytes"; names and files lie within the body. */
static void note_part(void *context, struct text name, struct text file)
{
    buf_add_char(context, '<');
    buf_add(context, name.at, name.len);
    buf_add_char(context, '|');
    buf_add(context, file.at, file.len);
    buf_add_char(context, '>');
}

static void note_bytes(void *context, const char *bytes, size_t len)
{
    FUZZ_ASSERT(len > 0);
    buf_add(context, bytes, len);
}

/* Returns whether a body that is fed in pieces ends well. */
static bool read_in_pieces(struct text boundary, struct text body, size_t piece, struct buf *notes)
{
    const struct multipart_hooks hooks = {note_part, note_bytes, notes};
    struct multipart *multipart = multipart_new(boundary, &hooks);
    bool ends_well;

    for (size_t i = 0; i < body.len; i += piece)
        multipart_feed(multipart, body.at + i, body.len - i < piece ? body.len - i : piece);
    ends_well = multipart_end(multipart);
    multipart_free(multipart);
    return ends_well;
}

FUZZ_TARGET(multipart)
{
    struct text input = {(const char *)data, size}, boundary;
    struct arena arena = {0};
    struct buf whole = {0}, pieces = {0};
    const char *type = text_string(&arena, fuzz_line(&input));
    const size_t piece = 1 + fuzz_byte(&input) % 64;

    if (multipart_boundary(type, &boundary)) {
        const bool ends_well = read_in_pieces(boundary, input, input.len + 1, &whole);

        FUZZ_ASSERT(read_in_pieces(boundary, input, piece, &pieces) == ends_well);
        FUZZ_ASSERT(whole.len == pieces.len);
        FUZZ_ASSERT(whole.len == 0 || memcmp(whole.at, pieces.at, whole.len) == 0);
    }
    buf_free(&whole);
    buf_free(&pieces);
    arena_free(&arena);
    return 0;
}
