package BookShare::Bench::Variants;

# Book Share in the ways it can be set, all on one MySQL and one Redis:
#     rendered  pages from Redis, rendered for each request; the peers stand beside it
#     files     page files on; only if the application has them
#     index     no Redis: pages from the index
#     mysql     neither Redis nor an index
#
#     my $variants = BookShare::Bench::Variants->new(rows => 20000, workers => 4);
#     $variants->start('rendered', 'files');
#     my $stack = $variants->stack('files') or say $variants->why('files');

use v5.20;
use warnings;

use Exporter 'import';
use File::Spec;
use File::Temp;
use HTTP::Tiny;
use Time::HiRes qw(sleep time);

use BookShare::Bench::Stack;

our @EXPORT_OK = qw(settings source_of);

# Reads NAME=VALUE arguments over what they are otherwise.
sub settings {
    my ($otherwise, @arguments) = @_;
    my %set = %$otherwise;
    for (@arguments) {
        my ($name, $value) = /^(\w+)=(.*)$/s;
        defined $name && exists $set{$name}
            or die "what is '$_'? There are: ", join(' ', map {"$_=$set{$_}"} sort keys %set), "\n";
        $set{$name} = $value if $value ne '';
    }
    for (grep { $otherwise->{$_} =~ /^\d+$/ } sort keys %set) {
        $set{$_} =~ /^\d+$/ && $set{$_} > 0 or die "$_ must be a number, not '$set{$_}'\n";
    }
    return %set;
}

sub new {
    my ($class, %args) = @_;
    my $self = bless { say => sub { }, %args, stack => {}, why => {} }, $class;
    $self->{build}  = File::Spec->rel2abs($ENV{BOOKSHARE_BUILD}  // '.');
    $self->{source} = File::Spec->rel2abs($ENV{BOOKSHARE_SOURCE} // '.');
    $self->{folder} = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1, CLEANUP => !$ENV{BOOKSHARE_KEEP});
    return $self;
}

sub build  { $_[0]{build} }
sub folder { $_[0]{folder}->dirname }
sub stack  { $_[0]{stack}{ $_[1] } }
sub why    { $_[0]{why}{ $_[1] } }

sub start {
    my ($self, @names) = @_;
    for my $name ('rendered', grep { $_ ne 'rendered' } @names) {
        my $base = $self->stack('rendered');
        my %servers = !$base ? (rows => $self->{rows})
            : (mysql_defaults => $base->dir . '/my.cnf', redis_url => $base->{part}{redis}->url);
        mkdir $self->folder . "/$_" for $name, 'static';
        my $stack = $self->{stack}{$name} = BookShare::Bench::Stack->new(
            dir => $self->folder . "/$name", build => $self->{build}, source => $self->{source},
            workers => $self->{workers}, page_files => $name eq 'files', static => $self->folder . '/static',
            env => {
                (BOOKSHARE_REDIS_URL  => 'off') x ($name =~ /^(index|mysql)$/),
                (BOOKSHARE_FIND_INDEX => 'off') x ($name eq 'mysql'),
            },
            say => sub { $self->{say}->("$name: $_[0]") }, %servers,
        );
        if ($base) {
            $stack->start_pool;
            $stack->start_nginx;
        }
        else {
            $stack->start;
        }
        $self->make_sure($name);
    }
    return;
}

# What an answer was made from: page file, Redis, index, MySQL; nothing if it doesn't say.
sub source_of {
    my ($answer) = @_;
    my ($timing, $cache) = map { my $value = $answer->{headers}{$_} // ''; ref $value ? "@$value" : $value }
        qw(server-timing cache-status);
    return 'page file' if "$timing $cache" =~ /page.?file/i;
    return 'index'     if $cache =~ /find-index/;
    return 'Redis'     if $cache =~ /^bookshare; hit/;
    return 'MySQL'     if $cache =~ /^bookshare; fwd=miss/;
    return '';
}

# Waits until every page comes from where this variant is meant to take it. One that doesn't get there is given up.
sub make_sure {
    my ($self, $name) = @_;
    my $stack  = $self->stack($name);
    my $wanted = { rendered => 'Redis', files => 'page file', index => 'index', mysql => 'MySQL' }->{$name};
    my $http   = HTTP::Tiny->new(keep_alive => 0, timeout => 60);
    my $in_row = 0;
    for (my $end = time + 30; $in_row < 10 * $self->{workers}; sleep 0.01) {
        my $answer = $http->get($stack->url('/list'));
        my $source = $answer->{status} == 200 ? source_of($answer) : "status $answer->{status}";
        $in_row = $source eq $wanted ? $in_row + 1 : 0;
        next if time < $end;
        die "pages come from '$source', not from $wanted; see ", $stack->log('worker'), "\n" if $name eq 'rendered';
        $self->{why}{$name} = "not built: pages come from '$source'";
        return delete($self->{stack}{$name})->stop;
    }
    return;
}

# The numbers of all processes that have a part in answers.
sub pids {
    my ($self) = @_;
    return map { my $stack = $_; map({ $stack->pids($_) } qw(mysql redis pool nginx)), map { $_->pids } $stack->peers }
        values %{ $self->{stack} };
}

# Empties the logs of requests, which would soon be larger than all else.
sub empty_logs { my ($self) = @_; truncate $_->log('access'), 0 for values %{ $self->{stack} }; return }

# The one that the others take their servers from is the last.
sub stop {
    my ($self) = @_;
    $self->{stack}{$_}->stop for sort { ($a eq 'rendered') <=> ($b eq 'rendered') } keys %{ $self->{stack} };
    return;
}

1;
