/*
 * The search index against the plainest way to find: every book looked at, folded plainly, all of them sorted.
 * Random books and random changes of them, and thousands of random queries.
 */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/limits.h"
#include "book/gather.h"
#include "index/index_build.h"
#include "index/index_parts.h"
#include "index/sort_keys.h"
#include "fold-plain.h"

enum { BOOKS = 1200, CHANGES = 400, PART = 37 };

static const struct version made_at = {17, 5, 99};

static const char *const words[] = {
    "straße",  "STRASSE",   "Strasse",    "İstanbul",   "istanbul",     "ISTANBUL", "ısı",      "ISI",
    "日本",    "日本語",    "語学",       "📚",          "👩‍🚀",  "🚀",        "100%",     "100",
    "50_50",   "5050",      "O'Hara",     "O’Hara",     "“quote”",      "«quote\"", "„quote",   "\\n",
    "a",       "b",         "the",        "The",        "THE",          "of",       "sea",      "See",
    "é",       "e\xCC\x81", "ete",        "été",        "Ångström",     "angstrom", "ﬁsh",      "fish",
    "ＡＢＣ",  "abc",       "well-known", "well‐known", "co\xC2\xADop", "coop",     "한국어",   "한",
    "देवनागरी", "Ельчин",    "ельчин",     "ß",          "J.K.",         "JK",       "978-0-14", "978014",
    "-",       "...",       "カタカナ",   "かたかな",   "Nesbø",        "nesbo",    "Đỗ",
};
enum { WORDS = sizeof words / sizeof *words };

/* Those that differ in case alone: each names another ID, and finds the same texts. */
static const char *const alike[] = {"the", "The", "THE"};
enum { ALIKE = sizeof alike / sizeof *alike };

static const char *const choices[] = {"", "Novel", "novel", "Nóvel", "Art", "Kunst & Co", "日本"};
enum { CHOICES = sizeof choices / sizeof *choices };

/* A book of the table, as it is now. */
struct entry {
    bool is_there;
    int rank; /* for the query at hand; 0 if it does not order by rank */
    struct book book;
    char *folded[BOOK_FIELDS];
};

static struct entry entries[BOOKS];
static struct arena arena;
static unsigned seed;

static unsigned any(unsigned below)
{
    return (unsigned)rand_r(&seed) % below;
}

static struct text phrase(unsigned most)
{
    struct buf out = {0};
    struct text text;

    for (unsigned i = 0, count = any(most + 1); i < count; i++) {
        if (i > 0)
            buf_add_char(&out, ' ');
        buf_add_string(&out, words[any(WORDS)]);
    }
    text = (struct text){arena_copy(&arena, buf_string(&out), out.len), out.len};
    buf_free(&out);
    return text;
}

/* Makes up what stands in entry i, all but its ID. */
static void invent(struct entry *entry, unsigned i)
{
    struct text *field = entry->book.field;

    entry->is_there = true;
    field[BOOK_ID] = text_from_cstr(i % 50 == 0                     ? arena_format(&arena, "id %u of", i)
                                    : i % 25 == 7 && i / 25 < WORDS ? words[i / 25]
                                                                    : arena_format(&arena, "%05u", i));
    field[BOOK_TITLE] = phrase(4);
    if (field[BOOK_TITLE].len == 0)
        field[BOOK_TITLE] = text_from_cstr("x");
    field[BOOK_CATEGORY] = text_from_cstr(choices[any(CHOICES)]);
    field[BOOK_AUTHORS] = phrase(3);
    field[BOOK_PUBLISHER] = text_from_cstr(choices[any(CHOICES)]);
    field[BOOK_EDITION] = phrase(1);
    field[BOOK_AVAILABLE_FROM] =
        any(5) == 0 ? text_from_cstr("")
                    : text_from_cstr(arena_format(&arena, "20%02u-%02u-%02u", any(25), 1 + any(12), 1 + any(28)));
    for (int f = 0; f < BOOK_FIELDS; f++) {
        free(entry->folded[f]);
        entry->folded[f] = fold_plainly(field[f], book_fields[f].type == BOOK_DATE);
    }
}

/* ---- The plainest way */

/* Of the clauses of the query that find_plainly() looks for. */
static char *folded_clauses[LIMIT_SEARCH_WORDS];

static void fold_clauses(const struct query_clauses *clauses)
{
    for (size_t i = 0; i < LIMIT_SEARCH_WORDS; i++) {
        free(folded_clauses[i]);
        folded_clauses[i] = NULL;
    }
    for (size_t i = 0; i < clauses->count; i++)
        folded_clauses[i] = fold_plainly(clauses->all[i].text, clauses->all[i].field == BOOK_AVAILABLE_FROM);
}

