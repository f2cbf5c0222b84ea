/*
 * flash: the flash message after a write ("Added ..."). It travels in a cookie from the answer to the write to the page
 * that the browser asks for next, which shows it and takes the cookie back; so no page's address or content has it
 * twice.
 */
#ifndef WEB_FLASH_H
#define WEB_FLASH_H

#include <stdbool.h>

#include "base/text.h"

struct exchange;

/* Sends the message along: kind is "added", "updated", "merged" (updated, with what others had changed kept)
   or "deleted". */
void flash_give(struct exchange *exchange, const char *kind, struct text id);

/* Whether a message is under way. */
bool flash_is_due(const struct exchange *exchange);

/* Finds the message, takes its cookie back and forbids to keep the page. Leaves *kind NULL if there is none. */
void flash_take(struct exchange *exchange, const char **kind, struct text *id);

#endif
