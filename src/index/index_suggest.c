/*
 * The part of the index that suggests other searches: with words that are near to those typed, and that find more. Each
 * is run before it is suggested.
 */
#include <string.h>

#include "book/match.h"
#include "index/index_near.h"
#include "index/index_parts.h"

enum {
    PIECES = 8,    /* words of a search that are looked at */
    TRIES = 6,     /* searches that are run */
    CHANGED = 2000 /* changed books whose words are looked at */
};

/* A word as typed, and what is near to it. */
struct piece {
    struct text typed; /* within the search */
    struct near near;
    bool is_missing; /* no book has it where it is searched for */
};

/* Considers the words of a folded value. */
static void consider_value(struct near *near, struct text folded)
{
    while (folded.len > 0)
        near_consider(near, text_split(&folded, ' '), 1);
}

/* Finds the near words of a piece in the fields that its clause looks at, of the rows and of the changed books. */
static void look(const struct index *index, const struct query_clause *clause, struct piece *piece, struct arena *arena)
{
    const struct index_file *file = &index->file;
    const struct overlay *overlay = &index->overlay;
    const struct text folded = query_fold(arena, clause->field, piece->typed);
    uint32_t from, to;

    near_begin(&piece->near, folded);
    piece->is_missing = true;
    if (folded.len > 0 && match_looks_at_id(clause)) {
        index_find_prefix(file, folded, &from, &to);
        piece->is_missing = from == to;
    }
    for (int field = BOOK_ID + 1; field < BOOK_FIELDS && folded.len > 0; field++) {
        const struct index_words *words = &file->column[field].words;
        struct words_found found;

        if (!match_looks_at(clause, field) || book_fields[field].type != BOOK_TEXT)
            continue;
        if (index_words_find(words, folded, false, arena, &found) && found.values > 0)
            piece->is_missing = false;
        near_look_up(&piece->near, words, arena);
        for (size_t i = 0; i < overlay->count && i < CHANGED; i++)
            if (!overlay->books[i]->is_deleted)
                consider_value(&piece->near, overlay->books[i]->folded[field]);
    }
}

/* Adds the words of a clause. Returns how many pieces there are then. */
static size_t add_pieces(const struct index *index, struct text search, const struct query_clause *clause,
                         struct piece *pieces, size_t count, struct arena *arena)
{
    struct text rest = clause->text;

    /* The text of a phrase with doubled quotation marks is not in the search. */
    if (clause->is_excluded || clause->is_exact || rest.at < search.at || rest.at + rest.len > search.at + search.len)
        return count;
    while (rest.len > 0 && count < PIECES) {
        const struct text typed = text_split(&rest, ' ');

        if (typed.len > 0) {
            pieces[count] = (struct piece){.typed = typed};
            look(index, clause, &pieces[count++], arena);
        }
    }
    return count;
}

/*
 * Builds the search with the nearest word for each missing piece and, for the piece `other`, near word number rank.
 * Returns an empty text if there is none.
 */
static struct text replaced(struct text search, const struct piece *pieces, size_t count, size_t other, size_t rank,
                            struct arena *arena)
{
    struct buf out = {0};
    const char *at = search.at;
    bool is_whole = true;
    struct text text = {0};

    for (size_t i = 0; i < count; i++) {
        const size_t wanted = i == other ? rank : 0;

        if (i != other && !pieces[i].is_missing)
            continue;
        is_whole = is_whole && wanted < pieces[i].near.count;
        if (!is_whole)
            break;
        buf_add(&out, at, (size_t)(pieces[i].typed.at - at));
        buf_add(&out, pieces[i].near.all[wanted].word.at, pieces[i].near.all[wanted].word.len);
        at = pieces[i].typed.at + pieces[i].typed.len;
    }
    buf_add(&out, at, (size_t)(search.at + search.len - at));
    if (is_whole && out.len <= LIMIT_SEARCH_CHARACTERS)
        text = text_copy(arena, (struct text){buf_string(&out), out.len});
    buf_free(&out);
    return text;
}

/* Runs a search, and suggests it if it finds more than total books. */
static void try_search(struct index *index, const struct query *query, struct text search, uint64_t total,
                       struct arena *arena, struct suggestions *suggestions)
{
    struct query other = *query;
    struct found *found;
    struct err err;

    if (!query_set_search(&other, search, arena) || index_query(index, &other, arena, &found, &err) != ERR_OK ||
        found_total(found) <= total)
        return;
    suggestions->all[suggestions->count++] = (struct suggestion){search, found_total(found)};
}

void index_suggest(struct index *index, const struct query *query, uint64_t total, struct arena *arena,
                   struct suggestions *suggestions)
{
    const struct query_clauses *clauses = query_clauses(query);
    struct piece pieces[PIECES] = {0};
    size_t count = 0, tries = 0;
    bool is_any_missing = false;

    *suggestions = (struct suggestions){0};
    for (size_t i = 0; i < clauses->count; i++)
        count = add_pieces(index, query->search, &clauses->all[i], pieces, count, arena);
    for (size_t i = 0; i < count; i++)
        is_any_missing = is_any_missing || pieces[i].is_missing;
    for (size_t rank = 0; rank < NEAR_MOST; rank++)
        for (size_t i = 0; i < count && tries < TRIES && suggestions->count < LIMIT_SUGGESTIONS; i++) {
            struct text search;

            if ((is_any_missing && !pieces[i].is_missing) || rank >= pieces[i].near.count ||
                deadline_passed(query->deadline))
                continue;
            search = replaced(query->search, pieces, count, i, rank, arena);
            if (search.len == 0)
                continue;
            tries++;
            try_search(index, query, search, total, arena, suggestions);
            if (is_any_missing && rank == 0) /* the nearest words of all are the same search */
                break;
        }
}