static bool satisfies(const struct entry *entry, const struct query_clause *clause, const char *folded)
{
    bool is_found = folded[0] == '\0' ? !clause->is_excluded : false;

    for (int f = 0; f < BOOK_FIELDS && folded[0] != '\0'; f++) {
        const bool is_meant = clause->field == QUERY_ANY ? book_fields[f].type != BOOK_DATE : clause->field == f;

        if (is_meant && (f != BOOK_ID       ? strstr(entry->folded[f], folded) != NULL
                         : clause->is_exact ? text_equal(entry->book.field[f], clause->text)
                                            : strncmp(entry->folded[f], folded, strlen(folded)) == 0))
            is_found = true;
    }
    return is_found;
}

static bool is_wanted(const struct entry *entry, const struct query *query, const struct query_clauses *clauses,
                      int aside)
{
    const char *day = entry->book.field[BOOK_AVAILABLE_FROM].at;
    bool is_found = true;

    if (!entry->is_there)
        return false;
    for (size_t i = 0; i < clauses->count; i++)
        is_found = is_found && satisfies(entry, &clauses->all[i], folded_clauses[i]) != clauses->all[i].is_excluded;
    if (!is_found && !(clauses->whole.len > 0 && text_equal(entry->book.field[BOOK_ID], clauses->whole)))
        return false;
    for (int f = 0; f < BOOK_FIELDS; f++)
        if (f != aside && query->choice[f].count > 0 && !query_choice_has(&query->choice[f], entry->book.field[f]))
            return false;
    if (query->from.len > 0 && (day[0] == '\0' || strcmp(day, query->from.at) < 0))
        return false;
    return query->until.len == 0 || (day[0] != '\0' && strcmp(day, query->until.at) <= 0);
}

/* Returns whether text is in a folded value at the start of a word. */
static bool is_word_start(const char *value, const char *text)
{
    for (const char *at = value; (at = strstr(at, text)) != NULL; at++)
        if (at == value || at[-1] == ' ' || *at == ' ')
            return true;
    return false;
}

/* Ranks one clause: 2 to 7, as book/rank.h has it. */
static int rank_of_clause(const struct entry *entry, const struct query_clause *clause, const char *folded)
{
    static const int fields[] = {BOOK_TITLE, BOOK_AUTHORS, BOOK_PUBLISHER, BOOK_CATEGORY};

    if (is_word_start(entry->folded[BOOK_TITLE], folded))
        return 2;
    for (int i = 0; i < (clause->field == BOOK_TITLE ? 1 : 4); i++)
        if (strstr(entry->folded[fields[i]], folded) != NULL)
            return 3 + i;
    return 7;
}

static int rank_of_entry(const struct entry *entry, const struct query_clauses *clauses)
{
    const char *key = plain_sort_key(entry->folded[BOOK_TITLE]);
    struct buf all = {0};
    int rank = 0;
    char *title;

    if (clauses->whole.len > 0 && text_equal(entry->book.field[BOOK_ID], clauses->whole))
        return 0;
    for (size_t i = 0; i < clauses->count; i++) {
        const struct query_clause *clause = &clauses->all[i];

        if (clause->is_excluded || folded_clauses[i][0] == '\0' ||
            (clause->field != QUERY_ANY && clause->field != BOOK_TITLE))
            continue;
        if (rank > 0)
            buf_add_char(&all, ' ');
        buf_add(&all, clause->text.at, clause->text.len);
        rank = rank_of_clause(entry, clause, folded_clauses[i]) > rank
                   ? rank_of_clause(entry, clause, folded_clauses[i])
                   : rank;
    }
    if (rank == 0)
        return 7;
    title = fold_plainly((struct text){buf_string(&all), all.len}, false);
    if (title[0] != '\0' && strncmp(key, plain_sort_key(title), strlen(plain_sort_key(title))) == 0)
        rank = strcmp(key, plain_sort_key(title)) == 0 ? 0 : 1;
    free(title);
    buf_free(&all);
    return rank;
}

static int compare_entries(const void *a, const void *b, void *context)
{
    const struct entry *left = *(const struct entry *const *)a, *right = *(const struct entry *const *)b;
    const struct query *query = context;
    int order = left->rank - right->rank;

    if (order != 0)
        return order;
    for (size_t i = 0; i <= query->further && query->order[i].field != BOOK_ID; i++) {
        const char *a_value = left->folded[query->order[i].field], *b_value = right->folded[query->order[i].field];

        if ((a_value[0] == '\0') != (b_value[0] == '\0'))
            return a_value[0] == '\0' ? 1 : -1;
        order = plain_compare(a_value, b_value);
        if (order != 0)
            return query->order[i].is_descending ? -order : order;
    }
    order = strcmp(left->book.field[BOOK_ID].at, right->book.field[BOOK_ID].at);
    return query->order[query->further].is_descending ? -order : order;
}

