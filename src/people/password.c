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

/* What hashing a password takes: a place among those who hash or wait, and a slot for hashing. */
struct turn {
    int place, slot;
};

static void end_turn(struct turn *turn)
{
    slots_give(turn->slot);
    slots_give(turn->place);
}

/*
 * Takes a place, or fails at once, so that half of the workers keep serving pages; then waits for a slot. Without
 * shared memory nothing is counted.
 */
static enum err_code take_turn(const struct config *config, struct turn *turn, struct err *err)
{
    const int64_t until = clock_us() + LIMIT_PASSWORD_WAIT_MS * 1000;
    const unsigned half = pool_half(config);
    const unsigned slots = half < LIMIT_PASSWORD_HASHES ? half : LIMIT_PASSWORD_HASHES;
    const bool has_place = slots_take(config, "password-places", half < 2 ? 2 : half, &turn->place, err) != ERR_BUSY;

    turn->slot = SLOTS_NONE;
    while (has_place) {
        if (slots_take(config, "passwords", slots, &turn->slot, err) != ERR_BUSY)
            return ERR_OK;
        if (clock_us() >= until)
            break;
        clock_wait_until(clock_us() + POLL_US);
    }
    end_turn(turn);
    return err_set(err, ERR_BUSY, "Many people are signing in. Please try again in a few seconds.");
}

enum err_code password_hash(const struct config *config, struct text password, struct arena *arena, struct text *hash,
                            struct err *err)
{
    char *out = arena_alloc(arena, crypto_pwhash_STRBYTES);
    struct turn turn;
    enum err_code code = take_turn(config, &turn, err);

    if (code != ERR_OK)
        return code;
    if (crypto_pwhash_str(out, password.at, password.len, PASSES, MEMORY) != 0)
        code = err_set(err, ERR_INTERNAL, "no memory to hash a password");
    end_turn(&turn);
    *hash = text_from_cstr(out);
    return code;
}

enum err_code password_check(const struct config *config, struct text password, struct text hash, bool *matches,
                             struct err *err)
{
    struct arena arena = {0};
    const char *against = hash.len > 0 ? text_string(&arena, hash) : unknown;
    struct turn turn;
    const enum err_code code = take_turn(config, &turn, err);

    if (code == ERR_OK) {
        *matches = crypto_pwhash_str_verify(against, password.at, password.len) == 0 && hash.len > 0;
        end_turn(&turn);
    }
    arena_free(&arena);
    return code;
}
