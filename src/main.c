/*
 * The worker: a FastCGI process that serves requests from the socket on descriptor 0, one at a time, until it gets a
 * stop signal.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/config_check.h"
#include "base/log.h"
#include "web/app.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

enum { SOCKET = 0 /* the listening socket, inherited from spawn-fcgi */ };

static int stop_pipe[2]; /* the signal handler writes to it, to wake up poll */

static void on_stop(int signal)
{
    const int saved = errno;

    (void)signal;
    if (write(stop_pipe[1], "", 1) < 0)
        errno = saved; /* the pipe is full: it already says stop */
    errno = saved;
}

/* SIGTERM and SIGUSR1 stop the worker after the current request. SIGPIPE is ignored: clients may disconnect. */
static bool catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART}, ignore = {.sa_handler = SIG_IGN};

    if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    return sigaction(SIGTERM, &stop, NULL) == 0 && sigaction(SIGUSR1, &stop, NULL) == 0 &&
           sigaction(SIGINT, &stop, NULL) == 0 && sigaction(SIGPIPE, &ignore, NULL) == 0;
}

/* Waits for a connection and runs ticks meanwhile. Returns false when it is time to stop. */
static bool wait_for_request(struct app *app)
{
    struct pollfd polled[] = {{.fd = stop_pipe[0], .events = POLLIN}, {.fd = SOCKET, .events = POLLIN}};

    for (;;) {
        const int ready = poll(polled, 2, app_idle(app));

        if (ready > 0 || (ready < 0 && errno != EINTR))
            return ready > 0 && polled[0].revents == 0;
    }
}

/*
 * Accepts and serves requests until stopped. The socket is non-blocking, since another worker may take the connection
 * that poll announced: then FCGX_Accept_r fails with EAGAIN, and we wait again.
 */
static void serve(struct app *app)
{
    FCGX_Request request;

    FCGX_InitRequest(&request, SOCKET, 0);
    while (wait_for_request(app))
        if (FCGX_Accept_r(&request) >= 0)
            app_handle(app, &request);
    FCGX_Free(&request, 1);
}

/*
 * Has freed memory stay with the process up to a bound: a search in 10 million books takes a few megabytes for each
 * set of rows, and getting them from the kernel again takes longer than most searches.
 */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

/* Explains to a web server that started this as a CGI program that it needs FastCGI. */
static void answer_as_cgi(void)
{
    if (getenv("GATEWAY_INTERFACE") != NULL)
        printf("Status: 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
               "Book Share needs FastCGI; this web server has started it as a CGI program.\n"
               "Use mod_fcgid or mod_proxy_fcgi, or cgi-fcgi in between: see docs/shared-host.md.\n");
}

static const char usage[] =
    "Usage: spawn-fcgi -n -s SOCKET -- bookshare-worker\n"
    "\n"
    "Serves Book Share over FastCGI on the socket on its standard input, and logs to standard error.\n"
    "Settings come from the environment (BOOKSHARE_...) and from a file; `bookshare check` lists them.\n"
    "\n"
    "  --help     print this\n"
    "  --version  print the version\n"
    "\n"
    "See bookshare-worker(8).\n";

static void log_problem(const char *problem)
{
    log_error("%s", problem);
}

/* Answers the options. Returns an exit status, or -1 if there are none. */
static int read_options(int argc, char **argv)
{
    if (argc == 1 || getenv("GATEWAY_INTERFACE") != NULL) /* a CGI program gets words of the query */
        return -1;
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("bookshare-worker " PACKAGE_VERSION) < 0;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return fputs(usage, stdout) < 0;
    fprintf(stderr, "bookshare-worker: unknown option '%s'\n\n%s", argv[1], usage);
    return 2;
}

int main(int argc, char **argv)
{
    const int answered = read_options(argc, argv);
    struct config config;
    struct err err;
    struct app *app;

    if (answered >= 0)
        return answered;
    if (config_load(&config, &err) != ERR_OK) {
        log_error("%s", err.text);
        config_free(&config);
        return 1;
    }
    if (!config_check(&config, log_problem)) {
        config_free(&config);
        return 1;
    }
    if (FCGX_IsCGI()) {
        answer_as_cgi();
        log_error("descriptor 0 is not a listening socket: start the worker with spawn-fcgi");
        config_free(&config);
        return 1;
    }
    if (FCGX_Init() != 0 || !catch_signals() || fcntl(SOCKET, F_SETFL, fcntl(SOCKET, F_GETFL) | O_NONBLOCK) != 0) {
        log_error("start: %s", strerror(errno));
        config_free(&config);
        return 1;
    }
    keep_memory();
    app = app_new(&config);
    log_info("worker ready");
    serve(app);
    log_info("worker stops");
    app_free(app);
    config_free(&config);
    return 0;
}