static size_t find_plainly(struct query *query, const struct query_clauses *clauses, const struct entry **result)
{
    size_t count = 0;

    fold_clauses(clauses);
    for (int i = 0; i < BOOKS; i++)
        if (is_wanted(&entries[i], query, clauses, -1)) {
            entries[i].rank = query->is_best_first ? rank_of_entry(&entries[i], clauses) : 0;
            result[count++] = &entries[i];
        }
    qsort_r(result, count, sizeof *result, compare_entries, query);
    return count;
}

/* ---- Both */

/* Adds a part of a title in quotes, which may begin and end within words and have blanks at its ends. */
static void add_part_of_title(struct buf *out)
{
    const struct text title = entries[any(BOOKS)].book.field[BOOK_TITLE];
    size_t from = any((unsigned)title.len), to = from + 1 + any((unsigned)(title.len - from));

    while (from > 0 && ((unsigned char)title.at[from] & 0xC0) == 0x80)
        from--;
    while (to < title.len && ((unsigned char)title.at[to] & 0xC0) == 0x80)
        to++;
    buf_add_char(out, '"');
    buf_add(out, title.at + from, to - from);
    buf_add_char(out, '"');
}

/* Returns the first half of a text, or all of it. */
static struct text start_of_text(struct text text)
{
    size_t len = any(2) == 0 ? text.len : text.len / 2;

    while (len < text.len && ((unsigned char)text.at[len] & 0xC0) == 0x80)
        len++;
    return (struct text){text.at, len};
}

static struct text invent_search(void)
{
    struct buf out = {0};
    struct text text;

    for (unsigned i = 0, count = any(4); i < count; i++) {
        const char *word = any(3) == 0 ? alike[any(ALIKE)] : words[any(WORDS)];

        if (i > 0)
            buf_add_char(&out, ' ');
        if (any(6) == 0)
            buf_add_char(&out, '-');
        if (any(5) == 0)
            buf_add_format(&out, "%s:", book_fields[any(BOOK_FIELDS)].short_name);
        if (any(8) == 0)
            add_part_of_title(&out);
        else if (any(4) == 0)
            buf_add_format(&out, "\"%s %s\"", word, words[any(WORDS)]);
        else if (any(4) == 0 && (unsigned char)word[0] < 0x80)
            buf_add(&out, word, 1);
        else
            buf_add_string(&out, word);
    }
    if (any(20) == 0) {
        buf_clear(&out);
        buf_add_format(&out, any(2) == 0 ? "%05u" : "id %u of", any(BOOKS));
    } else if (any(10) == 0) {
        const struct text id = start_of_text(entries[any(BOOKS)].book.field[BOOK_ID]);

        buf_add_format(&out, any(2) == 0 ? " id:%.*s" : " id:\"%.*s\"", (int)id.len, id.at);
    }
    text = (struct text){arena_copy(&arena, buf_string(&out), out.len), out.len};
    buf_free(&out);
    return text;
}

/* One to three values, no two alike, none empty; or none. */
static struct query_choice invent_choice(void)
{
    struct text *values = arena_alloc(&arena, 3 * sizeof *values);
    struct query_choice choice = {values, 0};

    for (unsigned i = 1 + any(3); i > 0; i--) {
        const struct text value = text_from_cstr(choices[any(CHOICES)]);

        if (value.len > 0 && !query_choice_has(&choice, value))
            values[choice.count++] = value;
    }
    return choice;
}

/* Sets one order or several. */
static void invent_order(struct query *query)
{
    unsigned fields = 0;

    query_order_by(query, any(2) == 0 ? BOOK_ID : (enum book_field)any(BOOK_FIELDS), any(2) == 0);
    fields |= 1u << query->order[0].field;
    while (any(3) == 0 && (fields & 1u << BOOK_ID) == 0) {
        const struct query_order order = {(enum book_field)any(BOOK_FIELDS), any(2) == 0};

        if ((fields & 1u << order.field) == 0)
            query->order[++query->further] = order;
        fields |= 1u << order.field;
    }
}

static struct query invent_query(void)
{
    struct query query = {.limit = PART, .wants_facets = true};

    assert_true(query_set_search(&query, invent_search(), &arena));
    invent_order(&query);
    if (any(3) == 0) {
        query_order_by(&query, BOOK_ID, false);
        query.is_best_first = true;
    }
    query.offset = any(3) == 0 ? any(BOOKS) : any(3) * PART;
    if (any(4) == 0)
        query.choice[BOOK_CATEGORY] = invent_choice();
    if (any(4) == 0)
        query.choice[BOOK_PUBLISHER] = invent_choice();
    if (any(6) == 0)
        query.from = text_from_cstr(arena_format(&arena, "20%02u-06-15", any(25)));
    if (any(6) == 0)
        query.until = text_from_cstr(arena_format(&arena, "20%02u-06-15", any(25)));
    if (any(8) == 0 && query_is_by_id(&query)) {
        query.offset = 0;
        query.after = text_from_cstr(arena_format(&arena, "%05u", any(BOOKS)));
    }
    return query;
}

