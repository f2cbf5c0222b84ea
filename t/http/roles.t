# Who may use which route: every route, as src/web/routes.c has it, by every role and by strangers. With
# BOOKSHARE_TEST_TLS=1, all requests go through TLS.

use v5.20;
use warnings;
use utf8;

use BookShare::Front;
use BookShare::People;
use BookShare::Test;

# The least role of each route. A route that is missing here fails the first topic.
my %needs = (
    'READS /'                    => 'READER',
    'READS /list'                => 'READER',
    'POST /list'                 => 'READER',
    'READS /sign-in'             => 'NONE',
    'POST /sign-in'              => 'NONE',
    'POST /sign-out'             => 'NONE',
    'READS /invitation'          => 'NONE',
    'POST /invitation'           => 'NONE',
    'READS /account'             => 'READER',
    'POST /account'              => 'READER',
    'READS /users'               => 'ADMIN',
    'POST /users'                => 'ADMIN',
    'READS /users/*'             => 'ADMIN',
    'POST /users/*'              => 'ADMIN',
    'READS /add'                 => 'EDITOR',
    'POST /add'                  => 'EDITOR',
    'READS /import'              => 'ADMIN',
    'POST /import'               => 'ADMIN',
    'READS /import/progress'     => 'ADMIN',
    'READS /update/*'            => 'EDITOR',
    'POST /update/*'             => 'EDITOR',
    'READS /delete/*'            => 'EDITOR',
    'POST /delete/*'             => 'EDITOR',
    'READS /books/*'             => 'READER',
    'READS /books/*/history'     => 'READER',
    'POST /books/*/restore'      => 'EDITOR',
    'READS /edit'                => 'EDITOR',
    'POST /edit'                 => 'EDITOR',
    'READS /edits/*'             => 'READER',
    'POST /edits/*/undo'         => 'EDITOR',
    'POST /edits/*/continue'     => 'EDITOR',
    'POST /api/edits'            => 'EDITOR',
    'READS /api/edits/*'         => 'READER',
    'POST /api/edits/*/undo'     => 'EDITOR',
    'POST /api/edits/*/continue' => 'EDITOR',
    'READS /changes'             => 'READER',
    'READS /changes.atom'        => 'READER',
    'READS /api/books/*/history' => 'READER',
    'READS /api/changes'         => 'READER',
    'READS /api/fields/*/values' => 'READER',
    'READS /api/version'         => 'READER',
    'READS /api/books/datatable' => 'READER',
    'POST /api/books/datatable'  => 'READER',
    'READS /export.csv'          => 'READER',
    'READS /export.ndjson'       => 'READER',
    'READS /timings'             => 'ADMIN',
    'POST /timings'              => 'ADMIN',
    'READS /api/books'           => 'READER',
    'POST /api/books'            => 'EDITOR',
    'READS /api/books/*'         => 'READER',
    'PUT /api/books/*'           => 'EDITOR',
    'PATCH /api/books/*'         => 'EDITOR',
    'DELETE /api/books/*'        => 'EDITOR',
);

my %routes;
{
    open my $in, '<', ($ENV{BOOKSHARE_SOURCE} // '.') . '/src/web/routes.c' or die $!;
    my $text = do { local $/; readline $in };
    $routes{"$1 $3"} = $2 while $text =~ /\{METHOD_(\w+)[^,]*, ROLE_(\w+), "([^"]+)"/g;
}
my %rank = (NONE => 0, READER => 1, EDITOR => 2, ADMIN => 3);

my $stack = stack(rows => 5, start => 0);
people_of($stack);

topic 'every route has the role that it should have' => 1, sub { is_deeply \%routes, \%needs };

sub restart {
    my (%env) = @_;
    $stack->stop_pool;
    $stack->{env}{"BOOKSHARE_$_"} = $env{$_} for keys %env;
    $stack->start_pool;
    return;
}

my @twice;    # headers that an answer had twice, other than lists

