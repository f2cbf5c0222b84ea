#include "book/parameters.h"

#include "base/limits.h"

bool parameters_read(struct parameters *parameters, struct text text, struct arena *arena)
{
    *parameters = (struct parameters){arena_alloc(arena, LIMIT_PARAMETERS * sizeof(struct parameter)), 0};
    while (text.len > 0) {
        struct text value = text_split(&text, '&');
        const struct text name = text_split(&value, '=');

        if (name.len == 0 && value.len == 0)
            continue;
        if (parameters->count == LIMIT_PARAMETERS)
            return false;
        parameters->all[parameters->count++] =
            (struct parameter){text_percent_decode(arena, name, true), text_percent_decode(arena, value, true)};
    }
    return true;
}

/* Returns the last parameter called name, or NULL. */
static const struct parameter *find(const struct parameters *parameters, const char *name)
{
    for (size_t i = parameters->count; i > 0; i--)
        if (text_equal_string(parameters->all[i - 1].name, name))
            return &parameters->all[i - 1];
    return NULL;
}

struct text parameters_get(const struct parameters *parameters, const char *name)
{
    const struct parameter *found = find(parameters, name);

    return found != NULL ? found->value : (struct text){"", 0};
}

bool parameters_next(const struct parameters *parameters, const char *name, size_t *place, struct text *value)
{
    while (*place < parameters->count) {
        const struct parameter *parameter = &parameters->all[(*place)++];

        if (text_equal_string(parameter->name, name)) {
            *value = parameter->value;
            return true;
        }
    }
    return false;
}

bool parameters_has(const struct parameters *parameters, const char *name)
{
    return find(parameters, name) != NULL;
}

const char *parameters_repeated(const struct parameters *parameters, bool (*counts)(struct text name),
                                struct arena *arena)
{
    for (size_t i = 1; i < parameters->count; i++) {
        const struct text name = parameters->all[i].name;

        if (!counts(name))
            continue;
        for (size_t j = 0; j < i; j++)
            if (text_equal(parameters->all[j].name, name))
                return arena_format(arena, "%s is given more than once. It can have only one value.",
                                    text_string(arena, text_line(arena, name)));
    }
    return NULL;
}

bool parameters_is_flag(const struct parameters *parameters, const char *name)
{
    const struct text value = parameters_get(parameters, name);

    return value.len == 0 || text_equal_string(value, "0") || text_equal_string(value, "1");
}
