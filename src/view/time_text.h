/* time_text: times of the log of changes, as people and programs read them. */
#ifndef VIEW_TIME_TEXT_H
#define VIEW_TIME_TEXT_H

#include "base/mem.h"
#include "base/text.h"

/* Each takes "2026-11-26 19:57:00.123", as MySQL gives it, and returns a string in arena: "2026-11-26 19:57:00" and
 * "2026-11-26T19:57:00.123Z" (RFC 3339). */
char *time_text_plain(struct arena *arena, struct text at);
char *time_text_rfc3339(struct arena *arena, struct text at);

#endif
