/* Slots: so many processes at once and no more, and none is lost when its holder dies. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/slots.h"
#include "test.h"

/* What no other process takes slots for. */
static char few[32], other[32], mortal[32];
static struct config config;

/* Removes the file of a slot and releases the slot. */
static void remove_slots(int slot)
{
    char link[64], path[256] = "";

    snprintf(link, sizeof link, "/proc/self/fd/%d", slot);
    assert_true(readlink(link, path, sizeof path - 1) > 0);
    unlink(path);
    slots_give(slot);
}

static void the_last_slot_is_the_last(void **state)
{
    int slots[4];
    struct err err;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(slots_taken(&config, few, 3), i);
        assert_int_equal(slots_in_use(&config, few), i > 0);
        assert_int_equal(slots_take(&config, few, 3, &slots[i], &err), ERR_OK);
        assert_true(slots[i] != SLOTS_NONE);
    }
    assert_int_equal(slots_taken(&config, few, 3), 3);
    assert_int_equal(slots_take(&config, few, 3, &slots[3], &err), ERR_BUSY);
    assert_int_equal(slots[3], SLOTS_NONE);
    slots_give(SLOTS_NONE);

    /* Another purpose has slots of its own; a caller that allows more finds another one. */
    assert_int_equal(slots_take(&config, other, 1, &slots[3], &err), ERR_OK);
    remove_slots(slots[3]);
    assert_int_equal(slots_take(&config, few, 4, &slots[3], &err), ERR_OK);
    slots_give(slots[3]);

    slots_give(slots[1]);
    assert_int_equal(slots_taken(&config, few, 3), 2);
    assert_int_equal(slots_take(&config, few, 3, &slots[1], &err), ERR_OK);
    for (int i = 0; i < 3; i++)
        slots_give(slots[i]);
    assert_int_equal(slots_taken(&config, few, 3), 0);
    assert_false(slots_in_use(&config, few));
    assert_int_equal(slots_take(&config, few, 1, &slots[0], &err), ERR_OK);
    remove_slots(slots[0]);
}

/* Starts a process that takes a slot and holds it until it is killed. */
static pid_t start_holder(void)
{
    int ready[2], slot;
    char byte;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (slots_take(&config, mortal, 2, &slot, NULL) == ERR_OK && write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void a_killed_holder_gives_back(void **state)
{
    struct err err;
    int slot;

    (void)state;
    for (int round = 0; round < 20; round++) {
        const pid_t first = start_holder(), second = start_holder();

        assert_int_equal(slots_take(&config, mortal, 2, &slot, &err), ERR_BUSY);
        kill(first, SIGKILL);
        waitpid(first, NULL, 0);
        assert_int_equal(slots_taken(&config, mortal, 2), 1);
        assert_int_equal(slots_take(&config, mortal, 2, &slot, &err), ERR_OK);
        slots_give(slot);
        kill(second, SIGKILL);
        waitpid(second, NULL, 0);
        assert_int_equal(slots_taken(&config, mortal, 2), 0);
    }
    assert_int_equal(slots_take(&config, mortal, 1, &slot, &err), ERR_OK);
    remove_slots(slot);
}

int main(void)
{
    struct err err;
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_slot_is_the_last),
        cmocka_unit_test(a_killed_holder_gives_back),
    };

    setenv("BOOKSHARE_SETTINGS", "/dev/null", 1); /* not those of an installation */
    if (config_load(&config, &err) != ERR_OK)
        return 1;
    snprintf(few, sizeof few, "few-%d", (int)getpid());
    snprintf(other, sizeof other, "other-%d", (int)getpid());
    snprintf(mortal, sizeof mortal, "mortal-%d", (int)getpid());
    failed = cmocka_run_group_tests_name("slots", tests, NULL, NULL);
    config_free(&config);
    return failed;
}
