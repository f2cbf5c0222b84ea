/*
 * settings_file: a file of settings, one NAME=value per line, in a form that both systemd (EnvironmentFile) and sh
 * accept. Empty lines and lines that begin with # or ; are ignored. A value may be in single or double quotes. Nothing
 * is expanded.
 */
#ifndef BASE_SETTINGS_FILE_H
#define BASE_SETTINGS_FILE_H

#include "base/err.h"

/* Receives each setting, in the order of the file. Any result but ERR_OK, with a text in err, stops reading. */
typedef enum err_code settings_file_take(void *context, const char *name, const char *value, struct err *err);

/*
 * Reads a file. ERR_NOT_FOUND: there is no such file. ERR_INVALID: it cannot be read, or a line is malformed; err names
 * the file and the line.
 */
enum err_code settings_file_read(const char *path, settings_file_take *take, void *context, struct err *err);

#endif
