package BookShare::Bench::Engine::PostgreSQL;

# PostgreSQL, with pg_trgm. The server is private, on a socket in a temporary folder; as root, who may not run it, it
# runs as the user postgres.

use v5.20;
use warnings;

use Time::HiRes qw(sleep);

use parent 'BookShare::Bench::Engine';

my ($programs) = sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] } glob '/usr/lib/postgresql/*/bin';
my $columns = 'book_id, title, category, authors, publisher, edition, available_from';

sub name     { return 'PostgreSQL' }
sub is_there { return defined $programs && -x "$programs/initdb" && ($> != 0 || defined getpwnam 'postgres') }
sub mark     { return '\echo done' }
sub table    { return 'music' }

# The command for a program of PostgreSQL, as somebody who may run it.
sub command {
    my ($program, @arguments) = @_;
    my @who = $> == 0 ? qw(setpriv --reuid=postgres --regid=postgres --clear-groups) : ();
    return (@who, "$programs/$program", @arguments);
}

sub runs_quietly { return system(join(' ', command(@_)) . ' >/dev/null 2>&1') == 0 }

sub new {
    my ($class, $folder, $file) = @_;
    my $self = bless { folder => "$folder/postgres" }, $class;
    $self->start_server($folder, $file);
    $self->start_client(command('psql', '-X', '-q', '-A', '-t', '-h', $self->{folder}, '-d', 'postgres'));
    $self->run(<<"END");
CREATE EXTENSION pg_trgm;
CREATE TABLE music (book_id text PRIMARY KEY, title text, category text, authors text, publisher text, edition text, available_from text);
\\copy music FROM '$file'
ALTER TABLE music ADD texts text;
UPDATE music SET texts = lower(concat_ws(E'\\n', title, category, authors, publisher, edition));
CREATE INDEX trigrams ON music USING gin (texts gin_trgm_ops);
VACUUM ANALYZE music;
END
    return $self;
}

sub start_server {
    my ($self, $folder, $file) = @_;
    my $data = "$self->{folder}/data";
    mkdir $self->{folder} or die "$self->{folder}: $!\n";
    chmod 0755, $folder;
    chmod 0644, $file;
    chown((getpwnam 'postgres')[2, 3], $self->{folder}) if $> == 0;
    runs_quietly('initdb', '-D', $data, '--no-sync', '--encoding=UTF8', '--locale=C') or die "initdb failed\n";
    $self->{server} = fork // die "fork: $!\n";
    if (!$self->{server}) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec command('postgres', '-D', $data, '-k', $self->{folder}, map { ('-c', $_) } 'listen_addresses=', 'fsync=off', 'shared_buffers=512MB',
            'maintenance_work_mem=512MB', 'max_wal_size=4GB') or die "postgres: $!\n";
    }
    for (1 .. 600) {
        return if runs_quietly('pg_isready', '-h', $self->{folder});
        sleep 0.1;
    }
    die "PostgreSQL does not start\n";
}

sub condition { my ($self, @words) = @_; return join ' AND ', map {"texts LIKE '%$_%'"} @words }
sub rows      { my ($self, $condition) = @_; return "SELECT $columns FROM music WHERE $condition ORDER BY book_id LIMIT 100;" }

sub stop {
    my ($self) = @_;
    $self->SUPER::stop;
    kill 'INT', $self->{server};
    waitpid $self->{server}, 0;
    return;
}

1;
