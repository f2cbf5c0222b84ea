#include "view/template.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

enum { TEMPLATES_MOST = 16 };

struct template
{
    char *name;
    CSPARSE *parse;
};

struct templates {
    char *folder;
    HDF *base; /* what the parses live on: settings of ClearSilver, no values of a page */
    struct template known[TEMPLATES_MOST];
    size_t count;
};

struct templates *templates_new(const char *folder)
{
    struct templates *templates = mem_zero(sizeof *templates);

    templates->folder = mem_string(folder);
    return templates;
}

static void forget(struct template *template)
{
    cs_destroy(&template->parse);
    free(template->name);
    *template = (struct template){0};
}

void templates_free(struct templates *templates)
{
    if (templates == NULL)
        return;
    for (size_t i = 0; i < templates->count; i++)
        forget(&templates->known[i]);
    hdf_destroy(&templates->base);
    free(templates->folder);
    free(templates);
}

enum err_code template_error(NEOERR *error, const char *name, struct err *err)
{
    STRING text;

    string_init(&text);
    nerr_error_string(error, &text);
    err_set(err, ERR_INTERNAL, "template %s: %s", name, text.buf != NULL ? text.buf : "unknown error");
    string_clear(&text);
    nerr_ignore(&error);
    return ERR_INTERNAL;
}

/* Adds the contents of a file to a stamp. */
static uint32_t stamp_file(uint32_t stamp, const char *folder, const char *name)
{
    char path[4096];
    unsigned char bytes[8192];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "re");
    while (file != NULL && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
        stamp = (uint32_t)crc32(stamp, bytes, (unsigned)len);
    if (file != NULL)
        fclose(file);
    return stamp;
}

static int is_template(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".cs") == 0;
}

uint32_t templates_stamp(const struct templates *templates)
{
    struct dirent **entries;
    const int count = scandir(templates->folder, &entries, is_template, alphasort);
    uint32_t stamp = 0;

    for (int i = 0; i < count; i++) {
        stamp = stamp_file(stamp, templates->folder, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return stamp;
}

static NEOERR *make_base(struct templates *templates)
{
    NEOERR *error = STATUS_OK;

    if (templates->base == NULL)
        error = hdf_init(&templates->base);
    if (error == STATUS_OK)
        error = hdf_set_value(templates->base, "Config.VarEscapeMode", "html");
    if (error == STATUS_OK)
        error = hdf_set_value(templates->base, "hdf.loadpaths.0", templates->folder);
    return error;
}

/* Finds a template, or parses it and remembers it. */
static NEOERR *find(struct templates *templates, const char *name, struct template **found)
{
    struct template *template = templates->known;
    NEOERR *error;

    for (size_t i = 0; i < templates->count; i++, template ++) {
        if (strcmp(template->name, name) == 0) {
            *found = template;
            return STATUS_OK;
        }
    }
    if (templates->count == TEMPLATES_MOST)
        return nerr_raise(NERR_ASSERT, "more than %d templates", TEMPLATES_MOST);
    error = make_base(templates);
    if (error == STATUS_OK)
        error = cs_init(&template->parse, templates->base);
    if (error == STATUS_OK)
        error = cs_parse_file(template->parse, name);
    if (error != STATUS_OK) {
        cs_destroy(&template->parse);
        return nerr_pass(error);
    }
    template->name = mem_string(name);
    templates->count++;
    *found = template;
    return STATUS_OK;
}

static NEOERR *add_to_buf(void *context, char *s)
{
    buf_add_string(context, s);
    return STATUS_OK;
}

enum err_code templates_render(struct templates *templates, const char *name, HDF *hdf, struct buf *out,
                               struct err *err)
{
    struct template *template = NULL;
    NEOERR *error = find(templates, name, &template);

    if (error != STATUS_OK)
        return template_error(error, name, err);
    template->parse->hdf = hdf;
    template->parse->global_hdf = templates->base;
    error = cs_render(template->parse, out, add_to_buf);
    template->parse->hdf = templates->base;
    if (error == STATUS_OK)
        return ERR_OK;
    /* A parse in which rendering failed is in an unknown state: the next page parses anew. */
    forget(template);
    *template = templates->known[--templates->count];
    templates->known[templates->count] = (struct template){0};
    return template_error(error, name, err);
}
