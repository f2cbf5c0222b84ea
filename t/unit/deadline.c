/* When work is cancelled: it is late, has no slot for long work, or nobody waits for it. */
#include "test.h"

#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/pool.h"

static struct config config;
static char database[32];

/* Uses up processor time. */
static void work_us(int64_t us)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    for (const int64_t end = now.tv_sec * 1000000 + now.tv_nsec / 1000 + us;
         now.tv_sec * 1000000 + now.tv_nsec / 1000 < end;)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
}

/* Removes the file of a slot and releases the slot. */
static void remove_slots(int slot)
{
    char link[64], path[256] = "";

    snprintf(link, sizeof link, "/proc/self/fd/%d", slot);
    assert_true(readlink(link, path, sizeof path - 1) > 0);
    unlink(path);
    slots_give(slot);
}

static void none_never_passes(void **state)
{
    struct err err;

    (void)state;
    assert_false(deadline_passed(NULL));
    assert_int_equal(deadline_error(NULL, &err), ERR_OK);
}

static void it_passes_in_its_time_and_stays_so(void **state)
{
    struct deadline deadline;
    struct err err;

    (void)state;
    config.search_ms = 30;
    deadline_begin(&deadline, &config, -1);
    assert_int_equal(deadline_error(&deadline, &err), ERR_OK);
    clock_wait_until(deadline.until - 1000);
    assert_true(deadline_left_ms(&deadline) >= 1);
    clock_wait_until(deadline.until);
    assert_true(deadline_passed(&deadline));
    deadline.until += 1000000;
    assert_true(deadline_passed(&deadline));
    assert_int_equal(deadline_error(&deadline, &err), ERR_BUSY);
    assert_non_null(strstr(err.text, "takes too long"));
    deadline_end(&deadline);
    config.search_ms = 60000;
}

static void a_client_that_hangs_up_ends_it(void **state)
{
    struct deadline deadline;
    struct err err;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    deadline_begin(&deadline, &config, ends[0]);
    assert_false(deadline_is_gone(&deadline));
    assert_int_equal(write(ends[1], "more", 4), 4);
    shutdown(ends[1], SHUT_WR); /* has said all, and listens */
    assert_false(deadline_is_gone(&deadline));
    close(ends[1]);
    clock_wait_until(clock_us() + 20000); /* it is not looked at all the time */
    assert_true(deadline_passed(&deadline));
    assert_int_equal(deadline_error(&deadline, &err), ERR_BUSY);
    deadline_end(&deadline);
    close(ends[0]);
}

static void half_of_the_workers_do_long_work(void **state)
{
    struct deadline short_one, long_one, next;
    struct err err;
    int places[4], share;

    (void)state;
    for (int i = 0; i < 3; i++)
        places[i] = pool_join(&config);
    deadline_begin(&long_one, &config, -1);
    assert_true(deadline_take_share(&long_one)); /* one of three */
    deadline_begin(&next, &config, -1);
    assert_false(deadline_take_share(&next));
    places[3] = pool_join(&config);
    assert_true(deadline_take_share(&next)); /* two of four */
    assert_true(deadline_take_share(&next)); /* which it has */
    assert_int_equal(pool_take_share(&config, &share, &err), ERR_BUSY);

    deadline_begin(&short_one, &config, -1);
    deadline_allow(&short_one, 20000);
    assert_false(deadline_passed(&short_one));
    work_us(30000);
    deadline_end(&next);
    assert_false(deadline_passed(&short_one)); /* long by now, and there is room */
    deadline_begin(&next, &config, -1);
    deadline_allow(&next, 20000);
    assert_false(deadline_passed(&next));
    work_us(30000);
    assert_true(deadline_passed(&next));
    assert_int_equal(deadline_error(&next, &err), ERR_BUSY);
    assert_non_null(strstr(err.text, "Too many long searches"));
    deadline_end(&next);
    deadline_end(&short_one);
    deadline_end(&long_one);
    assert_int_equal(pool_take_share(&config, &share, &err), ERR_OK);
    remove_slots(share);
    for (int i = 1; i < 4; i++)
        slots_give(places[i]);
    remove_slots(places[0]);
}

static void a_single_worker_does_all(void **state)
{
    const int place = pool_join(&config);
    struct err err;
    int share, other;

    (void)state;
    assert_int_equal(pool_take_share(&config, &share, &err), ERR_OK);
    assert_int_equal(pool_take_share(&config, &other, &err), ERR_BUSY);
    remove_slots(share);
    remove_slots(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_never_passes),
        cmocka_unit_test(it_passes_in_its_time_and_stays_so),
        cmocka_unit_test(a_client_that_hangs_up_ends_it),
        cmocka_unit_test(half_of_the_workers_do_long_work),
        cmocka_unit_test(a_single_worker_does_all),
    };
    struct err err;
    int failed;

    snprintf(database, sizeof database, "deadline-%d", (int)getpid());
    setenv("BOOKSHARE_MYSQL_DATABASE", database, 1); /* whose workers nobody else counts */
    if (config_load(&config, &err) != ERR_OK)
        return 1;
    config.search_ms = 60000;
    failed = cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
    config_free(&config);
    return failed;
}
