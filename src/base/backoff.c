#include "base/backoff.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/shared.h"

/* The content of the file. All zeros: no failure. */
struct state {
    int64_t until; /* clock_us() of the next attempt */
    uint32_t failures, unused;
};

static int open_state(const struct config *config, const char *purpose, struct state *state)
{
    char name[64];
    int file;

    snprintf(name, sizeof name, "backoff-%s", purpose);
    file = shared_open(config, name, O_RDWR | O_CREAT);
    if (file >= 0 && pread(file, state, sizeof *state, 0) != (ssize_t)sizeof *state)
        *state = (struct state){0};
    return file;
}

bool backoff_is_over(const struct config *config, const char *purpose)
{
    const int64_t now = clock_us();
    struct state state;
    const int file = open_state(config, purpose, &state);

    if (file < 0)
        return true;
    close(file);
    return state.until <= now || state.until > now + BACKOFF_MOST_US; /* the latter is from before a reboot */
}

bool backoff_failed(const struct config *config, const char *purpose)
{
    struct state state;
    const int file = open_state(config, purpose, &state);
    int64_t rest = BACKOFF_FIRST_US;

    if (file < 0)
        return true;
    for (uint32_t i = 0; i < state.failures && rest < BACKOFF_MOST_US; i++)
        rest *= 2;
    state.until = clock_us() + (rest < BACKOFF_MOST_US ? rest : BACKOFF_MOST_US);
    state.failures++;
    if (pwrite(file, &state, sizeof state, 0) < 0)
        state.failures = 1; /* no other process will see this failure: log it */
    close(file);
    return state.failures == 1;
}

uint32_t backoff_worked(const struct config *config, const char *purpose)
{
    static const struct state none;
    struct state state;
    const int file = open_state(config, purpose, &state);

    if (file < 0)
        return 0;
    if (state.failures > 0 && pwrite(file, &none, sizeof none, 0) < 0)
        state.failures = 0;
    close(file);
    return state.failures;
}
