/* Memory, buffers and settings. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/mem.h"
#include "base/program.h"
#include "base/shared.h"
#include "test.h"

static void arena_pieces_stay_apart(void **state)
{
    struct arena arena = {0};
    char *pieces[200];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            pieces[i] = arena_alloc(&arena, i * 100 + 1);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            memset(pieces[i], (int)i, i * 100 + 1);
        }
        for (size_t i = 0; i < 200; i++)
            for (size_t j = 0; j <= i * 100; j++)
                assert_int_equal((unsigned char)pieces[i][j], i);
        arena_clear(&arena);
    }
    assert_string_equal(arena_format(&arena, "%s-%d", "a", 7), "a-7");
    arena_free(&arena);
}

static void buf_grows_and_ends_with_nul(void **state)
{
    struct buf buf = {0};

    (void)state;
    assert_string_equal(buf_string(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_add_format(&buf, "%03d", i);
    assert_int_equal(buf.len, 3000);
    assert_int_equal(strlen(buf.at), 3000);
    assert_string_equal(buf.at + 2997, "999");
    buf_clear(&buf);
    buf_add_char(&buf, 'x');
    assert_string_equal(buf_string(&buf), "x");
    buf_free(&buf);
}

static void config_has_defaults_and_limits(void **state)
{
    struct config config;
    struct err err;

    (void)state;
    unsetenv("BOOKSHARE_REDIS_TIMEOUT_MS");
    assert_int_equal(config_load(&config, &err), ERR_OK);
    assert_int_equal(config.redis_timeout_ms, 200);
    assert_string_equal(config.cache_prefix, "{bookshare}");
    config_free(&config);
    for (const char *const *wrong = (const char *const[]){"0", "-1", "abc", "60001", "1x", NULL}; *wrong; wrong++) {
        setenv("BOOKSHARE_REDIS_TIMEOUT_MS", *wrong, 1);
        assert_int_equal(config_load(&config, &err), ERR_INVALID);
        assert_non_null(strstr(err.text, "BOOKSHARE_REDIS_TIMEOUT_MS"));
        config_free(&config);
    }
    unsetenv("BOOKSHARE_REDIS_TIMEOUT_MS");
}

/* Loads settings from a file with this text. */
static enum err_code load_text(const char *text, struct config *config, struct err *err)
{
    char path[] = "/tmp/bookshare-settings-XXXXXX";
    const int fd = mkstemp(path);
    enum err_code code;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    setenv("BOOKSHARE_SETTINGS", path, 1);
    code = config_load(config, err);
    unlink(path);
    setenv("BOOKSHARE_SETTINGS", "/dev/null", 1);
    return code;
}

static void settings_come_from_a_file_and_before_it_from_the_environment(void **state)
{
    static const char text[] = "# comment\n; comment\n\n \tBOOKSHARE_PAGE_FILES=/a b \n"
                               "BOOKSHARE_CHECK_MS='250'\r\nBOOKSHARE_MYSQL_DATABASE=\"x'#\"\nPATH=/bin\n"
                               "BOOKSHARE_TEMPLATES=\nBOOKSHARE_REDIS_TIMEOUT_MS=7";
    static const char *const wrong[] = {"BOOKSHARE_CHECK_MS",          "=1",
                                        "BOOKSHARE_CHECK_MS=soon",     "BOOKSHARE_CHECKS_MS=1",
                                        "BOOKSHARE_PAGE_FILES='/a",    "BOOKSHARE_PAGE_FILES='/a'b",
                                        "BOOKSHARE_PAGE_FILES=a'b'",   "BOOKSHARE_SETTINGS=/x",
                                        "export BOOKSHARE_CHECK_MS=1", "BOOKSHARE_CHECK_MS = 1"};
    struct config config;
    struct err err;

    (void)state;
    setenv("BOOKSHARE_REDIS_TIMEOUT_MS", "8", 1);
    assert_int_equal(load_text(text, &config, &err), ERR_OK);
    assert_string_equal(config.page_files, "/a b");
    assert_int_equal(config.check_ms, 250);
    assert_string_equal(config.mysql_database, "x'#");
    assert_true(config.templates[0] == '/');
    assert_int_equal(config.redis_timeout_ms, 8);
    config_free(&config);
    unsetenv("BOOKSHARE_REDIS_TIMEOUT_MS");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(load_text(wrong[i], &config, &err), ERR_INVALID);
        assert_non_null(strstr(err.text, "line 1: "));
        config_free(&config);
    }
    setenv("BOOKSHARE_SETTINGS", "/none", 1);
    assert_int_equal(config_load(&config, &err), ERR_INVALID);
    config_free(&config);
    setenv("BOOKSHARE_SETTINGS", "/dev/null", 1);
}

static void config_hides_passwords(void **state)
{
    static const char *const urls[] = {"redis://user:secret@host/0", "redis://secret@host", "unix://:se@secret@/path"};
    struct config config;
    struct err err;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        setenv("BOOKSHARE_REDIS_URL", urls[i], 1);
        assert_int_equal(config_load(&config, &err), ERR_OK);
        config_print(&config, out);
        fclose(out);
        assert_null(strstr(text, "secret"));
        assert_non_null(strstr(text, "***@"));
        free(text);
        config_free(&config);
    }
    unsetenv("BOOKSHARE_REDIS_URL");
}

