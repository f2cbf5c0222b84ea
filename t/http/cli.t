# The command `bookshare`: what it prints, what it does to Redis and to nothing else, and its exit status.

use v5.20;
use warnings;
use utf8;

use File::Temp;

use BookShare::Test;

my $stack = stack(rows => 250);

topic 'help and version' => 8, sub {
    my ($status, $out, $err) = cli('--help');
    is $status, 0, '--help';
    like $out, qr/\bcheck\b.*\bcache\b/s, 'tells the commands';
    for my $command ('import', 'export') {
        ($status, $out) = cli($command, '--help');
        is $status, 0, "$command --help";
        like $out, qr/^Usage: bookshare $command\b.*--format/s, 'tells the options';
    }
    ($status, $out) = cli('--version');
    is $status, 0, '--version';
    like $out, qr/^bookshare .*\d+\.\d+/i;
};

# Wrong words, and what the first line of the complaint says.
my @mistakes = (
    [[]                             => 'a command is missing'],
    [['no-such-command']            => "unknown command 'no-such-command'"],
    [['chek']                       => "unknown command 'chek'; did you mean 'check'?"],
    [['check', 'all']               => "wrong arguments of the command 'check'"],
    [['cache']                      => 'a command of cache is missing'],
    [['cache', 'burn']              => "unknown command of cache 'burn'"],
    [['cache', 'cler']              => "unknown command of cache 'cler'; did you mean 'clear'?"],
    [['--versoin']                  => "unknown command '--versoin'; did you mean '--version'?"],
    [['cache', 'clear', 'all']      => "wrong arguments of the command of cache 'clear'"],
    [['index', 'mak']               => "unknown command of index 'mak'; did you mean 'make'?"],
    [['user']                       => 'a command of user is missing'],
    [['user', 'remov', 'ann']       => "unknown command of user 'remov'; did you mean 'remove'?"],
    [['user', 'role', 'ann', 'king'] => "wrong arguments of the command of user 'role'"],
    [['token', 'revoked', 1]        => "unknown command of token 'revoked'; did you mean 'revoke'?"],
    [['token', 'revoke', 'x']       => "wrong arguments of the command of token 'revoke'"],
);

topic 'a mistyped command names its mistake' => 3 * @mistakes, sub {
    for (@mistakes) {
        my ($words, $said) = @$_;
        my ($status, $out, $err) = cli(@$words);
        is $status, 2, "bookshare @$words";
        is +(split /\n/, $err)[0], "bookshare: $said";
        like $err, qr/^Usage: bookshare/m;
    }
};

my @scripts = (
    ['bookshare-pool', [] => 'FOLDER WORKERS PROGRAM are missing (see --help)'],
    ['bookshare-pool', ['relod', '/x'] => "neither FOLDER WORKERS PROGRAM nor reload FOLDER: 'relod /x' (see --help)"],
    ['bookshare-pool', ['--frob']         => "unknown option '--frob' (see --help)"],
    ['bookshare-pool', ['reload', '/dev'] => 'no pool in /dev'],
    ['bookshare-site', []                 => 'a command is missing: start, stop, reload or status (see --help)'],
    ['bookshare-site', ['sart']           => "unknown command 'sart': not start, stop, reload or status (see --help)"],
    ['bookshare-site', ['stop', 'a', 'b'] => "too many arguments of 'stop' (see --help)"],
    ['bookshare-webconf', []              => 'a command is missing: nginx or apache (see --help)'],
    ['bookshare-webconf', ['ngnx']        => "unknown command 'ngnx': neither nginx nor apache (see --help)"],
    ['bookshare-webconf', ['nginx']       => 'nginx takes FOLDER [BASE [ROOT [NAME]]] (see --help)'],
    ['bookshare-webconf', ['apache', 'x'] => 'apache takes FOLDER SETTINGS [BYTES | SOCKET] (see --help)'],
);

topic 'the scripts name a mistake, too' => 2 * @scripts, sub {
    for (@scripts) {
        my ($name, $words, $said) = @$_;
        my ($status, undef, $err) = $stack->run_program('', $stack->script($name), @$words);
        is $status >> 8, 2, "$name @$words";
        is $err, "$name: $said\n";
    }
};

topic 'every program knows --help and --version' => 12, sub {
    my ($number) = (cli('--version'))[1] =~ /(\d\S*)/;
    for my $name (qw(bookshare bookshare-worker bookshare-generate bookshare-pool bookshare-site bookshare-webconf)) {
        my $program = $name =~ /pool|site|webconf/ ? $stack->script($name) : $stack->program($name);
        my ($status, $out, $err) = $stack->run_program('', $program, '--version');
        is "$status$out$err", "0$name $number\n", "$name --version";
        ($status, $out, $err) = $stack->run_program('', $program, '--help');
        ok $status == 0 && $out =~ /\b$name\b/ && $err eq '', '--help';
    }
};