/* The place in the result where the part begins. */
static size_t begin_of(const struct query *query, const struct entry **result, size_t count)
{
    size_t begin = (size_t)query->offset;

    for (size_t i = 0; query->after.len > 0 && i < count; i++)
        if (text_compare(result[i]->book.field[BOOK_ID], query->after) <= 0)
            begin = i + 1;
    return begin;
}

static void compare_facets(const struct query *query, const struct query_clauses *clauses, const struct facets *facets)
{
    assert_int_equal(facets->count, 3);
    for (size_t i = 0; i < 2; i++) { /* category, publisher */
        const struct facet *facet = &facets->all[i];
        size_t with_count = 0;

        for (size_t v = 0; v < facet->count; v++) {
            uint64_t count = 0;

            for (int e = 0; e < BOOKS; e++)
                count += is_wanted(&entries[e], query, clauses, (int)facet->field) &&
                         text_equal(entries[e].book.field[facet->field], facet->values[v].value);
            assert_int_equal(count, facet->values[v].count);
            assert_true(v == 0 || facet->values[v - 1].count >= facet->values[v].count);
        }
        for (size_t c = 1; c < CHOICES; c++)
            for (int e = 0; e < BOOKS; e++)
                if (is_wanted(&entries[e], query, clauses, (int)facet->field) &&
                    text_equal_string(entries[e].book.field[facet->field], choices[c])) {
                    with_count++;
                    break;
                }
        assert_int_equal(with_count, facet->count);
    }
}

static uint64_t count_entries(void)
{
    uint64_t count = 0;

    for (int i = 0; i < BOOKS; i++)
        count += entries[i].is_there;
    return count;
}

/* The same without the index: each book is looked at. */
static void compare_gathered(const struct query *query, const struct book *const *books, size_t count, uint64_t total)
{
    struct arena mine = {0};
    struct book_list list;
    struct err err;
    struct gather *gather = gather_new(query, &err);

    assert_non_null(gather);
    for (int i = 0; i < BOOKS; i++)
        if (entries[i].is_there)
            gather_add(gather, &entries[i].book);
    assert_int_equal(gather_total(gather), total);
    gather_part(gather, &mine, &list);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(book_equal(&list.books[i], books[i]));
    gather_free(gather);
    arena_free(&mine);
}

static void compare(struct index *index, struct query query, bool with_facets)
{
    static const struct entry *result[BOOKS];
    const struct book *part[PART];
    const struct query_clauses *const clauses = query_clauses(&query);
    struct arena mine = {0};
    struct found *found;
    struct book_list list;
    struct facets facets;
    struct err err;
    size_t count, begin;

    count = find_plainly(&query, clauses, result);
    assert_int_equal(index_books(index), count_entries());
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    if (found_total(found) != count)
        print_message("# %zu instead of %zu for [%s]\n", (size_t)found_total(found), count, query.search.at);
    assert_int_equal(found_total(found), count);
    found_part(found, &mine, &list);
    begin = begin_of(&query, result, count);
    assert_int_equal(list.count, begin >= count ? 0 : count - begin < PART ? count - begin : PART);
    for (size_t i = 0; i < list.count; i++) {
        assert_true(book_equal(&list.books[i], &result[begin + i]->book));
        part[i] = &result[begin + i]->book;
    }
    if (with_facets) /* one query in some: it folds all books */
        compare_gathered(&query, part, list.count, count);
    if (with_facets) {
        found_facets(found, &mine, &facets);
        compare_facets(&query, clauses, &facets);
    }
    arena_free(&mine);
}

/* A page of the whole list, read without a query. */
static void compare_page(struct index *index)
{
    static const struct entry *all[BOOKS];
    struct query query = {.limit = 1 + any(PART), .offset = any(3) == 0 ? any(3) : any(BOOKS + 9)};
    const size_t count = find_plainly(&query, query_clauses(&query), all), offset = (size_t)query.offset;
    struct arena mine = {0};
    struct book_list list;

    index_page(index, query.offset, query.limit, &mine, &list);
    assert_int_equal(list.count, offset >= count ? 0 : count - offset < query.limit ? count - offset : query.limit);
    for (size_t i = 0; i < list.count; i++)
        assert_true(book_equal(&list.books[i], &all[offset + i]->book));
    arena_free(&mine);
}

/* Returns how many books have a value, or 0 if it does not begin with a key. */
static uint64_t count_value(int field, struct text value, const char *key)
{
    char *folded = fold_plainly(value, false);
    uint64_t count = 0;

    if (value.len > 0 && strncmp(fold_sort_key(text_from_cstr(folded)).at, key, strlen(key)) == 0)
        for (int e = 0; e < BOOKS; e++)
            count += entries[e].is_there && text_equal(entries[e].book.field[field], value);
    free(folded);
    return count;
}

