# Redis sends invalid replies: garbage, and well-formed replies to other commands. Pages stay correct, no worker dies,
# and Redis is used again once its replies are valid.
#
# Each kind is tried on some commands in turn; LIES=all tries all combinations.

use v5.20;
use warnings;
use utf8;

use BookShare::LyingRedis;
use BookShare::Test;

# ---- What it says

sub bytes { BookShare::LyingRedis::bytes(@_) }

# Bytes, after which the connection is closed.
my @garbage = (
    '', "\r\n", "\n", "\0", "\0" x 1000, ' ', 'OK', "OK\r\n", 'GET / HTTP/1.1', "HTTP/1.1 400 Bad Request\r\n\r\n",
    "+", "+\r\n", "-", "-\r\n", "-" . 'E' x 100_000 . "\r\n", ":", ":\r\n", ":x\r\n", ":1:1\r\n", ":" . '9' x 100 . "\r\n",
    "\$", "\$\r\n", "\$-1", "\$-2\r\n", "\$x\r\n", "\$3\r\nab", "\$3\r\nabcd\r\n", "\$0\r\n", "\$2147483647\r\nx", "\$4294967297\r\nx",
    "\$9223372036854775807\r\n", "\$99999999999999999999\r\n", "\$536870913\r\nx",
    "*", "*\r\n", "*-2\r\n", "*x\r\n", "*1\r\n", "*2\r\n\$1\r\na\r\n", "*2147483647\r\n", "*1073741824\r\n\$-1\r\n", "*4294967298\r\n",
    "*9223372036854775807\r\n", "*99999999999999999999\r\n", "*1\r\n" x 5, "*1\r\n" x 7 . ":1\r\n", "*1\r\n" x 12, "*1\r\n" x 100_000,
    "*100000\r\n" x 6, "%1\r\n+a\r\n+b\r\n", "~1\r\n+a\r\n", ">1\r\n+a\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(12345678901234567890\r\n",
    "=5\r\ntxt:a\r\n", "!3\r\nERR\r\n", "\xFF" x 64, join('', map {chr} 0 .. 255) x 64,
);

my %kinds;
$kinds{"garbage $_"} = do { my $bytes = $garbage[$_]; sub { ($bytes, 1) } } for 0 .. $#garbage;

# A tree with each leaf changed.
sub leaves {
    my ($tree, $change) = @_;
    return $tree->[0] eq '*' && $tree->[1] ? ['*', [map { leaves($_, $change) } @{ $tree->[1] }]] : $change->($tree);
}

# An array with other elements; what is none becomes one.
sub elements {
    my ($tree, $change) = @_;
    return ['*', [$change->($tree->[0] eq '*' && $tree->[1] ? @{ $tree->[1] } : $tree)]];
}

