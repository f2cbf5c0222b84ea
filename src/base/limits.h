/* limits: every bound that users or operators can meet, in one place. The lengths of the fields are in book.c. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_PAGE_ROWS = 100,                /* books on a list page */
    LIMIT_FORM_BYTES = 64 * 1024,         /* body of a POST */
    LIMIT_JSON_BYTES = 64 * 1024,         /* body of a request to the API */
    LIMIT_API_ROWS = 1000,                /* books in an answer of the API */
    LIMIT_IMPORT_BYTES = 4 * 1024 * 1024, /* body of an upload */
    LIMIT_IMPORT_BOOKS = 40000,           /* that an upload writes; the batch that reaches it is the last one */
    LIMIT_IMPORT_S = 30,                  /* that an upload keeps a worker busy: less than systemd waits to stop one */
    LIMIT_IMPORTS = 1,                    /* uploads at a time, on a host */
    LIMIT_IMPORT_FAULTS = 100,            /* lines of an upload that its page tells one by one */
    LIMIT_IMPORT_REPORT_BYTES = 1 << 20,  /* after which a report on an upload just counts them */
    LIMIT_QUERY_BYTES = 8 * 1024,         /* address with its query; nginx cuts at about the same */
    LIMIT_LINK_BYTES = 8 * 1024,          /* header Link; longer, and it is left out: nginx takes 16 KB of headers */
    LIMIT_PARAMETERS = 64,                /* names in a query or in a form */
    LIMIT_SEARCH_CHARACTERS = 500,        /* of a search */
    LIMIT_SEARCH_WORDS = 16,              /* conditions in a search */
    LIMIT_WORKERS = 256,                  /* of a host that are counted */
    LIMIT_MYSQL_SEARCHES = 4,             /* that MySQL may have from one host at a time */
    LIMIT_MYSQL_SHORT_MS = 200,           /* that MySQL may take for a search while half of the workers do long work */
    LIMIT_EXPORT_S = 900,                 /* that an export may hold a worker, whose reader is slow */
    LIMIT_SHORT_EXPORT_BOOKS = 5000,      /* of an export that is not long work */
    LIMIT_SHORT_SEARCH_WORDS = 4,         /* of a search that is not long from its start */
    LIMIT_SHORT_SEARCH_MB = 200,          /* that a search of more words may read before it counts as long */
    LIMIT_FACET_VALUES = 100,             /* values of a field that are counted out */
    LIMIT_PAGE_FILE_BYTES = 96 * 1024,    /* that a page file and its compressed twin may take together */
    LIMIT_DEFERRED = 64,                  /* answers of a worker that wait at a time; beyond, the worker waits itself */
    LIMIT_RETRY_AFTER_S = 5,              /* what a 503 asks the client to wait */
    LIMIT_REDIS_REPLY_BYTES = 256 * 1024 * 1024,  /* one reply of Redis; the largest is the list's directory */
    LIMIT_REDIS_REPLY_ELEMENTS = 4 * 1024 * 1024, /* of an array in it */
    LIMIT_TIMING_S = 20 /* for which /timings reads a whole table, twice: within nginx's time-out */
};

/* The last page number that is looked up at all; more digits are a mistake, not a page. */
#define LIMIT_PAGE_NUMBER 999999999L

#endif