my @names = map { "BOOKSHARE_$_" } qw(SETTINGS MYSQL_DEFAULTS MYSQL_DATABASE MYSQL_CONNECT_S MYSQL_TIMEOUT_S MYSQL_CONNECTIONS BASE AUTH READ HOSTS REDIS_URL
    REDIS_CONNECT_MS REDIS_TIMEOUT_MS CACHE_PREFIX FIND_INDEX SHARED SEARCH_MS TEMPLATES LOG_LEVEL);

my %version = map { ($_ => $stack->about($_) =~ s/^\S+ //r) } qw(mysql redis);

topic 'check prints every setting and tries both servers' => 6 + @names, sub {
    my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_TIMEOUT_MS => 321 }, 'check');
    is $status, 0, 'all is well';
    like $out, qr/^\s*\Q$_\E\b/m, $_ for @names;
    like $out, qr/REDIS_TIMEOUT_MS\W+321\b/, 'as it is set';
    like $out, qr/^MySQL: fine, \Q$version{mysql}\E/m, 'MySQL answers';
    like $out, qr/^Redis: fine, .*\b\Q$version{redis}\E$/m, 'Redis answers';
    like $out, qr/^Files and folders: fine$/m;
    is $err, '', 'no complaint';
};

topic 'check without a server' => 7, sub {
    my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_URL => 'redis://127.0.0.1:1' }, 'check');
    isnt $status, 0, 'no Redis';
    like "$out$err", qr/refused/i, 'why';
    like $out, qr/^Redis: FAILED, .*; start it .*redis-server.*, or set BOOKSHARE_REDIS_URL=off$/m, 'and what to do';
    like $out, qr/^MySQL: fine, \Q$version{mysql}\E/m, 'MySQL is tried all the same';

    my $defaults = File::Temp->new;
    print {$defaults} $stack->login(user => 'nobody', password => 'hunter-two', host => '127.0.0.1', port => 1);
    $defaults->flush;
    ($status, $out, $err) = cli({ BOOKSHARE_MYSQL_DEFAULTS => "$defaults" }, 'check');
    isnt $status, 0, 'no MySQL';
    unlike "$out$err", qr/hunter-two/, 'its password is not shown';
    like $out, qr/^Redis: fine, .*\b\Q$version{redis}\E$/m, 'Redis is tried all the same';
};

topic 'check without the table' => 2, sub {
    $stack->mysql('RENAME TABLE music TO aside');
    my ($status, $out, $err) = cli('check');
    $stack->mysql('RENAME TABLE aside TO music');
    isnt $status, 0;
    like "$out$err", qr/music/, 'names it';
};

topic 'passwords are not shown' => 4, sub {
    for my $url ('redis://reader:sesame@127.0.0.1:1/0', 'redis://:sesame@127.0.0.1:1', 'unix://:sesame@/nowhere.sock') {
        my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_URL => $url }, 'check');
        ok $status != 0 && "$out$err" !~ /sesame/, $url =~ s/sesame/***/r;
    }
    my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_URL => 'http://:sesame@127.0.0.1:1' }, 'views');
    ok $status != 0 && "$out$err" !~ /sesame/, 'nor in an address that is none';
};

topic 'settings that make no sense are refused by name' => 6, sub {
    for (['BOOKSHARE_REDIS_TIMEOUT_MS', 'soon'], ['BOOKSHARE_MYSQL_TIMEOUT_S', '-1'], ['BOOKSHARE_LOG_LEVEL', 'loud']) {
        my ($name, $value) = @$_;
        my ($status, $out, $err) = cli({ $name => $value }, 'check');
        isnt $status, 0, "$name=$value";
        like "$out$err", qr/$name/, 'named';
    }
};

# Runs the worker, which does not get as far as its socket.
sub worker {
    my (%env) = @_;
    local %ENV = (%ENV, $stack->env, %env);
    my ($status, undef, $err) = $stack->run_program('', $stack->program('bookshare-worker'));
    return ($status >> 8, $err);
}

topic 'an unknown setting is refused, with the one that was probably meant' => 6, sub {
    for my $run (sub { cli({@_}, 'check') }, sub { worker(@_) }) {
        my ($status, @said) = $run->(BOOKSHARE_REDIS_UR => 'off');
        is $status, 1;
        like "@said", qr/unknown setting BOOKSHARE_REDIS_UR; did you mean BOOKSHARE_REDIS_URL\?/;
        (undef, @said) = $run->(BOOKSHARE_ELEPHANT_FOOD => 'hay');
        like "@said", qr/unknown setting BOOKSHARE_ELEPHANT_FOOD; bookshare-worker\(8\) lists them/;
    }
};

