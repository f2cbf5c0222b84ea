/*
 * echo: a minimal FastCGI program for the benchmark. It responds to every request with the content of the file
 * $ECHO_ANSWER, including headers, which it reads once: the share of nginx, libfcgi and the kernel in the time of any
 * page.
 */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads the whole file into memory that stays. Returns its length, or -1. */
static int read_all(const char *path, char **text)
{
    FILE *file = fopen(path, "rb");
    long length = -1;

    if (file == NULL)
        return -1;
    if (fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) > 0 && fseek(file, 0, SEEK_SET) == 0) {
        *text = malloc((size_t)length);
        if (*text == NULL || fread(*text, 1, (size_t)length, file) != (size_t)length)
            length = -1;
    }
    fclose(file);
    return length > 0 ? (int)length : -1;
}

int main(void)
{
    FCGX_Request request;
    const char *path = getenv("ECHO_ANSWER");
    char *answer = NULL;
    const int length = path != NULL ? read_all(path, &answer) : -1;

    if (length < 0 || FCGX_IsCGI() || FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0) {
        fprintf(stderr, "echo needs ECHO_ANSWER, and spawn-fcgi\n");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    while (FCGX_Accept_r(&request) >= 0)
        FCGX_PutStr(answer, length, request.out);
    return 0;
}