/* Makes a folder for this test and has config name one within it. */
static void make_place(char *place, struct config *config)
{
    char folder[64];
    struct err err;

    assert_non_null(mkdtemp(place));
    snprintf(folder, sizeof folder, "%s/shared", place);
    setenv("BOOKSHARE_SHARED", folder, 1);
    assert_int_equal(config_load(config, &err), ERR_OK);
    unsetenv("BOOKSHARE_SHARED");
}

/* Writes the path of an open file. */
static void write_path(int file, char *path, size_t size)
{
    char link[64];
    ssize_t len;

    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    len = readlink(link, path, size - 1);
    assert_true(len > 0);
    path[len] = '\0';
}

static void files_of_others_are_not_believed(void **state)
{
    struct config config;
    char place[] = "/tmp/bookshare-XXXXXX", path[256];
    int fd;

    (void)state;
    make_place(place, &config);
    assert_int_equal(shared_open(&config, "versions", O_RDWR), -1); /* nothing is made unless asked for */
    assert_int_equal(errno, ENOENT);
    fd = shared_open(&config, "versions", O_RDWR | O_CREAT);
    assert_true(fd >= 0);
    write_path(fd, path, sizeof path);
    for (mode_t mode = 0; mode < 01000; mode++) {
        int again;

        assert_int_equal(fchmod(fd, 0600 | mode), 0);
        again = shared_open(&config, "versions", O_RDWR);
        assert_int_equal(again >= 0, (mode & 077) == 0);
        assert_true(again >= 0 || errno == EPERM);
        if (again >= 0)
            close(again);
    }
    close(fd);

    assert_int_equal(unlink(path), 0); /* a link in its place */
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(shared_open(&config, "versions", O_RDONLY | O_CREAT), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(unlink(path), 0);

    for (mode_t mode = 0; mode < 0100; mode++) { /* a folder that others may write to, then one that is a link */
        assert_int_equal(chmod(config.shared, 0700 | mode), 0);
        fd = shared_open(&config, "versions", O_RDWR | O_CREAT);
        assert_int_equal(fd >= 0, (mode & 022) == 0);
        assert_true(fd >= 0 || errno == EPERM);
        if (fd >= 0)
            close(fd);
    }
    unlink(path);
    assert_int_equal(rmdir(config.shared), 0);
    assert_int_equal(symlink(place, config.shared), 0);
    assert_int_equal(shared_open(&config, "versions", O_RDWR | O_CREAT), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(unlink(config.shared), 0);
    assert_int_equal(rmdir(place), 0);
    config_free(&config);
}

/* Whatever is configured differently has its own files; a password does not count, since others can see the name. */
static void names_of_shared_files_hold_no_password(void **state)
{
    static const char *const urls[] = {"redis://me:secret@host/0", "redis://me:other@host/0",
                                       "redis://me:secret@host/1", "redis://you:secret@host/0"};
    struct config config;
    char place[] = "/tmp/bookshare-XXXXXX", path[4][256];

    (void)state;
    make_place(place, &config);
    for (size_t i = 0; i < 4; i++) {
        char *const url = config.redis_url;
        int fd;

        config.redis_url = mem_string(urls[i]);
        fd = shared_open(&config, "versions", O_RDWR | O_CREAT);
        assert_true(fd >= 0);
        write_path(fd, path[i], sizeof path[i]);
        close(fd);
        free(config.redis_url);
        config.redis_url = url;
    }
    assert_string_equal(path[0], path[1]);
    assert_string_not_equal(path[0], path[2]);
    assert_string_not_equal(path[0], path[3]);
    unlink(path[0]);
    unlink(path[2]);
    unlink(path[3]);
    assert_int_equal(rmdir(config.shared), 0);
    assert_int_equal(rmdir(place), 0);
    config_free(&config);
}

static void paths_of_an_installation_may_be_relative_to_the_program(void **state)
{
    char self[4096];
    const ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    char *absolute = program_path("/opt/books/share"), *relative = program_path("share/books");

    (void)state;
    assert_true(len > 0);
    self[len] = '\0';
    for (int i = 0; i < 2; i++)
        *strrchr(self, '/') = '\0';
    assert_string_equal(absolute, "/opt/books/share");
    assert_memory_equal(relative, self, strlen(self));
    assert_string_equal(relative + strlen(self), "/share/books");
    free(absolute);
    free(relative);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_pieces_stay_apart),
        cmocka_unit_test(buf_grows_and_ends_with_nul),
        cmocka_unit_test(config_has_defaults_and_limits),
        cmocka_unit_test(config_hides_passwords),
        cmocka_unit_test(files_of_others_are_not_believed),
        cmocka_unit_test(names_of_shared_files_hold_no_password),
        cmocka_unit_test(paths_of_an_installation_may_be_relative_to_the_program),
        cmocka_unit_test(settings_come_from_a_file_and_before_it_from_the_environment),
    };

    setenv("BOOKSHARE_SETTINGS", "/dev/null", 1); /* not those of an installation */
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
