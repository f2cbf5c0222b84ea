# Templates that change while the workers run: the next pages use them, and pages from old templates become stale.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $templates = File::Temp->newdir('bookshare-XXXXXX', TMPDIR => 1);
my $source = File::Spec->rel2abs($ENV{BOOKSHARE_SOURCE} // '.');
system('cp', '-r', "$source/templates/.", $templates) == 0 or die;
my $stack = stack(rows => 250, page_files => 1, env => {
    BOOKSHARE_TEMPLATES => $templates->dirname,
    LSAN_OPTIONS        => "suppressions=$source/t/lib/clearsilver.supp:print_suppressions=0",
});

sub read_template {
    my ($name) = @_;
    open my $in, '<', "$templates/$name" or die "$name: $!";
    local $/;
    return readline $in;
}

# Replaces a template, as an installation does.
sub write_template {
    my ($name, $text) = @_;
    open my $out, '>', "$templates/$name.new" or die "$name: $!";
    print {$out} $text;
    close $out or die "$name: $!";
    rename "$templates/$name.new", "$templates/$name" or die "$name: $!";
    return;
}

# Changes a template; the code returned puts back what was there.
sub change_template {
    my ($name, $code) = @_;
    my $old = read_template($name);
    write_template($name, scalar $code->(my $copy = $old));
    return sub { write_template($name, $old) };
}

sub from_file { return header($_[0], 'Cache-Status') =~ /page-file/ }

# Waits until each worker, on its own and not by a file, answers as wanted.
sub settled {
    my ($what, $path, $code) = @_;
    my @workers = workers();
    $path .= ($path =~ /\?/ ? '&' : '?') . 'by=a-worker';
    for my $worker (@workers) {
        my @others = grep { $_ != $worker } @workers;
        kill 'STOP', @others;
        my $is_settled = eval { wait_for($what, 10, sub { $code->(GET($path)) }) };
        kill 'CONT', @others;
        die $@ if !$is_settled;
    }
    return 1;
}

topic 'a changed template is used by every worker' => 2, sub {
    my $back = change_template('home.cs', sub { $_[0] =~ s/A shared catalogue/A changed catalogue/r });
    ok settled('the new page', '/', sub { $_[0]{html} =~ /A changed catalogue/ });
    $back->();
    ok settled('the old page', '/', sub { $_[0]{html} !~ /A changed catalogue/ });
};

topic 'a page of the old template is never Not Modified' => 4, sub {
    my $etag = header(warm('/list?page=2&x'), 'ETag');
    my $known = sub { GET('/list?page=2&x', 'If-None-Match' => $etag)->{status} };
    is $known->(), 304;
    my $back = change_template('list.cs', sub { $_[0] =~ s{<h1\b[^>]*>\K}{Changed: }r });
    ok settled('the new page', '/list?page=2&x', sub { $_[0]{html} =~ /<h1\b[^>]*>Changed: / });
    is $known->(), 200;
    $back->();
    settled('the old page', '/list?page=2&x', sub { $_[0]{html} !~ /Changed: / });
    is $known->(), 304, 'what is as it was has the ETag that it had';
};

topic 'a page file of the old template is not served' => 4, sub {
    my $file = sub { my $page; wait_for('a file', 10, sub { from_file($page = GET('/list?page=3')) }); $page };
    unlike $file->()->{html}, qr/Changed: /;
    my $back = change_template('list.cs', sub { $_[0] =~ s{<h1\b[^>]*>\K}{Changed: }r });
    ok wait_for('the new page', 10, sub { GET('/list?page=3')->{html} =~ /<h1\b[^>]*>Changed: / }), 'without a request to a worker';
    settled('every worker', '/list?page=3', sub { $_[0]{html} =~ /<h1\b[^>]*>Changed: / });
    like $file->()->{html}, qr/Changed: /, 'the new one is';
    my @folders = grep { -d && !-l } glob $stack->pages . '/*';
    is scalar @folders, 1, 'and the old ones are gone';
    $back->();
    settled('the old page', '/list?page=3', sub { $_[0]{html} !~ /Changed: / });
};

topic 'no page file of the old template is served after a page of the new one' => 2, sub {
    settled('the old page', '/', sub { $_[0]{html} =~ /<title>Book/ });
    wait_for('a file', 10, sub { from_file(GET('/')) });
    alone((workers())[0]);
    $stack->pause('mysql');    # which maintenance asks before it withdraws page files
    my $back = change_template('header.cs', sub { $_[0] =~ s{<title>\K}{Changed: }r });
    ok wait_for('the new page', 10, sub { GET('/no-such-page')->{html} =~ /<title>Changed: / });
    is_deeply [glob $stack->pages . '/current/*'], [], 'nginx has none';
    $back->();
    $stack->resume('mysql');
    alone();
    settled('the old page', '/', sub { $_[0]{status} == 200 && $_[0]{html} =~ /<title>Book/ });
};

topic 'a client with a file of another template of the same length gets the new one' => 3, sub {
    my $file = sub { my $page; wait_for('a file', 10, sub { from_file($page = GET('/list?page=3')) }); $page };
    my $old  = $file->();
    my $back = change_template('list.cs', sub { $_[0] =~ s{ books(?=<\?cs /if)}{ kooks}r });
    ok settled('the new page', '/list?page=3', sub { $_[0]{html} =~ /\bkooks\b/ });
    wait_for('the new file', 10, sub { $file->()->{html} =~ /\bkooks\b/ });
    my $new = GET('/list?page=3', 'If-None-Match' => header($old, 'ETag'));
    is $new->{status}, 200;
    $back->();
    settled('the old page', '/list?page=3', sub { $_[0]{html} !~ /\bkooks\b/ });
    ok wait_for('the old file', 10, sub { header($file->(), 'ETag') eq header($old, 'ETag') }),
        'what is as it was has the ETag that it had';
};

allow(qr/error \d+ (?:cannot render the error page: )?template /);

topic 'a broken template is an error, and heals' => 6, sub {
    my $back = change_template('list.cs', sub { $_[0] . '<?cs if:1 ?>' });
    ok settled('the error', '/list', sub { $_[0]{status} == 500 });
    my $page = GET('/list');
    shows $page, qr/Internal error/;
    unlike $page->{html}, qr/list\.cs/, 'without what is for the log';
    is_deeply [map { $page->{headers}{$_} } qw(cache-control etag link)], ['no-store', undef, undef], 'or the headers of the list';
    is GET('/')->{status}, 200, 'other pages are well';
    $back->();
    ok settled('the list', '/list', sub { $_[0]{status} == 200 });
};

topic 'if even the error page is broken, the response is plain text' => 4, sub {
    my $back = change_template('header.cs', sub { '<?cs each:x = ?>' . $_[0] });
    ok settled('the error', '/', sub { $_[0]{status} == 500 });
    my $page = GET('/');
    like header($page, 'Content-Type'), qr{^text/plain};
    like $page->{html}, qr/^Internal error/;
    $back->();
    ok settled('the page', '/', sub { $_[0]{status} == 200 });
};

run_topics;
