/* limits: every limit that users or operators can hit, in one place. The lengths of the fields are in book.c. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_PAGE_ROWS = 100,                /* books on a list page */
    LIMIT_FORM_BYTES = 64 * 1024,         /* body of a POST */
    LIMIT_JSON_BYTES = 64 * 1024,         /* body of a request to the API */
    LIMIT_API_ROWS = 1000,                /* books in an answer of the API */
    LIMIT_CHANGES = 50,                   /* changes on a page of the log; */
    LIMIT_API_CHANGES = 100,              /* at most, in an answer of the API */
    LIMIT_IMPORT_BYTES = 4 * 1024 * 1024, /* body of an upload */
    LIMIT_IMPORT_BOOKS = 40000,           /* books that an upload writes; the batch that reaches this is the last */
    LIMIT_IMPORT_S = 30,       /* time an upload may hold a worker: less than systemd waits when it stops one */
    LIMIT_IMPORTS = 1,         /* uploads at a time on a host */
    LIMIT_IMPORT_FAULTS = 100, /* bad lines of an upload that its page lists */
    LIMIT_IMPORT_REPORT_BYTES = 1 << 20, /* size after which the report on an upload only counts them */
    LIMIT_EDIT_BOOKS = 1000000,          /* books that an edit changes; */
    LIMIT_EDIT_EDITOR = 1000,            /* without the role of an admin; */
    LIMIT_EDIT_EDITOR_DELETES = 100,     /* deleted without it */
    LIMIT_EDIT_IDS = 250,                /* books that are named one by one */
    LIMIT_EDIT_AT_ONCE = 1000,           /* books that an edit changes before its response; more: in the background */
    LIMIT_EDIT_SILENCE_S = 15,           /* after which an edit counts as stopped */
    LIMIT_EDIT_SAMPLES = 10,             /* books that the preview of an edit shows */
    LIMIT_BASE_BYTES = 100,              /* BOOKSHARE_BASE, which is in every link of a page, and BOOKSHARE_URL */
    LIMIT_QUERY_BYTES = 8 * 1024,        /* URL with its query; nginx has about the same limit */
    LIMIT_LINK_BYTES = 8 * 1024,         /* Link header; a longer one is omitted: nginx accepts 16 KB of headers */
    LIMIT_PARAMETERS = 128,              /* parameters in a query or form; DataTables sends 6 for each column */
    LIMIT_SEARCH_CHARACTERS = 500,       /* characters in a search */
    LIMIT_SEARCH_WORDS = 16,             /* conditions in a search */
    LIMIT_CHOICES = 16,                  /* values that are chosen for a field */
    LIMIT_WORKERS = 256,                 /* workers of a host that are counted */
    LIMIT_MYSQL_WAIT_MS = 3000,          /* time to wait for one of BOOKSHARE_MYSQL_CONNECTIONS; */
    LIMIT_MYSQL_SHORT_WAIT_MS = 500,     /* the same if a page from Redis or the index would do, marked as unverified */
    LIMIT_MYSQL_SEARCHES = 4,            /* searches of the table without the index at a time, per host */
    LIMIT_MYSQL_SHORT_MS = 200,          /* time for such a search while half of the workers do long work */
    LIMIT_GATHERED = 10000,              /* first books of an order, other than by ID, that such a search can show */
    LIMIT_EXPORT_S = 900,                /* time a slow client's export may hold a worker */
    LIMIT_SHORT_EXPORT_BOOKS = 5000,     /* books in an export that is not long work */
    LIMIT_FACET_VALUES = 100,            /* values of a field that are counted */
    LIMIT_ANSWERS = 256,                 /* answers to searches that a host keeps */
    LIMIT_ANSWER_BYTES = 96 * 1024,      /* each of them: room for a page of 100 rows */
    LIMIT_HARDLY_FOUND = 2,              /* books of a result that is so small that other searches are suggested */
    LIMIT_SUGGESTIONS = 3,               /* of these */
    LIMIT_FORM_VALUES = 20,              /* values that a form suggests for a field */
    LIMIT_MADE_IDS = 8,                  /* IDs that are made for a book before one must be free */
    LIMIT_PAGE_FILE_BYTES = 96 * 1024,   /* a page file and its compressed copy together */
    LIMIT_PLAIN_BYTES = 1000,            /* bodies of fewer bytes are not compressed: they fit in a packet */
    LIMIT_DEFERRED = 64,                 /* responses that a worker defers at a time; beyond, the worker blocks */
    LIMIT_RETRY_AFTER_S = 5,             /* Retry-After of a 503 */
    LIMIT_REDIS_REPLY_BYTES = 256 * 1024 * 1024,  /* a reply from Redis; the largest is the list's directory */
    LIMIT_REDIS_REPLY_ELEMENTS = 4 * 1024 * 1024, /* elements of an array in it */
    LIMIT_REDIS_BUILD_TIMES = 10, /* BOOKSHARE_REDIS_TIMEOUT_MS that a rebuild waits for a reply: it holds up nobody */
    LIMIT_NAME_CHARACTERS = 64,   /* characters in the name of a person */
    LIMIT_PASSWORD_LEAST = 10,    /* characters in a password */
    LIMIT_PASSWORD_BYTES = 1024,  /* bytes in a password */
    LIMIT_PASSWORD_HASHES = 2, /* passwords hashed at a time, per host; others wait, in at most half of the workers */
    LIMIT_PASSWORD_WAIT_MS = 500, /* time to wait for that */
    LIMIT_ATTEMPTS_NAME = 5,      /* failures to sign in with a name before the next has to wait */
    LIMIT_ATTEMPTS_NAME_S = 60,   /* the longest such wait: others may cause it */
    LIMIT_ATTEMPTS_ADDRESS = 20,  /* the same for failures from an address */
    LIMIT_ATTEMPTS_ADDRESS_S = 900,
    LIMIT_SESSION_S = 30 * 86400,     /* life of a session */
    LIMIT_SESSION_IDLE_S = 7 * 86400, /* time after which an unused one ends */
    LIMIT_SESSIONS_PERSON = 100,      /* sessions of a person; the next one ends the oldest */
    LIMIT_INVITATION_S = 7 * 86400,   /* life of an invitation */
    LIMIT_TOKEN_DAYS = 3650,          /* life of a token */
    LIMIT_RENAME_CHANGES = 10000,     /* changes that get another name in one transaction */
    LIMIT_PRUNE_CHANGES = 10000,      /* changes that are removed from the log in one transaction */
    LIMIT_PRUNE_DAYS = 36500,         /* the longest that the log can be kept for */
    LIMIT_PRUNE_LEAST = 1000,      /* the fewest of its changes that are kept: a writer may have to look up its own */
    LIMIT_PRUNE_MOST = 1000000000, /* the most that can be asked for */
    LIMIT_KEY_BYTES = 128,         /* key of a form, or Idempotency-Key */
    LIMIT_KEY_S = 86400,           /* time for which a key is known at least */
    LIMIT_KEY_PRUNE = 10,          /* older ones that each write with a key removes at most */
    LIMIT_RENAME_S = 20,           /* time that the page takes for that: within nginx's timeout */
    LIMIT_TIMING_S = 20            /* time /timings reads a whole table, twice: within nginx's timeout */
};

/* The highest valid page number; more digits are a mistake, not a page. */
#define LIMIT_PAGE_NUMBER 999999999L

#endif
