# Escaping: markup and quotes in every field are displayed literally on every page.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 10);

# In each field: markup, the end of an attribute in both kinds of quotes, an entity, a template's own signs.
my $evil = q{<script>alert(1)</script>};
my $sly  = q{"'><img src=x onerror=alert(1)> ' onfocus=alert(2) " onclick="x &lt;&amp; <?cs var:Page.Title ?> </title>};
my %book = (
    book_id  => q{<script>"'&lt;--</script>},
    title    => "$evil $sly",
    category => q{"><script>alert("category")</script>},
    (map { $_ => "$_ $evil $sly" } qw(authors publisher)),
    edition  => q{'"><script>alert('edition')</script>},
);
my $id     = escaped($book{book_id});
my @fields = qw(book_id title category authors publisher edition);

my %may = map { $_ => 1 } qw(
    html head meta title link script body header footer main nav section article div span p a img svg path h1 h2 h3
    ul ol li dl dt dd table caption thead tbody tr th td form label input select option datalist button details
    summary noscript b strong em q bdi mark small code time
);

# What a page must not have: tags that no template writes, handlers, styles, scripts that are not our files.
sub foreign {
    my ($page) = @_;
    my @bad;
    for (tags($page)) {
        my ($name, $has) = @$_;
        push @bad, $name if !$may{$name};
        push @bad, map { "$name $_" } grep { /^on|^style$|^srcdoc$|^formaction$/ } keys %$has;
        push @bad, "$name $has->{src}"  if defined $has->{src}  && $has->{src}  !~ m{^/static/[\w./-]+$};
        push @bad, "$name $has->{href}" if defined $has->{href} && $has->{href} !~ m{^[/#]};
        push @bad, 'script without src' if $name eq 'script' && !defined $has->{src};
    }
    push @bad, 'script' if $page->{html} =~ /<script[^>]*>[^<]/i;
    push @bad, 'alert'  if $page->{html} =~ /<[^>]*alert\(/ && $page->{html} =~ /<(script|img)[^>]*(alert|onerror)/i;
    push @bad, 'evil'   if $page->{html} =~ /<script>|<img src=x/i;
    return "@bad";
}

sub clean {
    my ($page, $name) = @_;
    is foreign($page), '', "$name: no tag but our own";
}

my $added = add_book(%book);

topic 'what is stored is what was sent' => 1, sub {
    is_deeply stored($book{book_id}), [@book{@fields}, undef];
};

topic 'the list' => 8, sub {
    my $said = follow($added);
    clean $said, 'with the message';
    shows $said, qr/Book \Q$book{book_id}\E was added/, 'which names the book';
    for my $page (GET('/list'), warm('/list')) {
        clean $page, header($page, 'Cache-Status');
        my ($row) = grep { $_->[0] eq $book{book_id} } rows($page);
        is_deeply [@$row[0 .. 5]], [@book{@fields}], 'every field as it is';
        ok +(grep { m{^/update/\Q$id\E(\?|$)} } hrefs($page)), 'and the link leads to it';
    }
};

topic 'the forms' => 6, sub {
    for my $page (GET("/update/$id"), POST('/add', \%book), POST("/update/$id", { %book, available_from => $sly })) {
        clean $page, "a form ($page->{status})";
        my $has = inputs($page, qr{^/(add|update/)});
        is_deeply [@$has{ @fields[1 .. 5] }], [@book{ @fields[1 .. 5] }], 'every input as it is';
    }
};

topic 'the confirmation page' => 3, sub {
    my $page = GET("/delete/$id");
    clean $page, 'delete';
    shows $page, qr/\Q$book{title}\E/,   'the title as it is';
    shows $page, qr/\Q$book{book_id}\E/, 'the ID as it is';
};

topic 'a search' => 8, sub {
    for my $term ($evil, $sly, $book{book_id}, q{" autofocus onfocus="x}) {
        my $page = GET('/list?search=' . escaped($term));
        clean $page, 'a search';
        ok +(grep { ($_->{value} // '') eq $term } having($page, name => 'search')), 'the box holds the term';
    }
};

topic 'the way back' => 4, sub {
    for my $path ('/add', "/update/$id", "/delete/$id") {
        clean GET("$path?page=" . escaped($sly) . '&search=' . escaped($evil)), $path;
    }
    clean POST('/add', { title => '', back => $sly }), 'a form that comes back';
};

topic 'error pages' => 10, sub {
    my $path = escaped($evil) . '%22%27%3E' . escaped($sly);
    clean GET("/$path"),              'unknown path';
    clean GET("/update/$path"),       'unknown book';
    clean GET("/list?page=$path"),    'bad page';
    clean GET('/list?search=' . escaped($sly x 3)), 'long term';
    clean GET("/list?search=$path&page=9"), 'past the end';
    clean GET("/static/$path"),       'unknown file';
    clean request('PUT', "/update/$id"), 'wrong method';
    clean GET('/', cookie => 'bookshare_flash=added.0.' . escaped($sly)), 'forged cookie';
    my $json = GET("/$path", accept => 'application/problem+json');
    like header($json, 'Content-Type'), qr{^application/problem\+json}, 'as JSON';
    is header($json, 'X-Content-Type-Options'), 'nosniff', 'which no browser takes for a page';
};

run_topics;
