/* secret: random secrets of sessions, invitations and tokens. Only their hashes are stored. */
#ifndef PEOPLE_SECRET_H
#define PEOPLE_SECRET_H

#include "base/mem.h"
#include "base/text.h"

/* Makes the library ready, once in a process. Ends the process if there is no source of random numbers. */
void secret_init(void);

/* Returns a new secret in arena: 256 random bits as 43 characters of base64url. */
struct text secret_new(struct arena *arena);

/* Returns the hash of a text in arena: BLAKE2b with 256 bits, as 64 hexadecimal digits. */
struct text secret_hash(struct arena *arena, struct text text);

#endif
