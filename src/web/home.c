#include "web/home.h"

#include "view/html.h"
#include "web/app.h"

void home_show(struct exchange *exchange)
{
    const struct html_frame frame = exchange_frame(exchange, "Book Share", "home");

    exchange_cache_control(exchange, frame.flash == NULL);
    exchange_page(exchange, 200, html_home(exchange->app->html, &frame, &exchange->response->body, &exchange->err));
}