topic 'an address of another kind is refused by worker and command alike' => 4, sub {
    for my $run (sub { cli({@_}, 'check') }, sub { worker(@_) }) {
        my ($status, @said) = $run->(BOOKSHARE_REDIS_URL => 'http://:sesame@127.0.0.1:1');
        is $status, 1;
        like "@said", qr{BOOKSHARE_REDIS_URL must begin with redis:// or unix://, or be off}, 'with what it must be';
    }
};

topic 'files and folders that cannot be used are named, with what to do' => 18, sub {
    my $empty = File::Temp->new;
    for (
        ['BOOKSHARE_MYSQL_DEFAULTS', "$empty",             'the file is empty',         'write it as in contrib/my.cnf.example'],
        ['BOOKSHARE_MYSQL_DEFAULTS', '/nowhere/my.cnf',    'No such file or directory', 'write it as in contrib/my.cnf.example'],
        ['BOOKSHARE_MYSQL_DEFAULTS', $stack->dir,          'Is a directory',            'write it as in contrib/my.cnf.example'],
        ['BOOKSHARE_TEMPLATES',      '/nowhere',           'No such file or directory', 'set it to the folder of the templates'],
        ['BOOKSHARE_FIND_INDEX',     "$empty/index",       'Not a directory',           'or set it to off'],
        ['BOOKSHARE_PAGE_FILES',     "$empty",             'Not a directory',           'or leave it empty'],
    ) {
        my ($name, $value, $why, $remedy) = @$_;
        my ($status, $out) = cli({ $name => $value }, 'check');
        is $status, 1, "$name=$value";
        like $out, qr/^Files and folders: FAILED, $name: \Q$value\E\S*: $why; .*\Q$remedy\E/m, 'check';
        my (undef, $err) = worker($name => $value);
        like $err, qr/ error \d+ $name: \Q$value\E\S*: $why; .*\Q$remedy\E/, 'worker';
    }
};

topic 'folders that are missing are made' => 2, sub {
    my ($index, $pages) = map { $stack->dir . "/made/of/$_" } 'index', 'pages';
    is +(cli({ BOOKSHARE_FIND_INDEX => $index, BOOKSHARE_PAGE_FILES => $pages }, 'check'))[0], 0;
    ok -d $index && -d $pages;
};

topic 'an unknown option of the worker' => 2, sub {
    my ($status, undef, $err) = $stack->run_program('', $stack->program('bookshare-worker'), '--halp');
    is $status >> 8, 2;
    like $err, qr/^bookshare-worker: unknown option '--halp'\n/;
};
# All keys of the server.
sub keys_in_redis { return sort grep { length } split /\n/, $stack->redis('KEYS', '*') }

topic 'cache: warm, status, clear - and only our keys' => 14, sub {
    my @others = sort qw(other bookshare {books x{bookshare} x{bookshare}:books);
    $stack->redis('SET', $_, 'not ours') for @others;
    is +(cli('cache', 'clear'))[0], 0, 'clear';
    my %other = map { $_ => 1 } @others;
    is_deeply [grep { $other{$_} } keys_in_redis()], \@others, 'the keys of others are left';

    is view('list')->{version}, 'none', 'there is no list';
    is view('list')->{rows}, undef;

    is +(cli('cache', 'warm'))[0], 0, 'warm';
    like view('list')->{version}, qr/, current$/, 'there is one';
    is view('list')->{rows}, 250, 'with the rows of the table';
    my @ours = grep { !$other{$_} } keys_in_redis();
    ok @ours > 0, 'there are keys now';
    is_deeply [grep { !/^\{bookshare\}/ } @ours], [], 'and all begin with our prefix';
    ok from_redis(GET('/list')), 'the pages come from it';

    is +(cli('cache', 'warm'))[0], 0, 'warm again';
    is view('list')->{rows}, 250, 'does nothing twice';

    is +(cli('cache', 'clear'))[0], 0, 'clear';
    ok !from_redis(GET('/list')), 'and the next page does not come from it';
};

topic 'warm waits while another process builds the list' => 2, sub {
    my $release = session(q{DO GET_LOCK(CONCAT('bookshare.rebuild.', LEFT(SHA2(DATABASE(), 256), 32)), 60)});
    my $connections = sub { map { $_->[0] } $stack->mysql("SELECT id FROM information_schema.processlist WHERE user = 'bookshare'") };
    my %before      = map { $_ => 1 } $connections->();    # some of which may just be ending
    my $warm        = behind(sub { (cli('cache', 'warm'))[0] });
    ok wait_for('it to connect', 10, sub { grep { !$before{$_} } $connections->() });
    $release->();
    is $warm->(), 0;
};

topic 'two prefixes are two caches' => 4, sub {
    warm('/list');
    my %other = (BOOKSHARE_CACHE_PREFIX => '{elsewhere}');
    is +(cli('cache', 'warm'))[0], 0;
    is +(cli(\%other, 'cache', 'warm'))[0], 0, 'a second one';
    is +(cli(\%other, 'cache', 'clear'))[0], 0, 'and its end';
    is view('list')->{rows}, 250, 'the first is as it was';
};

topic 'cache without Redis' => 4, sub {
    for my $word (qw(clear warm)) {
        my ($status, $out, $err) = cli({ BOOKSHARE_REDIS_URL => 'redis://127.0.0.1:1' }, 'cache', $word);
        isnt $status, 0, $word;
        like $err, qr/refused/i, 'why';
    }
};

run_topics;
