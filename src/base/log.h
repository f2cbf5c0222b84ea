/*
 * log: writes one line to standard error for each event. Lines stay whole even if several workers share the file.
 *
 *     2026-11-23T22:15:47Z warn 4711 Redis: connection refused
 *
 * Never log secrets: no passwords, no contents of books.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Logs events of this level and more severe ones. Default: LOG_LEVEL_INFO. */
void log_set_level(enum log_level level);

/* Parses a level ("error", "warn", "info", "debug"). Returns false if the name is unknown. */
bool log_level_from_name(const char *name, enum log_level *level);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