/* The values of a field that begin with a text. */
static void compare_values(struct index *index)
{
    static const int fields[] = {BOOK_CATEGORY, BOOK_AUTHORS, BOOK_PUBLISHER, BOOK_EDITION};
    const int field = fields[any(4)];
    const struct text whole = entries[any(BOOKS)].book.field[field];
    const struct text start = {whole.at, whole.len < 3 || any(3) == 0 ? 0 : any(2) == 0 ? 1 : whole.len};
    char *folded = fold_plainly(text_is_utf8(start) ? start : whole, false);
    const char *key = fold_sort_key(text_from_cstr(folded)).at;
    const size_t limit = 1 + any(20);
    struct arena mine = {0};
    struct facet facet;
    size_t more = 0;

    index_values(index, (enum book_field)field, text_is_utf8(start) ? start : whole, limit, &mine, &facet);
    assert_true(facet.count <= limit);
    for (size_t i = 0; i < facet.count; i++) {
        assert_int_equal(facet.values[i].count, count_value(field, facet.values[i].value, key));
        assert_true(i == 0 || facet.values[i - 1].count > facet.values[i].count ||
                    (facet.values[i - 1].count == facet.values[i].count &&
                     text_compare(facet.values[i - 1].value, facet.values[i].value) < 0));
    }
    for (int e = 0; e < BOOKS; e++) { /* what is not among them is as rare as the last of them, or rarer */
        const struct text value = entries[e].book.field[field];
        const uint64_t count = entries[e].is_there ? count_value(field, value, key) : 0;
        bool is_among = false;

        for (size_t i = 0; i < facet.count; i++)
            is_among = is_among || text_equal(facet.values[i].value, value);
        more += count > 0 && !is_among;
        assert_true(is_among || count == 0 || (facet.count == limit && count <= facet.values[limit - 1].count));
    }
    assert_int_equal(facet.is_cut, more > 0);
    free(folded);
    arena_free(&mine);
}

static void compare_once(struct index *index, bool with_facets)
{
    compare_page(index);
    if (with_facets && any(3) == 0)
        compare_values(index);
    compare(index, invent_query(), with_facets);
}

/* ---- The index and its changes */

static char folder[] = "/tmp/bookshare-find-XXXXXX";
static char *path;

static int compare_by_id(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    return text_compare(left->book.field[BOOK_ID], right->book.field[BOOK_ID]);
}

static void make_index(uint64_t number)
{
    struct err err;
    struct index_build *build = index_build_new(folder, &err);

    assert_non_null(build);
    for (int i = 0; i < BOOKS; i++)
        if (entries[i].is_there)
            assert_int_equal(index_build_add(build, &entries[i].book, &err), ERR_OK);
    assert_int_equal(
        index_build_finish(build,
                           (struct version){made_at.epoch, number, number == made_at.number ? made_at.token : number},
                           path, &err),
        ERR_OK);
    index_build_free(build);
}

static struct text row_of(const struct book *book)
{
    struct buf row = {0};
    struct text text;

    book_row_write(&row, book);
    text = (struct text){arena_copy(&arena, row.at, row.len), row.len};
    buf_free(&row);
    return text;
}

/* Adds, changes or removes a book, and tells the index. */
static void change_one(struct index *index, uint64_t number)
{
    const unsigned i = any(BOOKS);
    struct entry *entry = &entries[i];
    struct change change = {.version = {made_at.epoch, number, number}, .id = entry->book.field[BOOK_ID]};
    struct err err;

    if (entry->is_there && any(3) == 0) {
        entry->is_there = false;
        change.op = CHANGE_DELETE;
    } else {
        const struct text id = change.id;

        change.op = entry->is_there ? CHANGE_UPDATE : CHANGE_ADD;
        invent(entry, i);
        entry->book.field[BOOK_ID] = id;
        free(entry->folded[BOOK_ID]);
        entry->folded[BOOK_ID] = fold_plainly(id, false);
        change.after = row_of(&entry->book);
    }
    assert_int_equal(index_apply(index, &change, 1, &err), ERR_OK);
}

static void finds_what_the_plainest_way_finds(void **state)
{
    const unsigned queries = number_from("QUERIES", 6000), each = queries / 2 / CHANGES;
    struct index *index = index_new(path);
    size_t changed;

    (void)state;
    assert_true(index_refresh(index));
    for (unsigned i = 0; i < queries / 2; i++)
        compare_once(index, i % 10 == 0);
    for (uint64_t i = 1; i <= CHANGES; i++) {
        change_one(index, made_at.number + i);
        for (unsigned j = 0; j < each; j++)
            compare_once(index, i % 20 == 0);
        if (i == CHANGES / 2)
            make_index(made_at.number + i); /* which nobody opens yet */
    }
    changed = index_changed(index);
    assert_true(changed > 100);
    assert_true(index_refresh(index)); /* the later half of the changes is carried over */
    assert_true(index_changed(index) >= 100 && index_changed(index) < changed);
    assert_int_equal(index_version(index).number, made_at.number + CHANGES);
    for (unsigned i = 0; i < queries / 4; i++)
        compare_once(index, i % 10 == 0);
    make_index(made_at.number + CHANGES);
    assert_true(index_refresh(index));
    assert_int_equal(index_changed(index), 0);
    compare_once(index, true);
    print_message("# %u queries over %d books and %d changes of them: no difference\n",
                  queries / 2 + each * CHANGES + queries / 4 + 1, BOOKS, CHANGES);
    index_free(index);
}

