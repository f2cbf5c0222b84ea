/*
 * Runs all inputs of t/fuzz/corpus through their targets, as one test for each target: `make check` does so in the
 * folder of the sources. Inputs that made a target fail lie there, too, and must not do so again.
 *
 *     t/fuzz/replay [TARGET FILE...]      all of them, or these
 */
#include <dirent.h>

#include "fuzz.h"

#define FOLDER "t/fuzz/corpus"

typedef int run_target(const uint8_t *data, size_t size);

run_target fuzz_request, fuzz_cookie, fuzz_multipart, fuzz_import, fuzz_book_json, fuzz_search, fuzz_row, fuzz_redis,
    fuzz_index;

static const struct target {
    const char *name;
    run_target *run;
} targets[] = {
    {"request", fuzz_request}, {"cookie", fuzz_cookie},       {"multipart", fuzz_multipart},
    {"import", fuzz_import},   {"book-json", fuzz_book_json}, {"search", fuzz_search},
    {"row", fuzz_row},         {"redis", fuzz_redis},         {"index", fuzz_index},
};
enum { TARGETS = sizeof targets / sizeof *targets };

/* Runs a file through a target, from memory of exactly its size. */
static void run_file(const struct target *target, const char *path)
{
    FILE *file = fopen(path, "r");
    uint8_t *bytes;
    size_t size;

    FUZZ_ASSERT(file != NULL && fseek(file, 0, SEEK_END) == 0);
    size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(size);
    FUZZ_ASSERT(size == 0 || (bytes != NULL && fread(bytes, 1, size, file) == size));
    fclose(file);
    printf("# %s\n", path); /* the one to look at if the program ends here */
    fflush(stdout);
    target->run(bytes, size);
    free(bytes);
}

/* Runs all files of a target's folder. Returns how many. */
static int run_folder(const struct target *target)
{
    char path[512];
    const struct dirent *entry;
    DIR *folder;
    int files = 0;

    snprintf(path, sizeof path, FOLDER "/%s", target->name);
    folder = opendir(path);
    if (folder == NULL)
        return 0;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, FOLDER "/%s/%s", target->name, entry->d_name);
        run_file(target, path);
        files++;
    }
    closedir(folder);
    return files;
}

int main(int count, char **words)
{
    for (int i = 0; i < TARGETS && count > 2; i++)
        for (int j = 2; j < count && strcmp(words[1], targets[i].name) == 0; j++)
            run_file(&targets[i], words[j]);
    if (count > 1)
        return 0;
    printf("1..%d\n", TARGETS);
    for (int i = 0; i < TARGETS; i++) {
        const int files = run_folder(&targets[i]);

        printf("%sok %d - %s: %d inputs\n", files > 0 ? "" : "not ", i + 1, targets[i].name, files);
        fflush(stdout);
    }
    return 0;
}
