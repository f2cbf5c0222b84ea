/* edit_json: parses what to do with many books from JSON, strictly. */
#ifndef BOOK_EDIT_JSON_H
#define BOOK_EDIT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/edit.h"

struct edit_json {
    struct edit edit; /* has passed edit_check() */
    struct text ids[LIMIT_EDIT_IDS];
    size_t id_count;
    bool has_ids;
    bool is_all;   /* a request that names no books means all of them */
    bool is_trial; /* change nothing */
    bool has_sum;
    uint64_t sum; /* of the plan that was confirmed: struct edit_plan */
};

/*
 * Parses an object into arena: {"what": "set", "field": "publisher", "new": "X"}, {"what": "clear", "field": ...},
 * {"what": "replace", "field": ..., "old": "x", "new": "y"} or {"what": "delete"}, with "ids": [...], "all": true,
 * "dry_run": true, "sum": "0123456789abcdef". ERR_INVALID, with a text for users: invalid JSON, or something else in
 * it.
 */
enum err_code edit_json_read(struct text text, struct arena *arena, struct edit_json *json, struct err *err);

#endif
