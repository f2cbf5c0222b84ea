package BookShare::Bench::Engine::PostgreSQL;

# The books in PostgreSQL, with an index of trigrams (pg_trgm) over their texts: what a search is held against. Times are
# those of psql. The server is private, on a socket in a temporary folder; as root, who may not run it, it runs as the
# user postgres.

use v5.20;
use warnings;

use IPC::Open2;

use BookShare::Bench::Report qw(median);

my ($programs) = sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] } glob '/usr/lib/postgresql/*/bin';

sub name { return 'PostgreSQL' }
sub is_there { return defined $programs && -x "$programs/initdb" && ($> != 0 || defined getpwnam 'postgres') }

# A program of PostgreSQL, with its arguments, as somebody who may run it.
sub program {
    my ($program, @arguments) = @_;
    my @who = $> == 0 ? qw(setpriv --reuid=postgres --regid=postgres --clear-groups) : ();
    return (@who, "$programs/$program", @arguments);
}

# Loads books from a file: tab-separated columns, in the order of their IDs, \N for none.
sub new {
    my ($class, $folder, $file) = @_;
    my $self = bless { folder => "$folder/postgres" }, $class;
    mkdir $self->{folder} or die "$self->{folder}: $!\n";
    chmod 0755, $folder;
    chmod 0644, $file;
    if ($> == 0) {
        my (undef, undef, $user, $group) = getpwnam 'postgres';
        chown $user, $group, $self->{folder};
    }
    my $data = "$self->{folder}/data";
    my $log  = "$self->{folder}/log";
    system(join(' ', program('initdb', '-D', $data, '--no-sync', '--encoding=UTF8', '--locale=C')) . ' >/dev/null 2>&1') == 0 or die "initdb failed\n";
    $self->{server} = fork // die "fork: $!\n";
    if (!$self->{server}) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec program('postgres', '-D', $data, '-k', $self->{folder}, '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=512MB',
            '-c', 'maintenance_work_mem=512MB', '-c', 'max_wal_size=4GB') or die "postgres: $!\n";
    }
    for (1 .. 600) {
        last if -S "$self->{folder}/.s.PGSQL.5432" && system(join(' ', program('pg_isready', '-h', $self->{folder})) . ' >/dev/null 2>&1') == 0;
        select undef, undef, undef, 0.1;
    }
    $self->{pid} = open2($self->{out}, $self->{in}, program('psql', '-X', '-q', '-A', '-t', '-h', $self->{folder}, '-d', 'postgres'));
    $self->{in}->autoflush;
    my $columns = join ', ', map {"coalesce($_, '')"} qw(title category authors publisher edition);
    $self->run(<<"END");
CREATE EXTENSION pg_trgm;
CREATE TABLE music (book_id text PRIMARY KEY, title text, category text, authors text, publisher text, edition text, available_from text);
\\copy music FROM '$file'
ALTER TABLE music ADD texts text;
UPDATE music SET texts = lower(concat_ws(E'\\n', $columns));
CREATE INDEX trigrams ON music USING gin (texts gin_trgm_ops);
VACUUM ANALYZE music;
END
    return $self;
}

# Runs statements; returns their output.
sub run {
    my ($self, $sql) = @_;
    print { $self->{in} } "$sql\n\\echo done\n";
    my @lines;
    while (defined(my $line = readline $self->{out})) {
        return @lines if $line eq "done\n";
        push @lines, $line;
    }
    die "psql has ended\n";
}

# See BookShare::Bench::Engine::SQLite.
sub search {
    my ($self, $words, $tries) = @_;
    my $condition = join ' AND ', map {"texts LIKE '%$_%'"} split ' ', lc $words;
    my (@times, $books);
    for (1 .. $tries) {
        my @lines = $self->run("\\timing on\nSELECT 'books', COUNT(*) FROM music WHERE $condition;\n"
                . "SELECT book_id, title, category, authors, publisher, edition, available_from FROM music WHERE $condition ORDER BY book_id LIMIT 100;\n\\timing off");
        my $ms = 0;
        $ms += $_ for map {/^Time: ([\d.]+) ms/} @lines;
        push @times, $ms;
        ($books) = map {/^books\|(\d+)/} @lines;
    }
    return (scalar median(@times), $books);
}

sub stop {
    my ($self) = @_;
    close $self->{in};
    waitpid $self->{pid}, 0;
    kill 'INT', $self->{server};
    waitpid $self->{server}, 0;
    return;
}

1;
