#include "people/password.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/pool.h"

/* Argon2id with the memory and passes that OWASP recommends for small servers. */
enum { PASSES = 2, MEMORY = 19 * 1024 * 1024, POLL_US = 10000 };

/* The hash of a password that nobody knows, for those who have none. */
static const char unknown[] =
    "$argon2id$v=19$m=19456,t=2,p=1$i8zbDcVFTlZXZIqnlBhOxQ$OVEnJCvKWnWPSNlWokA31emvmi62539mDfyVUmAc1zo";

const char *password_fault(struct text password)
{
    size_t characters = 0;

    if (password.len > LIMIT_PASSWORD_BYTES)
        return "The password is too long.";
    if (!text_is_utf8(password))
        return "The password is not valid UTF-8 text.";
    for (size_t i = 0; i < password.len; i++)
        characters += ((unsigned char)password.at[i] & 0xc0) != 0x80;
    return characters < LIMIT_PASSWORD_LEAST ? "The password needs at least 10 characters." : NULL;
}

/* Takes one of the slots for hashing; waits for it. */
static enum err_code take_slot(const struct config *config, int *slot, struct err *err)
{
    const int64_t until = clock_us() + LIMIT_PASSWORD_WAIT_MS * 1000;
    const unsigned half = pool_half(config);
    enum err_code code;

    for (;;) {
        code = slots_take(config, "passwords", half < LIMIT_PASSWORD_HASHES ? half : LIMIT_PASSWORD_HASHES, slot, err);
        if (code != ERR_BUSY)
            return ERR_OK; /* without shared memory nothing is counted */
        if (clock_us() >= until)
            return err_set(err, ERR_BUSY, "Many people are signing in. Please try again in a few seconds.");
        clock_wait_until(clock_us() + POLL_US);
    }
}

enum err_code password_hash(const struct config *config, struct text password, struct arena *arena, struct text *hash,
                            struct err *err)
{
    char *out = arena_alloc(arena, crypto_pwhash_STRBYTES);
    enum err_code code;
    int slot;

    code = take_slot(config, &slot, err);
    if (code != ERR_OK)
        return code;
    if (crypto_pwhash_str(out, password.at, password.len, PASSES, MEMORY) != 0)
        code = err_set(err, ERR_INTERNAL, "no memory to hash a password");
    slots_give(slot);
    *hash = text_from_cstr(out);
    return code;
}

enum err_code password_check(const struct config *config, struct text password, struct text hash, bool *matches,
                             struct err *err)
{
    struct arena arena = {0};
    const char *against = hash.len > 0 ? text_string(&arena, hash) : unknown;
    int slot;
    const enum err_code code = take_slot(config, &slot, err);

    if (code == ERR_OK) {
        *matches = crypto_pwhash_str_verify(against, password.at, password.len) == 0 && hash.len > 0;
        slots_give(slot);
    }
    arena_free(&arena);
    return code;
}
