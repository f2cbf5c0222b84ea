#include "people/secret.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"

enum { SECRET_BYTES = 32, HASH_BYTES = 32, ENCODING = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

void secret_init(void)
{
    if (sodium_init() >= 0)
        return;
    log_error("libsodium: no random numbers");
    abort();
}

struct text secret_new(struct arena *arena)
{
    unsigned char bytes[SECRET_BYTES];
    const size_t size = sodium_base64_ENCODED_LEN(SECRET_BYTES, ENCODING);
    char *encoded = arena_alloc(arena, size);

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(encoded, size, bytes, sizeof bytes, ENCODING);
    sodium_memzero(bytes, sizeof bytes);
    return text_from_cstr(encoded);
}

struct text secret_hash(struct arena *arena, struct text text)
{
    unsigned char hash[HASH_BYTES];
    char *digits = arena_alloc(arena, 2 * HASH_BYTES + 1);

    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.at, text.len, NULL, 0);
    sodium_bin2hex(digits, 2 * HASH_BYTES + 1, hash, sizeof hash);
    return text_from_cstr(digits);
}
