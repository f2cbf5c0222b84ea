#include "view/json_parts.h"

void json_put_values(yajl_gen json, const struct facet *facet)
{
    yajl_gen_map_open(json);
    json_put_string(json, "values");
    yajl_gen_array_open(json);
    for (size_t v = 0; v < facet->count; v++) {
        yajl_gen_map_open(json);
        json_put_string(json, "value");
        json_put_text(json, facet->values[v].value);
        json_put_number(json, "count", facet->values[v].count);
        yajl_gen_map_close(json);
    }
    yajl_gen_array_close(json);
    json_put_flag(json, "is_cut", facet->is_cut);
    yajl_gen_map_close(json);
}

void json_put_facets(yajl_gen json, const struct facets *facets)
{
    json_put_string(json, "facets");
    yajl_gen_map_open(json);
    for (size_t i = 0; i < facets->count; i++) {
        const struct facet *facet = &facets->all[i];

        json_put_string(json, book_fields[facet->field].name);
        json_put_values(json, facet);
    }
    yajl_gen_map_close(json);
}

void json_put_suggestions(yajl_gen json, const struct suggestions *suggestions)
{
    json_put_string(json, "suggestions");
    yajl_gen_array_open(json);
    for (size_t i = 0; i < suggestions->count; i++) {
        yajl_gen_map_open(json);
        json_put_string(json, "search");
        json_put_text(json, suggestions->all[i].search);
        json_put_number(json, "total", suggestions->all[i].total);
        yajl_gen_map_close(json);
    }
    yajl_gen_array_close(json);
}

void json_put_state(yajl_gen json, const char *source, struct version version, bool is_sure)
{
    json_put_member(json, "source", source);
    json_put_member(json, "version", version_text(version).string);
    json_put_flag(json, "is_verified", is_sure);
}
