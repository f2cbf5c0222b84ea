/* What every unit test includes: cmocka with the headers that it wants before it. */
#ifndef T_UNIT_TEST_H
#define T_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The names that tests take from the environment are no settings: a program with settings refuses them. */
__attribute__((constructor)) static void forget_names(void)
{
    static const char prefix[] = "BOOKSHARE_";

    for (char **at = environ; *at != NULL;) {
        if (strncmp(*at, prefix, sizeof prefix - 1) == 0) {
            char name[100] = "";

            strncat(name, *at, strcspn(*at, "=") < sizeof name ? strcspn(*at, "=") : sizeof name - 1);
            unsetenv(name);
            at = environ;
        } else {
            at++;
        }
    }
}

/* Returns a number from the environment, such as a seed or how often to try; without it, another one. */
static inline unsigned number_from(const char *name, unsigned otherwise)
{
    const char *value = getenv(name);

    return value != NULL ? (unsigned)strtoul(value, NULL, 10) : otherwise;
}

#endif