my %lies = (
    'nil'                    => sub { "\$-1\r\n" },
    'a null array'           => sub { "*-1\r\n" },
    'an empty array'         => sub { "*0\r\n" },
    'an empty text'          => sub { "\$0\r\n\r\n" },
    'zero'                   => sub { ":0\r\n" },
    'a negative integer'     => sub { ":-1\r\n" },
    'a huge integer'         => sub { ":9223372036854775807\r\n" },
    'a status'               => sub { "+OK\r\n" },
    'an error'               => sub { "-ERR something\r\n" },
    'a state error'          => sub { "-LOADING Redis is loading\r\n" },
    'an element less'        => sub { my ($tree) = @_; bytes(elements($tree, sub { @_[0 .. $#_ - 1] })) },
    'an element more'        => sub { my ($tree) = @_; bytes(elements($tree, sub { (@_, ['$', 'x']) })) },
    'arrays in the array'    => sub { my ($tree) = @_; bytes(elements($tree, sub { map { ['*', [$_]] } @_ })) },
    'elements turned round'  => sub { my ($tree) = @_; bytes(elements($tree, sub { @_ > 1 ? reverse @_ : (['$', 'x'], @_) })) },
    'an error among them'    => sub { my ($tree) = @_; bytes(elements($tree, sub { (['-', 'ERR one'], @_[1 .. $#_]) })) },
    'an error at the end'    => sub { my ($tree) = @_; bytes(elements($tree, sub { (@_[0 .. $#_ - 1], ['-', 'WRONGTYPE x']) })) },
    'all nil'                => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', undef] })) },
    'all integers'           => sub { my ($tree) = @_; bytes(leaves($tree, sub { [':', -1] })) },
    'all binary'             => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', "\0\xFF\n" x 9] })) },
    'all with a NUL'         => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', ($_[0][1] // '') . "\0"] })) },
    'all huge numbers'       => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', '99999999999999999999'] })) },
    'all negative numbers'   => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', '-1'] })) },
    'all long'               => sub { my ($tree) = @_; bytes(leaves($tree, sub { ['$', 'x' x 100_000] })) },
    'numbers one higher'     => sub { my ($tree) = @_; bytes(leaves($tree, sub { [$_[0][0], ($_[0][1] // '') =~ /^\d+$/ ? $_[0][1] + 1 : $_[0][1]] })) },
    'what SCAN replies'      => sub { "*2\r\n\$1\r\n0\r\n*1\r\n\$1\r\nx\r\n" },
    'a hash'                 => sub { "*4\r\n\$5\r\nepoch\r\n\$1\r\n1\r\n\$7\r\nversion\r\n\$1\r\n1\r\n" },
    'twice'                  => sub { my ($tree, $bytes) = @_; $bytes x 2 },
);
$kinds{$_} = $lies{$_} for keys %lies;
my @kinds = ((map {"garbage $_"} 0 .. $#garbage), sort keys %lies);

# ---- Whom it says it to

my $stack = stack(rows => 250, start => 0, env => { BOOKSHARE_CHECK_MS => 20, BOOKSHARE_REDIS_TIMEOUT_MS => 100 });
my $liar  = BookShare::LyingRedis->new($stack->socket('redis'), %kinds);
$stack->{env}{BOOKSHARE_REDIS_URL} = $liar->url;
$stack->start;

sub ids { return map { $_->[0] } $stack->mysql('SELECT book_id FROM music ORDER BY book_id') }

my @ids = ids();
my ($title, $turn) = ('', 0);
my @workers = workers();

# Returns whether both workers' pages are right.
sub pages_are_right {
    for my $number (1, 3, 2, 1, 3) {
        my $first = 100 * ($number - 1);
        my $page  = GET("/list?page=$number");
        my @rows  = rows($page);
        return "page $number: status $page->{status}" if $page->{status} != 200;
        return "page $number: other books" if "@{[map { $_->[0] } @rows]}" ne "@ids[$first .. ($first + 99 < $#ids ? $first + 99 : $#ids)]";
        return "page $number: $rows[0][1], not $title" if $number == 1 && $rows[0][1] ne $title;
        my ($length) = message($page) =~ /Length: (\d+)/;
        return "page $number: length " . ($length // '-') . ', not ' . @ids if ($length // -1) != @ids;
    }
    return 'right';
}

sub update {
    $title = 'Title ' . ++$turn;
    my $status = POST('/update/' . escaped($ids[0]), { title => $title })->{status};
    return $status == 303 ? 'right' : "status $status";
}

# A book comes, which changes the directory, and is away again.
sub add {
    my $answer = POST('/add', { book_id => '~LIES', title => 'x' });
    return "status $answer->{status}" if $answer->{status} != 303;
    @ids = ids();
    my $result = pages_are_right();
    POST('/delete/~LIES', {});
    @ids = ids();
    return $result;
}

# Status 0 or an error that it tells; nothing else.
sub command {
    my ($status) = cli(@_);
    return $status =~ /^[01]$/ ? 'right' : "@_: status $status";
}

# What is done, so that Redis is asked what the regular expression is about; before that, the list is there.
my @scenes = (
    [qr/^EXEC HMGET \S+:meta .*LRANGE \S+:\d+ /, \&pages_are_right],
    [qr/^EVALSHA /,                             \&update],
    [qr/^EXEC .*:log /,                         \&add],
    [qr/^EXEC .*:directory /,                   \&pages_are_right, sub { cli('cache', 'warm') }],
    [qr/^HMGET \S+:meta epoch version token state generation/, \&pages_are_right, sub { $stack->stop_pool; $stack->start_pool; @workers = workers() }],
    [qr/^(MULTI|QUEUED)/,                       \&pages_are_right],
    [qr/^(SCRIPT|EVALSHA)/,                     \&update, sub { $stack->redis('SCRIPT', 'FLUSH') }],
    [qr/^RPUSH/,                                sub { command('cache', 'warm') }],
    [qr/^(EXPIRE|HSET)/,                        sub { command('cache', 'warm') }],
    [qr/^(EVALSHA|HMGET)/,                      sub { command('cache', 'warm') }],
    [qr/^SCAN/,                                 sub { command('cache', 'warm') }],
    [qr/^(UNLINK|PERSIST)/,                     sub { command('cache', $turn++ % 2 ? 'clear' : 'warm') }],
    [qr/^(HMGET|MEMORY|GET|INFO)/,              sub { command('views') }],
    [qr/^(HMGET|EXEC)/,                         sub { command('cache', 'verify') }],
);

update();
warm('/list');

my $step = 0;
my %told;
for my $kind (@kinds) {
    my @chosen = ($ENV{LIES} // '') eq 'all' ? @scenes : @scenes[map { ($step + $_ * 5) % @scenes } 0, 1];
    $step++;
    topic $kind => 2 * @chosen, sub {
        for my $scene (@chosen) {
            my ($match, $code, $first) = @$scene;
            wait_for('the list in use', 20, sub { from_redis(GET('/list')) && from_redis(GET('/list?page=2')) });
            $first->() if $first;
            $liar->lie($kind, $match);
            my @got = ($code->(), pages_are_right());
            my $told = $liar->told;
            $told{$match} += $told;
            is "@got", 'right right', "to $match, $told times";
            is join(' ', workers()), "@workers", 'no worker has ended';
        }
    };
}

topic 'valid replies: the list is used again; each topic had invalid ones' => 2 + @scenes, sub {
    ok wait_for('the list in use', 20, sub { from_redis(GET('/list')) });
    is pages_are_right(), 'right';
    ok $told{ $_->[0] }, "lies to $_->[0]: " . ($told{ $_->[0] } // 0) for @scenes;
};

run_topics;