# Sends each request of a route; returns [what, answer] of each.
sub ask {
    my ($route, %headers) = @_;
    my ($method, $path) = split / /, $route;
    $path =~ s/\*/!NONE/;
    my @answers = map { ["$_ $path", request($_, $path, $_ =~ /^(GET|HEAD)$/ ? undef : '', %headers)] }
        $method eq 'READS' ? qw(GET HEAD) : $method;
    for my $answer (@answers) {
        my $sent = $answer->[1]{headers};
        push @twice, map {"$answer->[0]: $_"} grep { ref $sent->{$_} && !/^(?:vary|server-timing)$/ } keys %$sent;
    }
    return @answers;
}

# Whether an answer says that its sender may not do this.
sub is_refused {
    my ($answer) = @_;
    return $answer->{status} == 403
        || $answer->{status} == 401 && header($answer, 'WWW-Authenticate') =~ /^Bearer /
        || $answer->{status} == 303 && header($answer, 'Location') =~ m{^/sign-in\?to=};
}

# Tests that a sender whose role has this rank is refused where it should be, and only there.
sub walk {
    my ($who, $rank, %headers) = @_;
    for my $route (sort keys %routes) {
        next if %headers && $route eq 'POST /sign-out';    # which would end the session
        my $is_due = $rank < $rank{ $routes{$route} } || !%headers && $rank < $rank{ADMIN} && $route =~ /account$/;
        for (ask($route, %headers)) {
            my ($what, $answer) = @$_;
            is is_refused($answer) ? 'refused' : 'done', $is_due ? 'refused' : 'done', "$who: $what" or diag $answer->{status};
        }
    }
    return;
}
my $requests = map { /^READS/ ? (1, 1) : 1 } keys %routes;

sub books { return join '|', map {"@$_"} $stack->mysql('SELECT book_id, title FROM music ORDER BY book_id') }

my $front;

topic 'an open site: everybody may do everything' => $requests + 2, sub {
    my ($lines, $pass) = $ENV{BOOKSHARE_TEST_TLS} ? tls($stack) : ('');
    $stack->{nginx} = $lines;
    $stack->start;
    $front = in_front($stack, $pass) if $pass;
    walk('anybody', $rank{ADMIN});
    shows(GET('/'), qr/Everybody who can reach this site may change its books/, 'and each page says so');
    is add_book(book_id => '!OPEN')->{status}, 303;
};

topic 'public reading: strangers may read' => $requests + 1, sub {
    restart(AUTH => 'accounts', READ => 'public');
    my $before = books();
    walk('a stranger', $rank{READER});
    is books(), $before, 'nothing was changed';
};

topic 'a stranger is offered nothing that needs a role' => 8, sub {
    for my $path ('/', '/list', '/list?search=nothing-has-this', '/nope') {
        my $page = GET($path);
        is join(' ', grep { m{^/(add|update|delete|import|timings)} } hrefs($page)), '', $path;
        unlike visible($page), qr/Everybody who can reach/, 'and it is not open';
    }
};

for my $role (qw(reader editor admin)) {
    topic "$role: what their role allows, and no more" => $requests - 1, sub {
        add_person($role, $role);
        walk($role, $rank{ uc $role }, signed_in($role));
    };
}

topic 'each role is offered what it may use' => 9, sub {
    my %offered = (reader => '', editor => 'add update', admin => 'add timings update');
    for my $role (sort keys %offered) {
        my @who = signed_in($role);
        my %seen = map { m{^/(add|update|delete|import|timings)\b} ? ($1 => 1) : () } map { hrefs(GET($_, @who)) } '/', '/list';
        is join(' ', sort keys %seen), $offered{$role}, $role;
        is +(grep { m{^/import} } hrefs(GET('/add', @who))) > 0, $role eq 'admin', 'import';
        is +(grep { m{^/users} } hrefs(GET('/account', @who))) > 0, $role eq 'admin', 'users';
    }
};

topic 'reading by members only: strangers see nothing' => $requests, sub {
    restart(READ => 'members');
    walk('a stranger', $rank{NONE});
};

topic 'and members read' => $requests - 1, sub { walk('reader', $rank{READER}, signed_in('reader')) };

topic 'no answer had a header twice' => 1, sub {
    is join("\n", @twice), '';
    $front->stop if $front;
};

run_topics;