/* Pages of all books, in each order: those before them are skipped by arithmetic, unless many have changed. */
static void skips_to_a_page_of_all_books(void **state)
{
    enum { FEW_CHANGES = 8, PAGES = 6 };
    struct index *index = index_new(path);

    (void)state;
    assert_true(index_refresh(index));
    for (uint64_t changes = 0; changes <= FEW_CHANGES; changes++) {
        if (changes > 0)
            change_one(index, made_at.number + CHANGES + changes);
        for (int field = 0; field < BOOK_FIELDS; field++)
            for (int i = 0; i < 2 * PAGES; i++) {
                struct query query = {.limit = PART, .offset = any(BOOKS)};

                assert_true(query_set_search(&query, text_from_cstr(""), &arena));
                query_order_by(&query, (enum book_field)field, i % 2 == 0);
                compare(index, query, false);
            }
    }
    make_index(made_at.number + CHANGES + FEW_CHANGES);
    index_free(index);
}

/* Some of these answers lie in the index (index_common.h), the others are looked for. */
static void finds_each_single_character(void **state)
{
    static const struct {
        const char *before, *after;
    } forms[] = {{"", ""}, {"-", ""}, {"title:", ""}, {"", " -e"}, {"", " x"}};
    struct index *index = index_new(path);

    (void)state;
    assert_true(index_refresh(index));
    for (char c = '!'; c <= '~'; c++)
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            struct query query = {.limit = PART};
            const char *search = arena_format(&arena, "%s%c%s", forms[i].before, c, forms[i].after);

            assert_true(query_set_search(&query, text_from_cstr(search), &arena));
            compare(index, query, false);
        }
    index_free(index);
}

/* Few books among many are ranked one by one: here one of each rank, the best with the fourth ID. */
static void ranks_few_books_among_many(void **state)
{
    enum { MANY = 10000, RANKS = 8 };
    static const struct book ranked[RANKS] = {
        {.field = {[BOOK_TITLE] = {"x", 1}, [BOOK_AUTHORS] = {"rare", 4}}},
        {.field = {[BOOK_TITLE] = {"a rarex", 7}}},
        {.field = {[BOOK_TITLE] = {"x", 1}, [BOOK_EDITION] = {"rare", 4}}},
        {.field = {[BOOK_TITLE] = {"rare", 4}}},
        {.field = {[BOOK_TITLE] = {"x", 1}, [BOOK_CATEGORY] = {"rare", 4}}},
        {.field = {[BOOK_TITLE] = {"rarex", 5}}},
        {.field = {[BOOK_TITLE] = {"a xrare", 7}}},
        {.field = {[BOOK_TITLE] = {"x", 1}, [BOOK_PUBLISHER] = {"rare", 4}}},
    };
    static const unsigned best_first[RANKS] = {3, 5, 1, 6, 0, 7, 4, 2};
    struct query query = {.limit = PART, .is_best_first = true};
    struct arena mine = {0};
    struct book_list list;
    struct found *found;
    struct index *index;
    struct err err;
    struct index_build *build = index_build_new(folder, &err);

    (void)state;
    assert_non_null(build);
    for (unsigned i = 0; i < MANY; i++) {
        struct book book =
            i % 1000 == 999 && i / 1000 < RANKS ? ranked[i / 1000] : (struct book){.field = {[BOOK_TITLE] = {"x", 1}}};

        book.field[BOOK_ID] = text_from_cstr(arena_format(&mine, "%05u", i));
        assert_int_equal(index_build_add(build, &book, &err), ERR_OK);
    }
    assert_int_equal(index_build_finish(build, made_at, path, &err), ERR_OK);
    index_build_free(build);
    index = index_new(path);
    assert_true(index_refresh(index));
    assert_true(query_set_search(&query, text_from_cstr("rare"), &mine));
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    found_part(found, &mine, &list);
    assert_int_equal(list.count, RANKS);
    for (unsigned i = 0; i < RANKS; i++)
        assert_true(
            text_equal_string(list.books[i].field[BOOK_ID], arena_format(&mine, "%05u", best_first[i] * 1000 + 999)));
    index_free(index);
    arena_free(&mine);
}

