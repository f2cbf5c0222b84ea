/* What every unit test includes: cmocka with the headers that it wants before it. */
#ifndef T_UNIT_TEST_H
#define T_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
