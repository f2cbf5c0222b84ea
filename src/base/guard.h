/*
 * guard: switches that disable one guard of the version protocol, so that the tests can show that it is needed. They
 * exist only in the programs in guarded/, which make check builds; elsewhere every guard is on and costs nothing.
 *
 * BOOKSHARE_GUARDS_OFF lists the disabled guards, separated by commas.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>

#define GUARD_COMPARE "compare"           /* a reader compares versions with MySQL */
#define GUARD_RECONNECT "reconnect"       /* it compares again on a new connection to Redis */
#define GUARD_COUNT "count"               /* rows are counted before a change is applied and when a page is read */
#define GUARD_FORWARD "forward"           /* a rebuilt list only replaces an older one */
#define GUARD_WAIT "wait"                 /* a writer that cannot patch the list waits before it answers */
#define GUARD_VERSION_LOCK "version-lock" /* a write locks the version first */
#define GUARD_MOVED "moved"               /* changes are applied only to the version that they follow */
#define GUARD_WHOLE "whole"               /* only whole versions are applied */
#define GUARD_HIGH_WATER "high-water"     /* this host never shows a list older than one it has shown */
#define GUARD_AHEAD "ahead"               /* a list that is ahead of MySQL is not used */
#define GUARD_ASK "ask"                   /* an answer from the index asks MySQL for its version */
#define GUARD_TRANSACTION "transaction"   /* results are read to the end; nothing runs outside its transaction */
#define GUARD_KEY "key"                   /* a write stores the key of its request */
#define GUARD_TIMELINE "timeline"         /* versions with equal numbers and different tokens differ */

/* guard_is_variable: returns whether an environment variable with this name disables guards, in this program. */
#ifdef BOOKSHARE_GUARD_SWITCH
bool guard_is_on(const char *name);
bool guard_is_variable(const char *name);
#else
static inline bool guard_is_variable(const char *name)
{
    (void)name;
    return false;
}

static inline bool guard_is_on(const char *name)
{
    (void)name;
    return true;
}
#endif

#endif