/* Makes an index of books of so many publishers, some of which have more books than others. */
static void make_index_of_publishers(unsigned publishers)
{
    struct err err;
    struct index_build *build = index_build_new(folder, &err);
    unsigned books = 0;

    assert_non_null(build);
    for (unsigned i = 0; i < publishers; i++) {
        for (unsigned j = 0; j <= i * 7 % 3; j++) {
            struct book book = {
                .field = {[BOOK_ID] = text_from_cstr(arena_format(&arena, "%06u", books++)),
                          [BOOK_TITLE] = text_from_cstr("x"),
                          [BOOK_PUBLISHER] = text_from_cstr(arena_format(&arena, "P%04u", i * 37 % publishers))}};

            assert_int_equal(index_build_add(build, &book, &err), ERR_OK);
        }
    }
    assert_int_equal(index_build_finish(build, made_at, path, &err), ERR_OK);
    index_build_free(build);
}

/* Those with three books come first, then those with two; those with as many by their names. */
static void compare_publishers(unsigned publishers, const struct facet *facet)
{
    size_t at = 0;

    for (unsigned books = 3; books > 0; books--)
        for (unsigned name = 0; name < publishers && at < LIMIT_FACET_VALUES; name++)
            for (unsigned i = 0; i < publishers; i++)
                if (i * 37 % publishers == name && i * 7 % 3 + 1 == books) {
                    assert_true(text_equal_string(facet->values[at].value, arena_format(&arena, "P%04u", name)));
                    assert_int_equal(facet->values[at++].count, books);
                }
    assert_int_equal(facet->count, at);
    assert_int_equal(facet->is_cut, publishers > LIMIT_FACET_VALUES);
}

static void tells_the_most_frequent_values(void **state)
{
    static const unsigned numbers[] = {1, 99, LIMIT_FACET_VALUES, LIMIT_FACET_VALUES + 1, 199, 200, 201, 1000};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct index *index = index_new(path);
        const struct query query = {.limit = PART, .wants_facets = true};
        struct arena mine = {0};
        struct found *found;
        struct facets facets;
        struct err err;

        make_index_of_publishers(numbers[i]);
        assert_true(index_refresh(index));
        assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
        found_facets(found, &mine, &facets);
        for (size_t f = 0; f < facets.count; f++)
            if (facets.all[f].field == BOOK_PUBLISHER)
                compare_publishers(numbers[i], &facets.all[f]);
        assert_int_equal(facets.count, 3);
        arena_free(&mine);
        index_free(index);
    }
}

/* One book that is changed again and again takes no more room than many. */
static void changes_of_one_book_are_not_gathered(void **state)
{
    struct index *index = index_new(path);
    struct arena mine = {0};
    struct query query = {.limit = PART};
    struct found *found;
    struct err err;

    (void)state;
    assert_true(query_set_search(&query, text_from_cstr("numberless"), &mine));
    assert_true(index_refresh(index));
    for (uint64_t i = 1; i <= 5000; i++) {
        struct book book = {.field = {[BOOK_ID] = text_from_cstr(i % 2 == 0 ? "00001" : "new"),
                                      [BOOK_TITLE] = text_from_cstr(arena_format(&mine, "numberless %d", (int)i))}};
        const struct change change = {.version = {made_at.epoch, made_at.number + CHANGES + i, i},
                                      .id = book.field[BOOK_ID],
                                      .op = CHANGE_UPDATE,
                                      .after = row_of(&book)};

        assert_int_equal(index_apply(index, &change, 1, &err), ERR_OK);
    }
    assert_int_equal(index_changed(index), 2);
    assert_true(index->overlay.replaced < 2000);
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    assert_int_equal(found_total(found), 2);
    assert_true(query_set_search(&query, text_from_cstr("\"numberless 5000\""), &mine));
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    assert_int_equal(found_total(found), 1);
    arena_free(&mine);
    index_free(index);
}

static void walks_through_all(void **state)
{
    struct index *index = index_new(path);
    const struct query query = {.order = {{BOOK_TITLE, false}}};
    struct arena mine = {0};
    struct found *found;
    struct found_walk *walk;
    struct book book, last;
    struct err err;
    size_t count = 0;

    (void)state;
    assert_true(index_refresh(index));
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    walk = found_walk_new(found);
    for (; found_walk_next(walk, &mine, &book); last = book, count++) {
        if (count > 0) {
            char *a = fold_plainly(last.field[BOOK_TITLE], false), *b = fold_plainly(book.field[BOOK_TITLE], false);

            assert_true(plain_compare(a, b) <= 0);
            free(a);
            free(b);
        }
    }
    assert_int_equal(count, found_total(found));
    arena_free(&mine);
    index_free(index);
}

