/* folder: makes folders. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdbool.h>

/* Creates a folder and its parents if missing. Returns false, with errno set, on failure. */
bool folder_make(const char *path);

#endif
