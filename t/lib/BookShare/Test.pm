package BookShare::Test;

# Shared by the tests: one private stack per file, topics with a plan, and requests. The reading of pages comes along
# (BookShare::Page).
#
#     use BookShare::Test;
#     my $stack = stack(rows => 250);
#     topic 'the home page answers' => 1, sub { is GET('/')->{status}, 200 };
#     run_topics;
#
# A topic states how many tests it holds, so that a loop over nothing can't read as green (undef: the script that it
# relays states it); a topic that dies fails alone. After the last topic the logs must be clean: no crash, no report of
# a sanitizer, no error that the test didn't allow.
#
# Texts are characters in a test and UTF-8 bytes on the wire; the functions below convert.

use v5.20;
use warnings;
use utf8;

use Encode qw(decode encode FB_CROAK);
use Exporter 'import';
use File::Spec;
use File::Temp;
use HTTP::Tiny;
use IO::Handle;
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use BookShare::Page;
use BookShare::Stack;
use BookShare::Stack::Patience;
use BookShare::Stack::Proc qw(is_running);

our @EXPORT = (
    qw(stack topic run_topics allow wait_for workers busy alone everywhere log_lines cli view),
    qw(GET HEAD POST request raw sent header follow),
    qw(behind session runs),
    qw(add_book stored warm warm_index from_redis from_index from_mysql),
    @BookShare::Page::EXPORT,
    @Test::More::EXPORT,
);

binmode $_, ':encoding(UTF-8)'
    for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;

my ($stack, $folder, $workers, @topics, @allowed);

# A connection for each request: HTTP::Tiny sends a form apart from its headers, and on an old connection TCP would
# hold the form back for 40 ms.
my $http = HTTP::Tiny->new(max_redirect => 0, keep_alive => 0, timeout => patience(60), agent => 'bookshare-test');

# ---- The stack and the topics

