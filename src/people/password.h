/*
 * password: passwords, hashed with Argon2id by libsodium. A hash takes 19 MiB and some 30 ms; few are computed at a
 * time on a host (LIMIT_PASSWORD_HASHES), so that small hosts survive many attempts to sign in.
 */
#ifndef PEOPLE_PASSWORD_H
#define PEOPLE_PASSWORD_H

#include <stdbool.h>

#include "base/config.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

/* Returns what is wrong with a new password, as a sentence for its owner; NULL if it is fine. */
const char *password_fault(struct text password);

/* Returns the hash of a password in arena. ERR_BUSY: too many are being computed, for LIMIT_PASSWORD_WAIT_MS. */
enum err_code password_hash(const struct config *config, struct text password, struct arena *arena, struct text *hash,
                            struct err *err);

/*
 * Checks a password against its hash. An empty hash matches no password and takes the same time. ERR_BUSY: as above.
 */
enum err_code password_check(const struct config *config, struct text password, struct text hash, bool *matches,
                             struct err *err);

#endif
