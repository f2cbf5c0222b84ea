#include "base/settings_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Trims blanks at both ends in place. Returns the start of the rest. */
static char *trim(char *s)
{
    size_t len;

    s += strspn(s, " \t");
    len = strlen(s);
    while (len > 0 && strchr(" \t\r\n", s[len - 1]) != NULL)
        s[--len] = '\0';
    return s;
}

/* Removes the quotes around a value. Returns its start, or NULL if the quotes do not match. */
static char *unquoted(char *value)
{
    const size_t len = strlen(value);

    if (*value != '"' && *value != '\'')
        return strpbrk(value, "\"'") == NULL ? value : NULL;
    if (len < 2 || strchr(value + 1, *value) != value + len - 1)
        return NULL;
    value[len - 1] = '\0';
    return value + 1;
}

/* Parses one line in place. */
static enum err_code take_line(char *line, settings_file_take *take, void *context, struct err *err)
{
    char *name = trim(line), *value;
    size_t len = 0;

    if (*name == '\0' || *name == '#' || *name == ';')
        return ERR_OK;
    while (isalnum((unsigned char)name[len]) || name[len] == '_')
        len++;
    value = len > 0 && name[len] == '=' ? unquoted(trim(name + len + 1)) : NULL;
    if (value == NULL)
        return err_set(err, ERR_INVALID, "not NAME=value");
    name[len] = '\0';
    return take(context, name, value, err);
}

enum err_code settings_file_read(const char *path, settings_file_take *take, void *context, struct err *err)
{
    FILE *file = fopen(path, "re");
    enum err_code code = ERR_OK;
    char *line = NULL;
    size_t size = 0;

    if (file == NULL)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID, "%s: %s", path, strerror(errno));
    for (unsigned number = 1; code == ERR_OK && getline(&line, &size, file) >= 0; number++) {
        struct err why;

        code = take_line(line, take, context, &why);
        if (code != ERR_OK)
            err_set(err, code, "%s, line %u: %s", path, number, why.text);
    }
    if (code == ERR_OK && ferror(file))
        code = err_set(err, ERR_INVALID, "%s: %s", path, strerror(errno));
    free(line);
    fclose(file);
    return code;
}