# A stack of this test's own, started unless (start => 0). The other arguments go to BookShare::Stack. Its folder goes
# with the test; BOOKSHARE_KEEP=1 keeps it. The workers are as patient with Redis, MySQL and a search as the test is,
# since a page that comes from MySQL on a busy machine, 50 ms after Redis was asked, says nothing about what is tested.
sub stack {
    my %args  = (rows => 250, workers => 2, port => 0, @_);
    my $start = delete $args{start} // 1;
    $workers = $args{workers};
    $args{env} = {
        BOOKSHARE_REDIS_CONNECT_MS => int patience(50),   BOOKSHARE_REDIS_TIMEOUT_MS => int patience(200),
        BOOKSHARE_CHECK_TIMEOUT_MS => int patience(1000), BOOKSHARE_SEARCH_MS        => int patience(2000),
        %{ $args{env} // {} },
    };
    $folder = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1, CLEANUP => !$ENV{BOOKSHARE_KEEP});
    $stack  = BookShare::Stack->new(
        dir    => $folder->dirname,
        build  => File::Spec->rel2abs($ENV{BOOKSHARE_BUILD}  // '.'),
        source => File::Spec->rel2abs($ENV{BOOKSHARE_SOURCE} // '.'),
        ($ENV{BOOKSHARE_TEST_WORKER} && !$args{prefix} ? (worker => $ENV{BOOKSHARE_TEST_WORKER}) : ()),
        %args,
    );
    $stack->start if $start;
    return $stack;
}

sub topic {
    my ($name, $count, $code) = @_;
    push @topics, [$name, $count, $code];
}

# Log lines that the test itself causes.
sub allow { push @allowed, @_ }

sub run_topics {
    plan tests => @topics + 1;
    for my $topic (@topics) {
        my ($name, $count, $code) = @$topic;
        subtest $name => sub {
            plan tests => $count if defined $count;
            eval { $code->(); 1 } or fail "died: $@";
        };
    }
    $stack->stop;                                     # leaks are reported at the end
    my @bad = grep {
        my $line = $_;
        !grep { $line =~ $_ } @allowed
    } $stack->problems;
    is join("\n", @bad), '', 'the logs are clean';
    diag "the logs are in $folder/log" if $ENV{BOOKSHARE_KEEP};
}

# Waits until the code returns something true (of a list: something), and returns that; dies when the deadline passes.
# The seconds are for an idle machine (BookShare::Stack::Patience).
sub wait_for {
    my ($what, $seconds, $code) = @_;
    my $end = time + patience($seconds);
    while (1) {
        my @got = $code->();
        return wantarray ? @got : $got[0] if $got[0];
        die "waited ", patience($seconds), " s in vain for $what\n" if time > $end;
        sleep 0.02;
    }
}

# The process IDs of the workers, once all are there.
sub workers {
    my $pids = wait_for("$workers workers", 10, sub {
        my @pids = sort { $a <=> $b } $stack->pids('worker');
        return @pids == $workers && \@pids;
    });
    return @$pids;
}

# The workers that answer a request now: those with a connection from their socket.
sub busy {
    open my $sockets, '<', '/proc/net/unix' or die $!;
    my %connected = map { /^\S+ \S+ \S+ \S+ \S+ 03 +(\d+) \S*worker\.sock$/ ? ("socket:[$1]" => 1) : () } readline $sockets;
    return grep { my $pid = $_; grep { $connected{ readlink($_) // '' } } glob "/proc/$pid/fd/*" } $stack->pids('worker');
}

# Stops all workers except one, which then gets every request; without an argument, resumes all. Otherwise it is
# undefined which worker takes a request: one of two may take a thousand in a row.
sub alone {
    my ($chosen) = @_;
    my @pids = $stack->pids('worker');
    my @others = grep { defined $chosen && $_ != $chosen } @pids;
    kill 'CONT', grep { !defined $chosen || $_ == $chosen } @pids;
    kill 'STOP', @others;
    for my $pid (@others) {
        wait_for("worker $pid to stop", 5, sub { !is_running($pid) });
    }
    return;
}

# Runs the code once per worker, which alone gets its requests; returns the results.
sub everywhere {
    my ($code) = @_;
    my @returned = map { alone($_); $code->() } workers();
    alone();
    return @returned;
}

# The lines of the workers' log that match.
sub log_lines {
    my ($line) = @_;
    open my $log, '<', $stack->log('worker') or die $!;
    return grep {$_ =~ $line} readline $log;
}

# Runs `bookshare` with the settings of the stack, and with those of a hash that comes first; returns its exit status,
# its output and its errors.
sub cli {
    my %env = ref $_[0] ? %{ shift() } : ();
    local %ENV = (%ENV, $stack->env, %env);
    my ($status, @texts) = $stack->run_program('', $stack->program('bookshare'), @_);
    return ($status & 127 ? 'signal ' . ($status & 127) : $status >> 8, map { decode('UTF-8', $_) } @texts);
}

# What `bookshare views` says of one view, by the words before its colons: list, index or pages; or of the table.
sub view {
    my ($name) = @_;
    my ($status, $out) = cli('views');
    my ($part) = $out =~ /^\Q$name\E\b.*\n((?:  .*\n)*)/m or die "no $name in:\n$out";
    return { exit => $status, $part =~ /^  ([\w ]+): (.*)$/mg };
}

# ---- Requests

# The answer is HTTP::Tiny's (status, reason, headers, content), with the decoded text as {html}.
sub request {
    my ($method, $path, $content, %headers) = @_;
    my $answer = $http->request($method, $stack->url($path),
        { headers => \%headers, defined $content ? (content => $content) : () });
    return with_text($answer);
}

sub GET  { my $path = shift; return request('GET',  $path, undef, @_) }
sub HEAD { my $path = shift; return request('HEAD', $path, undef, @_) }

# Posts a form: a hash or a list of pairs (characters), or a body that is ready (bytes).
sub POST {
    my ($path, $form, %headers) = @_;
    my $body = $form;
    if (ref $form) {
        my @pairs = ref $form eq 'HASH' ? map { ($_, $form->{$_}) } sort keys %$form : @$form;
        my @parts;
        while (my ($name, $value) = splice @pairs, 0, 2) {
            push @parts, escaped($name) . '=' . escaped($value);
        }
        $body = join '&', @parts;
    }
    return request('POST', $path, $body, 'content-type' => 'application/x-www-form-urlencoded', %headers);
}

# Sends exactly these bytes on a new connection and reads until it closes. Ask for "Connection: close".
sub raw { return sent(@_)->() }

# Sends them. The returned code reads the answer.
sub sent {
    my ($bytes) = @_;
    my ($host, $port) = $stack->url('/') =~ m{^http://([^:/]+):(\d+)/} or die 'no address';
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => patience(10)) or die "connect: $@";
    my $in_time = sub {
        my ($code) = @_;
        local $SIG{ALRM} = sub { die "no end of the answer\n" };
        alarm patience(30);
        my $result = $code->();
        alarm 0;
        return $result;
    };
    local $SIG{PIPE} = 'IGNORE';
    $in_time->(sub { print {$socket} $bytes; $socket->flush });
    return sub { answer_of($in_time->(sub { local $/; readline($socket) }) // '') };
}

# The answer in the bytes that a server has sent.
sub answer_of {
    my ($all) = @_;
    my ($head, $content) = split /\r\n\r\n/, $all, 2;
    my ($first, @lines) = split /\r\n/, $head // '';
    my %headers = map { my ($name, $value) = split /:\s*/, $_, 2; (lc $name => $value) } @lines;
    my ($status) = ($first // '') =~ m{^HTTP/1\.[01] (\d{3})};
    return with_text({ status => $status // 0, headers => \%headers, content => $content // '' });
}

# A header's value as one line; '' when it is absent.
sub header {
    my ($answer, $name) = @_;
    my $value = $answer->{headers}{ lc $name } // '';
    return ref $value ? join ', ', @$value : $value;
}

# Follows a 303, possibly several, with its cookie.
sub follow {
    my ($answer) = @_;
    my ($cookie) = header($answer, 'Set-Cookie') =~ /^([^;]+)/;
    for my $step (1 .. 2) {
        $answer = GET(header($answer, 'Location') =~ s/^\Q@{[$stack->base]}\E//r, defined $cookie ? (cookie => $cookie) : ());
        last if $answer->{status} != 303;
        $cookie = $1 if header($answer, 'Set-Cookie') =~ /^([^;]+)/;
    }
    return $answer;
}

sub with_text {
    my ($answer) = @_;
    my $text = eval { decode('UTF-8', my $copy = $answer->{content}, FB_CROAK) };
    return { %$answer, valid => defined $text, html => $text // decode('UTF-8', $answer->{content}) };
}

# ---- Things that go on meanwhile

# Sends a request in the background; the returned code waits for it and returns its status.
sub behind {
    my ($code) = @_;
    pipe my $out, my $in or die;
    my $pid = fork // die;
    if (!$pid) {
        syswrite $in, eval { $code->() } // "died: $@";
        POSIX::_exit(0);
    }
    close $in;
    return sub { my $text = readline($out) // ''; waitpid $pid, 0; return $text };
}

# Opens a MySQL session and runs statements. The returned code runs more; without arguments it closes the session.
sub session {
    my ($sql) = @_;
    my $pid = open(my $pipe, '|-') // die;
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        no warnings 'exec';
        exec $stack->mysql_client, $stack->database;
        POSIX::_exit(127);
    }
    $pipe->autoflush;
    print {$pipe} "$sql;\nDO GET_LOCK('session', 0);\n";
    wait_for('the session', 10, sub { ($stack->mysql("SELECT IS_USED_LOCK('session')"))[0][0] });
    return sub {
        return print {$pipe} "@_;\n" if @_;
        # Processes that were started since have the pipe open, too: its end alone would not be noticed. Nor does every
        # client take "exit" from a pipe.
        kill 'TERM', $pid;
        return close $pipe;
    };
}

# Waits until MySQL runs some statements that match.
sub runs {
    my ($count, $like, $state) = @_;
    return wait_for("MySQL to run $like", 10, sub {
        ($stack->mysql("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '$like' AND state LIKE '$state'"
            . ' AND id <> CONNECTION_ID()'))[0][0] == $count;
    });
}

# ---- Books

# Adds a book through the form; dies if it was rejected. Returns the response.
sub add_book {
    my %book = (title => 'A book', @_);
    my $answer = POST('/add', \%book);
    die "adding $book{book_id}: $answer->{status}\n" if $answer->{status} != 303;
    return $answer;
}

# The stored book: its seven fields, NULL as undef; or nothing.
sub stored {
    my ($id) = @_;
    my $hex = uc unpack 'H*', encode('UTF-8', $id);
    my ($row) = $stack->mysql('SELECT book_id, title, category, authors, publisher, edition, available_from'
            . " FROM music WHERE HEX(book_id) = '$hex'");
    return $row;
}

# Where an answer comes from. An unverified one tells Redis and index apart only by its Server-Timing.
sub from_index {
    my ($answer) = @_;
    return scalar(header($answer, 'Cache-Status') =~ /find-index/ || header($answer, 'Server-Timing') =~ /search index/);
}
sub from_redis { return scalar(header($_[0], 'Cache-Status') =~ /^bookshare; hit/) && !from_index($_[0]) }
sub from_mysql { return scalar(header($_[0], 'Cache-Status') =~ /^bookshare; fwd=miss/) }

# Requests the list until it comes from Redis; returns that page.
sub warm {
    my $path = shift // '/list';
    return wait_for("$path from Redis", 15, sub { my $page = GET($path); from_redis($page) && $page });
}

# Waits until each worker answers searches from the index, and so shows the choices of filters.
sub warm_index {
    wait_for('the index', 30, sub { !grep { !from_index($_) } everywhere(sub { GET('/list?search=zq') }) });
    return;
}

1;
