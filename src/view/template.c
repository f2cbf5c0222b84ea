#include "view/template.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/mem.h"

enum { TEMPLATES_MOST = 16, LOOK_US = 1000000 /* between two looks at the files */, PATH_BYTES = 4096 };

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
    int64_t looked_at; /* clock_us() */
    uint32_t looks;    /* what the last look has seen */
    uint32_t stamp;    /* of the texts as they were then, or later */
};

static void forget(struct template *template)
{
    cs_destroy(&template->parse);
    free(template->name);
    *template = (struct template){0};
}

static void forget_all(struct templates *templates)
{
    for (size_t i = 0; i < templates->count; i++)
        forget(&templates->known[i]);
    templates->count = 0;
}

void templates_free(struct templates *templates)
{
    if (templates == NULL)
        return;
    forget_all(templates);
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

/* Adds what tells one state of a file from another without reading it. No change leaves the time of change alone. */
static uint32_t add_looks(uint32_t sum, const char *path)
{
    struct stat about = {0};
    uint64_t facts[4] = {0};

    if (stat(path, &about) == 0) {
        facts[0] = (uint64_t)about.st_ino;
        facts[1] = (uint64_t)about.st_size;
        facts[2] = (uint64_t)about.st_ctim.tv_sec;
        facts[3] = (uint64_t)about.st_ctim.tv_nsec;
    }
    sum = (uint32_t)crc32(sum, (const unsigned char *)path, (unsigned)strlen(path));
    return (uint32_t)crc32(sum, (const unsigned char *)facts, sizeof facts);
}

/* Adds the contents of a file. */
static uint32_t add_contents(uint32_t sum, const char *path)
{
    unsigned char bytes[8192];
    size_t len;
    FILE *file = fopen(path, "re");

    while (file != NULL && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
        sum = (uint32_t)crc32(sum, bytes, (unsigned)len);
    if (file != NULL)
        fclose(file);
    return sum;
}

static int is_template(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".cs") == 0;
}

/* Sums up all templates, in the order of their names. */
static uint32_t sum_up(const struct templates *templates, uint32_t (*add)(uint32_t sum, const char *path))
{
    struct dirent **entries;
    const int count = scandir(templates->folder, &entries, is_template, alphasort);
    uint32_t sum = 0;

    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];

        snprintf(path, sizeof path, "%s/%s", templates->folder, entries[i]->d_name);
        sum = add(sum, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return sum;
}

struct templates *templates_new(const char *folder)
{
    struct templates *templates = mem_zero(sizeof *templates);

    templates->folder = mem_string(folder);
    templates->looked_at = clock_us();
    templates->looks = sum_up(templates, add_looks);
    templates->stamp = sum_up(templates, add_contents);
    return templates;
}

uint32_t templates_stamp(const struct templates *templates)
{
    return templates->stamp;
}

/* A file is looked at before it is read: one that changes in between looks different the next time. */
bool templates_refresh(struct templates *templates)
{
    const int64_t now = clock_us();
    uint32_t looks;

    if (now - templates->looked_at < LOOK_US)
        return false;
    templates->looked_at = now;
    looks = sum_up(templates, add_looks);
    if (looks == templates->looks)
        return false;
    templates->looks = looks;
    templates->stamp = sum_up(templates, add_contents);
    forget_all(templates);
    return true;
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
