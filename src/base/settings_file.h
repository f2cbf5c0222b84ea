/*
 * settings_file: a file of settings, NAME=value a line, in the form that systemd (EnvironmentFile) and sh read alike:
 * empty lines and lines that begin with # or ; say nothing, and a value may stand in single or double quotes. Nothing
 * is expanded.
 */
#ifndef BASE_SETTINGS_FILE_H
#define BASE_SETTINGS_FILE_H

#include "base/err.h"

/* Is given each setting, in the order of the file. Anything but ERR_OK, with a sentence in err, ends the reading. */
typedef enum err_code settings_file_take(void *context, const char *name, const char *value, struct err *err);

/*
 * Reads a file. ERR_NOT_FOUND: it is not there. ERR_INVALID: it cannot be read, or a line is none of these; err names
 * the file and the line.
 */
enum err_code settings_file_read(const char *path, settings_file_take *take, void *context, struct err *err);

#endif
