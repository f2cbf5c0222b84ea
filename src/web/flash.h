/*
 * flash: the flash message after a write ("Added ..."). A cookie carries it from the response to a write to the next
 * page, which shows it and clears the cookie. So no URL contains it and no page shows it twice.
 */
#ifndef WEB_FLASH_H
#define WEB_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "view/html.h"

struct exchange;

/*
 * Sets the message. kind is "added", "updated", "merged" (updated, keeping others' changes), "deleted" or "restored".
 * undo: the version of the change that the message offers to undo; 0: none.
 */
void flash_give(struct exchange *exchange, const char *kind, struct text id, uint64_t undo);

/* Returns whether there is a message. */
bool flash_is_due(const struct exchange *exchange);

/* Puts the message into the frame of a page and clears its cookie. */
void flash_take(struct exchange *exchange, struct html_frame *frame);

#endif
