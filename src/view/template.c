#include "view/template.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

enum { TEMPLATES_MOST = 16, LOOK_US = 1000000 /* between two looks at the files */ };

struct template
{
    char *name;
    CSPARSE *parse;
};

/* The text of a file. */
struct source {
    const char *name, *text;
};

struct templates {
    char *folder;
    struct arena arena; /* of the sources */
    struct source *sources;
    size_t source_count;
    HDF *base; /* the HDF of the parses: settings of ClearSilver, no values of a page */
    struct template known[TEMPLATES_MOST];
    size_t count;
    int64_t looked_at; /* clock_us() */
    uint32_t looks;    /* state of the files at the last look */
    uint32_t stamp;    /* checksum of the sources, read right after that */
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
    arena_free(&templates->arena);
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

/* Adds what identifies the state of a file without reading it. Any change also changes st_ctim. */
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
    sum = (uint32_t)hash_bytes(sum, path, strlen(path));
    return (uint32_t)hash_bytes(sum, facts, sizeof facts);
}

static int is_template(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".cs") == 0;
}

/* Returns the paths of all templates in arena, sorted by name. */
static char **list_files(const char *folder, struct arena *arena, size_t *count)
{
    struct dirent **entries = NULL;
    const int found = scandir(folder, &entries, is_template, alphasort);
    char **paths = arena_alloc(arena, (size_t)(found > 0 ? found : 1) * sizeof *paths);

    *count = found > 0 ? (size_t)found : 0;
    for (size_t i = 0; i < *count; i++) {
        paths[i] = arena_format(arena, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return paths;
}

static uint32_t look(const struct templates *templates)
{
    struct arena arena = {0};
    size_t count;
    char **paths = list_files(templates->folder, &arena, &count);
    uint32_t looks = 0;

    for (size_t i = 0; i < count; i++)
        looks = add_looks(looks, paths[i]);
    arena_free(&arena);
    return looks;
}

/* Returns the text of a file in arena, an empty text if it cannot be read. */
static const char *read_file(const char *path, struct arena *arena)
{
    struct buf text = {0};
    FILE *file = fopen(path, "re");
    char bytes[8192];
    const char *copy;
    size_t len;

    while (file != NULL && (len = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_add(&text, bytes, len);
    if (file != NULL)
        fclose(file);
    copy = arena_copy(arena, buf_string(&text), text.len);
    buf_free(&text);
    return copy;
}

/* Reads all files now: templates are parsed lazily, but from the texts that the stamp covers. */
static void read_sources(struct templates *templates)
{
    char **paths;

    arena_free(&templates->arena);
    paths = list_files(templates->folder, &templates->arena, &templates->source_count);
    templates->sources = arena_alloc(&templates->arena, (templates->source_count + 1) * sizeof *templates->sources);
    templates->stamp = 0;
    for (size_t i = 0; i < templates->source_count; i++) {
        struct source *source = &templates->sources[i];

        *source = (struct source){strrchr(paths[i], '/') + 1, read_file(paths[i], &templates->arena)};
        templates->stamp = (uint32_t)hash_bytes(templates->stamp, source->text, strlen(source->text) + 1);
    }
}

struct templates *templates_new(const char *folder)
{
    struct templates *templates = mem_zero(sizeof *templates);

    templates->folder = mem_string(folder);
    templates->looked_at = clock_us();
    templates->looks = look(templates);
    read_sources(templates);
    return templates;
}

uint32_t templates_stamp(const struct templates *templates)
{
    return templates->stamp;
}

/* Check the state before reading: a file that changes in between differs at the next look. */
bool templates_refresh(struct templates *templates)
{
    const int64_t now = clock_us();
    uint32_t looks;

    if (now - templates->looked_at < LOOK_US)
        return false;
    templates->looked_at = now;
    looks = look(templates);
    if (looks == templates->looks)
        return false;
    templates->looks = looks;
    read_sources(templates);
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
    return error;
}

/* Gives ClearSilver the text of a template, which it frees (CSFILELOAD). */
static NEOERR *give_source(void *context, HDF *hdf, const char *name, char **text)
{
    const struct templates *templates = context;

    (void)hdf;
    for (size_t i = 0; i < templates->source_count; i++) {
        if (strcmp(templates->sources[i].name, name) == 0) {
            *text = mem_string(templates->sources[i].text);
            return STATUS_OK;
        }
    }
    return nerr_raise(NERR_NOT_FOUND, "%s is not in %s", name, templates->folder);
}

/* Finds a cached template, or parses and caches it. */
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
    if (error == STATUS_OK) {
        cs_register_fileload(template->parse, templates, give_source);
        error = cs_parse_file(template->parse, name);
    }
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
    /* After a failed rendering a parse is in an unknown state: the next page parses again. */
    forget(template);
    *template = templates->known[--templates->count];
    templates->known[templates->count] = (struct template){0};
    return template_error(error, name, err);
}