static void a_broken_file_is_no_index(void **state)
{
    struct index *index = index_new(path);
    FILE *file;

    (void)state;
    assert_true(index_refresh(index));
    assert_int_equal(truncate(path, 1000), 0);
    assert_false(index_refresh(index));
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("BSINDEX", file);
    fclose(file);
    assert_false(index_refresh(index));
    unlink(path);
    assert_false(index_refresh(index));
    index_free(index);
}

static void an_empty_table_has_an_index(void **state)
{
    struct index *index;
    struct err err;
    struct index_build *build = index_build_new(folder, &err);
    struct query query = {.order = {{BOOK_TITLE, false}}, .limit = 10};
    struct arena mine = {0};
    struct found *found;
    struct book_list list;

    (void)state;
    assert_non_null(build);
    assert_true(query_set_search(&query, text_from_cstr("a"), &mine));
    assert_int_equal(index_build_finish(build, made_at, path, &err), ERR_OK);
    index_build_free(build);
    index = index_new(path);
    assert_true(index_refresh(index));
    assert_int_equal(index_query(index, &query, &mine, &found, &err), ERR_OK);
    assert_int_equal(found_total(found), 0);
    found_part(found, &mine, &list);
    assert_int_equal(list.count, 0);
    arena_free(&mine);
    index_free(index);
}

static int compare_numbers(uint32_t a, uint32_t b, const void *context)
{
    const uint32_t *numbers = context;

    return numbers[a] < numbers[b] ? -1 : numbers[a] > numbers[b];
}

static void sorts_more_keys_than_one_run(void **state)
{
    enum { KEYS = 3 * SORT_KEYS_RUN + 5 };
    uint32_t *numbers = malloc(KEYS * sizeof *numbers);
    struct spill keys;
    struct sort_key *sorted;
    struct err err;

    (void)state;
    assert_int_equal(spill_open(&keys, folder, &err), ERR_OK);
    for (uint32_t i = 0; i < KEYS; i++) {
        const struct sort_key key = {any(1000), i};

        numbers[i] = (uint32_t)i * 2654435761U;
        assert_int_equal(spill_add(&keys, &key, sizeof key, &err), ERR_OK);
    }
    assert_int_equal(sort_keys(&keys, compare_numbers, numbers, folder, &err), ERR_OK);
    assert_int_equal(keys.len, KEYS * sizeof *sorted);
    sorted = (void *)keys.at;
    for (uint32_t i = 1; i < KEYS; i++)
        assert_true(sorted[i - 1].beginning < sorted[i].beginning ||
                    (sorted[i - 1].beginning == sorted[i].beginning &&
                     numbers[sorted[i - 1].number] < numbers[sorted[i].number]));
    spill_close(&keys);
    free(numbers);
}

static void gathers_no_more_than_it_may_keep(void **state)
{
    struct query query = {.order = {{BOOK_TITLE, false}}, .limit = PART, .offset = LIMIT_GATHERED - PART};
    struct gather *gather;
    struct err err;

    (void)state;
    gather = gather_new(&query, &err);
    assert_non_null(gather);
    gather_free(gather);
    query.offset++;
    assert_null(gather_new(&query, &err));
    assert_int_equal(err.code, ERR_INVALID);
    query.order[0].field = BOOK_ID; /* then nothing before the part is kept */
    gather = gather_new(&query, &err);
    assert_non_null(gather);
    gather_free(gather);
    query.order[0].is_descending = true;
    assert_null(gather_new(&query, &err));
}

static int set_up(void **state)
{
    (void)state;
    seed = number_from("SEED", 1);
    if (mkdtemp(folder) == NULL)
        return -1;
    path = arena_format(&arena, "%s/books.index", folder);
    for (unsigned i = 0; i < BOOKS; i++)
        invent(&entries[i], i);
    qsort(entries, BOOKS, sizeof *entries, compare_by_id);
    for (unsigned i = 0; i < BOOKS; i++)
        entries[i].is_there = any(5) != 0;
    make_index(made_at.number);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    fold_clauses(query_clauses(&query_whole));
    for (int i = 0; i < BOOKS; i++)
        for (int f = 0; f < BOOK_FIELDS; f++)
            free(entries[i].folded[f]);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_the_plainest_way_finds),
        cmocka_unit_test(skips_to_a_page_of_all_books),
        cmocka_unit_test(finds_each_single_character),
        cmocka_unit_test(changes_of_one_book_are_not_gathered),
        cmocka_unit_test(walks_through_all),
        cmocka_unit_test(a_broken_file_is_no_index),
        cmocka_unit_test(an_empty_table_has_an_index),
        cmocka_unit_test(ranks_few_books_among_many),
        cmocka_unit_test(tells_the_most_frequent_values),
        cmocka_unit_test(sorts_more_keys_than_one_run),
        cmocka_unit_test(gathers_no_more_than_it_may_keep),
    };

    return cmocka_run_group_tests_name("index", tests, set_up, tear_down);
}
