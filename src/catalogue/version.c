#include "catalogue/version.h"

#include <stdio.h>

struct version_text version_text(struct version version)
{
    struct version_text text;

    snprintf(text.string, sizeof text.string, "%llu-%llu", (unsigned long long)version.epoch,
             (unsigned long long)version.number);
    return text;
}
