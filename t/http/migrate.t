# bookshare migrate: upgrades the tables of older versions, keeps their content, and is idempotent.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 250, workers => 1);

# Runs it as the owner of the database: a worker's login may not change tables.
sub migrate {
    my $defaults = $stack->dir . '/owner.cnf';
    my ($password) = $stack->slurp($stack->dir . '/my.cnf') =~ /^user = owner\npassword = (\w+)$/m or die 'no password';
    open my $out, '>', $defaults or die "$defaults: $!";
    print {$out} $stack->login(user => 'owner', password => $password, socket => $stack->socket('mysql'));
    close $out or die "$defaults: $!";
    return cli({ BOOKSHARE_MYSQL_DEFAULTS => $defaults, @_ }, 'migrate');
}

sub columns { return ($stack->mysql(q{SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics
    WHERE table_name = 'music_changes' AND table_schema = DATABASE() AND index_name = 'PRIMARY'}))[0][0] }

topic 'a log whose versions were of one change each' => 10, sub {
    add_book(book_id => '!OLD');
    $stack->mysql('ALTER TABLE music_changes DROP PRIMARY KEY, DROP COLUMN part, ADD PRIMARY KEY (version)');
    is columns(), 'version';
    my ($before) = $stack->mysql('SELECT version, token, row_after FROM music_changes');
    for (['once', 'added column music_changes.part'], ['again', 'The tables were up to date.']) {
        my ($turn, $said) = @$_;
        my ($status, $out) = migrate();
        is $status, 0, $turn;
        is $out, "$said\n", 'it says what it did';
        is columns(), 'version,part';
    }
    is_deeply [$stack->mysql('SELECT version, token, row_after, part FROM music_changes')], [[@$before, 0]], 'its rows are kept';
    is POST('/update/!OLD', { title => 'Later' })->{status}, 303, 'and it goes on';
    is +($stack->mysql('SELECT COUNT(*) FROM music_changes'))[0][0], 2;
};

topic 'a log without indexes for its readers' => 4, sub {
    $stack->mysql('ALTER TABLE music_changes DROP KEY by_book, DROP KEY by_edit, DROP KEY by_op, DROP KEY by_actor');
    for (['once', join "\n", map {"added index music_changes.by_$_"} qw(actor book edit op)], ['again', 'The tables were up to date.']) {
        my ($turn, $said) = @$_;
        my ($status, $out) = migrate();
        is $status, 0, $turn;
        is $out, "$said\n", 'it says what it did';
    }
};

topic 'a database without the keys of forms' => 6, sub {
    $stack->mysql('DROP TABLE music_sent');
    my ($failed, $about) = cli('check');
    is $failed, 1, 'check fails';
    like $about, qr/^MySQL: FAILED, .*music_sent.*; run `bookshare migrate`$/m, 'and says what to do';
    for (['once', 'added table music_sent'], ['again', 'The tables were up to date.']) {
        my ($turn, $said) = @$_;
        my ($status, $out) = migrate();
        is $status, 0, $turn;
        is $out, "$said\n", 'it says what it did';
    }
};

topic 'a log without edits of many books' => 6, sub {
    my $shape = sub { return ($stack->mysql('SHOW CREATE TABLE music_changes'))[0][1] };
    my $now   = $shape->();
    $stack->mysql('DROP TABLE music_edits; ALTER TABLE music_changes DROP KEY by_edit, DROP KEY by_op, DROP KEY by_actor, DROP COLUMN edit,
        ADD KEY by_op (op, version, part), ADD KEY by_actor (actor, op, version, part)');
    for (['once', join "\n", 'added column music_changes.edit', 'added table music_edits', 'added index music_changes.by_edit'], ['again', 'The tables were up to date.']) {
        my ($turn, $said) = @$_;
        my ($status, $out) = migrate();
        is $status, 0, $turn;
        is $out, "$said\n", 'it says what it did';
    }
    is join(',', sort map { s/^\s+|,$//gr } split /\n/, $shape->()), join(',', sort map { s/^\s+|,$//gr } split /\n/, $now), 'as in a new database';
    is +(cli('edit', '--all', '--set', 'edition=x', '--yes'))[0], 0, 'and books can be edited';
};

topic 'a database with the longest name there is: it may be filled, and its list built' => 4, sub {
    my $name = 'x' x 64;
    my @env  = (BOOKSHARE_MYSQL_DATABASE => $name, BOOKSHARE_CACHE_PREFIX => '{long}');
    $stack->mysql("CREATE DATABASE $name; GRANT SELECT, INSERT, UPDATE, DELETE ON $name.* TO bookshare\@localhost");
    my ($migrated, $added) = migrate(@env);
    is $migrated, 0, 'migrate';
    like $added, qr/^added table music$/m, 'says what it made';
    $stack->mysql("INSERT INTO $name.music (book_id, title) VALUES ('A', 'a book')");
    my ($status, undef, $said) = cli({@env}, 'cache', 'warm');
    is $status, 0, 'cache warm' or diag $said;
    is +(cli({@env}, 'cache', 'verify'))[0], 0, 'and it is the table';
};

topic 'a version without its token' => 11, sub {
    add_book(book_id => '!TOKEN');
    $stack->mysql('ALTER TABLE music_version DROP COLUMN token');
    my ($status, $out) = cli('check');
    is $status, 1, 'check fails';
    like $out, qr/^MySQL: FAILED, .*token.*; run `bookshare migrate`$/m, 'and says what to do';
    for my $turn ('once', 'again') {
        is +(migrate())[0], 0, $turn;
        is_deeply [$stack->mysql('SELECT token FROM music_version')],
            [$stack->mysql('SELECT token FROM music_changes ORDER BY version DESC LIMIT 1')], 'it is that of the last change';
    }
    warm('/list');
    my $list = $stack->redis(qw(HGET {bookshare}:meta generation));
    is POST('/update/!TOKEN', { title => 'Later' })->{status}, 303, 'a write goes on from there';
    is $stack->redis(qw(HGET {bookshare}:meta token)), ($stack->mysql('SELECT token FROM music_version'))[0][0], 'and the list with it';
    is $stack->redis(qw(HGET {bookshare}:meta generation)), $list, 'which is not built again';

    # A program from before there were tokens writes, while others serve.
    $stack->mysql(q{BEGIN; UPDATE music_version SET version = version + 1; UPDATE music SET title = 'Old program' WHERE book_id = '!TOKEN';
        INSERT INTO music_changes (version, op, book_id, actor, at, token, row_before, row_after) SELECT version, 'update', '!TOKEN', 'web',
        UTC_TIMESTAMP(3), 7, '!TOKEN\\tLater\\t\\t\\t\\t\\t', '!TOKEN\\tOld program\\t\\t\\t\\t\\t' FROM music_version; COMMIT});
    ok wait_for('its write', 10, sub { my $page = GET('/list'); from_redis($page) && (grep { $_->[1] eq 'Old program' } rows($page)) });
    is +(cli('cache', 'verify'))[1], "differences: 0\n";
};

run_topics;
