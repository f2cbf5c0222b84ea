/*
 * fuzz: shared by the fuzz targets. A target passes bytes to a parser and aborts if the parser violates the contract in
 * its header; the sanitizers find the rest. It is built twice: by clang as a fuzzer of its own (`make fuzz`), and by
 * the project's compiler into t/fuzz/replay, which runs all that lies in t/fuzz/corpus through it in `make check`. The
 * first lines or bytes of an input often choose what is done with the others.
 */
#ifndef T_FUZZ_FUZZ_H
#define T_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "book/book.h"

/* Begins the definition of a target: FUZZ_TARGET(multipart) { ... data ... size ... return 0; } */
#ifdef FUZZ_REPLAY
#define FUZZ_TARGET(name)                                                                                              \
    int fuzz_##name(const uint8_t *data, size_t size);                                                                 \
    int fuzz_##name(const uint8_t *data, size_t size)
#else
#define FUZZ_TARGET(name)                                                                                              \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);                                                      \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
#endif

/* Aborts, which a fuzzer takes for a crash, unless the condition holds. */
#define FUZZ_ASSERT(condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Takes the first line off input, without its line feed. */
static inline struct text fuzz_line(struct text *input)
{
    const char *end = input->len > 0 ? memchr(input->at, '\n', input->len) : NULL;
    const struct text line = {input->at, end != NULL ? (size_t)(end - input->at) : input->len};
    const size_t taken = line.len + (end != NULL);

    input->at += taken;
    input->len -= taken;
    return line;
}

/* Takes the first byte off input, 0 if there is none. */
static inline unsigned char fuzz_byte(struct text *input)
{
    if (input->len == 0)
        return 0;
    input->len--;
    return (unsigned char)*input->at++;
}

/* Aborts unless each text of book is followed by a NUL, as book_list and book_row_read() promise. */
static inline void fuzz_check_strings(const struct book *book)
{
    for (int field = 0; field < BOOK_FIELDS; field++)
        FUZZ_ASSERT(book->field[field].at[book->field[field].len] == '\0');
}

#endif
