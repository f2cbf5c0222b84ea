/*
 * edit_job: runs an edit of many books for a request, of a page or of the API. One of up to LIMIT_EDIT_AT_ONCE books is
 * done before the response; a larger one by a process of its own, at a pace that leaves room for readers, one at a time
 * on a host.
 */
#ifndef WEB_EDIT_JOB_H
#define WEB_EDIT_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "catalogue/catalogue_edit.h"

struct exchange;

/*
 * Looks for the edit that was started with the key of the request: if there is one, the request comes again, and its
 * books may no longer be those that it was about. ERR_OK: stores its number. ERR_NOT_FOUND: it comes for the first
 * time, or without a key. Other errors, such as ERR_REUSED: responds.
 */
enum err_code edit_job_look_up(struct exchange *exchange, const struct edit_wish *wish, uint64_t *number);

/*
 * Plans an edit, and checks that the sender may do it. Responds and returns false if not. The caller frees the plan in
 * any case.
 */
bool edit_job_plan(struct exchange *exchange, const struct edit_wish *wish, struct edit_plan *plan);

/*
 * Starts a planned edit, which has something to do and nothing to refuse, unless one was started with the key of the
 * request. Stores its number. Responds and returns false after a failure.
 */
bool edit_job_start(struct exchange *exchange, const struct edit_plan *plan, uint64_t *number);

/* Reads the edit whose number is in the path. Responds and returns false if there is none. */
bool edit_job_find(struct exchange *exchange, struct edit_record *record);

#endif
