# Static files: everything that a page references exists on this site, and nothing else is served.

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $stack = stack(rows => 10);
my @pages = ('/', '/list', '/add', '/nope');

# The files that the pages name.
my %named;
for my $path (@pages) {
    for (tags(GET($path))) {
        my ($name, $has) = @$_;
        $named{ $has->{src} }  = 1 if defined $has->{src};
        $named{ $has->{href} } = 1 if $name eq 'link';
    }
}
my @files = sort keys %named;
my %type  = (css => qr{^text/css}, js => qr{^(text|application)/javascript}, svg => qr{^image/svg\+xml}, webmanifest => qr{^application/manifest\+json});

topic 'every file that a page names is there' => 1 + 5 * @files, sub {
    ok @files >= 6, 'there are some';
    for my $file (@files) {
        my $answer   = GET($file);
        my ($ending) = $file =~ /\.(\w+)(?:\?|$)/;
        is $answer->{status}, 200, $file;
        like header($answer, 'Content-Type'), $type{ $ending // '' } // qr/./, 'its type';
        ok length $answer->{content} > 50, 'it holds something';
        like header($answer, 'Cache-Control'), qr/max-age|no-cache/, 'how long it keeps';
        is HEAD($file)->{status}, 200, 'HEAD';
    }
};

topic 'the addresses of what pages name have a version, and are kept for good' => 3 * @files + 6, sub {
    my %version;
    for my $file (@files) {
        my ($version) = $file =~ m{^/static/([0-9a-f]{12})/};
        $version{ $version // '' } = 1;
        ok $version, $file;
        is header(GET($file), 'Cache-Control'), 'public, max-age=31536000, immutable', 'it never changes';
        like header(GET($file, 'accept-encoding' => 'gzip'), 'Content-Encoding'), qr/^(gzip|)$/, 'compressed or not';
    }
    is keys %version, 1, 'all of one version';
    my ($list) = grep { m{/js/list\.js$} } @files;
    my @imports = GET($list)->{html} =~ /^import .* from '([^']*)';$/mg;
    is_deeply [grep { !m{^\./\w+\.js$} } @imports], [], 'a script imports from beside it, so of its own version';
    is_deeply [map { GET($list =~ s{[^/]*$}{$_}r)->{status} } @imports], [(200) x @imports], 'and that is there';
    my $other = GET($list =~ s{static/[0-9a-f]{12}}{static/0123456789ab}r);
    is $other->{status}, 404, 'a file of another version is not passed off as this one';
    like header($other, 'Cache-Control'), qr/no-store/, 'nor kept';
    is GET('/static/js/list.js')->{status}, 404, 'nor is there one without a version';
};

topic 'nothing comes from elsewhere' => @pages + @files, sub {
    for my $path (@pages) {
        my @named = map { $_->[1]{src} // $_->[1]{href} // $_->[1]{action} // '' } tags(GET($path));
        is_deeply [grep { m{^(\w+:)?//} } @named], [], $path;
    }
    for my $file (@files) {
        unlike GET($file)->{html}, qr{url\(["']?(\w+:)?//|\@import|\bimport\s*\(?["']https?:}, $file;
    }
};

topic 'a file that has not changed is not sent again' => 2, sub {
    my $answer = GET($files[0]);
    my ($tag, $day) = map { header($answer, $_) } 'ETag', 'Last-Modified';
    is GET($files[0], 'if-none-match' => $tag)->{status}, 304, 'by its ETag';
    is GET($files[0], 'if-modified-since' => $day)->{status}, 304, 'by its day';
};

# Asked for with these very bytes: a client would tidy the path up.
my @outside = qw(
    /static/../templates/list.cs /static/%2e%2e/templates/list.cs /static/..%2ftemplates/list.cs
    /static/vendor/../../list.cs /static../list.cs
    /static/../../../../etc/passwd /static/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd /static//etc/passwd
    /static/ /static/css/ /static/vendor/ /static/css /list.cs /templates/list.cs /static/.git/config /static/nope.js
);

topic 'nothing else can be had' => 2 * @outside, sub {
    for my $path (@outside) {
        my $answer = raw("GET $path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        like $answer->{status}, qr/^(301|400|403|404)$/, $path;
        unlike $answer->{content}, qr/<\?cs|root:|Index of/, 'and nothing slips out';
    }
};

topic 'files are read, not written' => 3, sub {
    is request($_, $files[0], 'x')->{status}, 405, $_ for qw(POST PUT DELETE);
};

run_topics;
