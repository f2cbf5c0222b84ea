/* similar: finds the name that somebody probably meant to type. */
#ifndef BASE_SIMILAR_H
#define BASE_SIMILAR_H

#include <stddef.h>

/*
 * Returns the name that differs least from typed, by characters added, dropped or replaced. NULL: none differs in less
 * than about a third of its characters.
 */
const char *similar_name(const char *typed, const char *const *names, size_t count);

#endif
