/*
 * echo: a minimal FastCGI program for the benchmark. It responds to every request with the content of a file, including
 * headers, which it reads once: the share of nginx, libfcgi and the kernel in the time of any page.
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

int main(int argc, char **argv)
{
    FCGX_Request request;
    char *answer = NULL;
    const int length = argc == 2 ? read_all(argv[1], &answer) : -1;

    if (length < 0 || FCGX_IsCGI() || FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0) {
        fprintf(stderr, "Usage: spawn-fcgi ... -- %s FILE\n", argv[0]);
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    while (FCGX_Accept_r(&request) >= 0)
        FCGX_PutStr(answer, length, request.out);
    return 0;
}
