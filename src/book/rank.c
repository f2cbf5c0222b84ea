#include "book/rank.h"

#include <string.h>

#include "base/buf.h"
#include "base/fold.h"

const enum book_field rank_fields[] = {BOOK_AUTHORS, BOOK_PUBLISHER, BOOK_CATEGORY};

static bool counts(const struct query_clause *clause, struct text folded)
{
    return !clause->is_excluded && folded.len > 0 && (clause->field == QUERY_ANY || clause->field == BOOK_TITLE);
}

void ranking_init(struct ranking *ranking, const struct match *match, struct arena *arena)
{
    struct buf title = {0};

    *ranking = (struct ranking){.match = match};
    for (size_t i = 0; i < match->clauses->count; i++) {
        const struct query_clause *clause = &match->clauses->all[i];

        ranking->counts[i] = counts(clause, match->folded[i]);
        if (!ranking->counts[i])
            continue;
        if (ranking->is_any)
            buf_add_char(&title, ' ');
        buf_add(&title, clause->text.at, clause->text.len);
        ranking->is_any = true;
    }
    ranking->title = fold_sort_key(query_fold(arena, BOOK_TITLE, (struct text){buf_string(&title), title.len}));
    buf_free(&title);
}

bool rank_begins_word(struct text folded, struct text what)
{
    const char *at = folded.at, *const end = folded.at + folded.len;

    while (what.len > 0 && (at = memmem(at, (size_t)(end - at), what.at, what.len)) != NULL) {
        if (at == folded.at || at[-1] == ' ' || *at == ' ')
            return true;
        at++;
    }
    return false;
}

static enum rank rank_of_clause(const struct query_clause *clause, struct text what,
                                const struct text folded[BOOK_FIELDS])
{
    if (match_contains(folded[BOOK_TITLE], what))
        return rank_begins_word(folded[BOOK_TITLE], what) ? RANK_WORD : RANK_TITLE;
    for (int i = 0; clause->field == QUERY_ANY && i < RANK_ELSEWHERE - RANK_FIELDS; i++)
        if (match_contains(folded[rank_fields[i]], what))
            return RANK_FIELDS + (enum rank)i;
    return RANK_ELSEWHERE;
}

enum rank ranking_of(const struct ranking *ranking, const struct book *book, const struct text folded[BOOK_FIELDS])
{
    const struct query_clauses *clauses = ranking->match->clauses;
    const struct text title = fold_sort_key(folded[BOOK_TITLE]);
    enum rank worst = RANK_WORD;

    if (clauses->whole.len > 0 && text_equal(book->field[BOOK_ID], clauses->whole))
        return RANK_WHOLE;
    if (!ranking->is_any)
        return RANK_ELSEWHERE;
    if (ranking->title.len > 0 && match_begins(title, ranking->title))
        return title.len == ranking->title.len ? RANK_WHOLE : RANK_START;
    for (size_t i = 0; i < clauses->count && worst != RANK_ELSEWHERE; i++)
        if (ranking->counts[i]) {
            const enum rank rank = rank_of_clause(&clauses->all[i], ranking->match->folded[i], folded);

            worst = rank > worst ? rank : worst;
        }
    return worst;
}
