/*
 * flash: the flash message after a write ("Added ..."). A cookie carries it from the response to a write to the next
 * page, which shows it and clears the cookie. So no URL contains it and no page shows it twice.
 */
#ifndef WEB_FLASH_H
#define WEB_FLASH_H

#include <stdbool.h>

#include "base/text.h"

struct exchange;

/* Sets the message. kind is "added", "updated", "merged" (updated, keeping others' changes), "deleted"
 * or "restored". */
void flash_give(struct exchange *exchange, const char *kind, struct text id);

/* Returns whether there is a message. */
bool flash_is_due(const struct exchange *exchange);

/* Returns the message and clears its cookie. Sets *kind to NULL if there is none. */
void flash_take(struct exchange *exchange, const char **kind, struct text *id);

#endif
