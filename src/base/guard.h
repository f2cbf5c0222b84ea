/*
 * guard: switches that take one guard of the cache's protocol out, so that the tests can show that it is needed. They
 * exist only in the programs below guarded/, which make check builds; elsewhere each guard is on and costs nothing.
 *
 * BOOKSHARE_GUARDS_OFF names the guards that are out, with commas between.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>

#define GUARD_COMPARE "compare"           /* a reader compares versions with MySQL */
#define GUARD_RECONNECT "reconnect"       /* it compares again on a new connection to Redis */
#define GUARD_COUNT "count"               /* rows are counted before a change is applied and when a page is read */
#define GUARD_FORWARD "forward"           /* a rebuilt list is published only over an older one */
#define GUARD_WAIT "wait"                 /* a writer that cannot patch the list waits before it answers */
#define GUARD_VERSION_LOCK "version-lock" /* a write locks the version first */
#define GUARD_MOVED "moved"               /* changes are applied only to the version that they follow */
#define GUARD_WHOLE "whole"               /* changes are applied by whole versions */
#define GUARD_HIGH_WATER "high-water"     /* no list older than one that was shown on this host is shown */
#define GUARD_AHEAD "ahead"               /* a list that is ahead of MySQL is not used */
#define GUARD_TRANSACTION "transaction"   /* results are read to their end, and nothing runs outside its transaction */
#define GUARD_TIMELINE "timeline"         /* versions with the same number and other tokens are not the same */

#ifdef BOOKSHARE_GUARD_SWITCH
bool guard_is_on(const char *name);
#else
static inline bool guard_is_on(const char *name)
{
    (void)name;
    return true;
}
#endif

#endif
