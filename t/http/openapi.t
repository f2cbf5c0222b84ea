# The API conforms to templates/static/openapi.json: thousands of requests generated from that file, valid, at the
# limits and beyond; each response is validated against it (openapi.js).

use v5.20;
use warnings;
use utf8;

use BookShare::Test;

my $source = $ENV{BOOKSHARE_SOURCE} // '.';
$ENV{NODE_PATH} = join ':', map { "$_/node_modules" } grep { length } @ENV{qw(BOOKSHARE_BUILD BOOKSHARE_SOURCE)};
if (system(q{node -e 'require("ajv"); require("ajv-formats")' >/dev/null 2>&1}) != 0) {
    die "no Node or no npm packages\n" if $ENV{CI};
    plan skip_all => 'needs Node and the packages of package.json';
}

my $stack = stack(rows => 250);

topic 'the description is served' => 2, sub {
    my $answer = GET('/api/openapi.json');
    is header($answer, 'Content-Type'), 'application/json';
    open my $in, '<:raw', "$source/templates/static/openapi.json" or die $!;
    ok $answer->{content} eq do { local $/; readline $in }, 'as it is in the sources';
};

topic 'every answer is as described' => 3, sub {
    my @command = ('node', "$source/t/http/openapi.js", $stack->url(''), $ENV{SEED} // 1, $ENV{REQUESTS} // 3000);
    open my $out, '-|:encoding(UTF-8)', @command or die "node: $!";
    my @lines = <$out>;
    close $out;
    is $?, 0, 'the run came to its end, and nothing was amiss';
    like $lines[-1] // '', qr/^requests tried \d{4,}, undocumented answers 0$/;
    my $failed = $?;
    unlike $stack->slurp($stack->log('nginx')), qr/upstream prematurely closed|\b(writev|recv)\(\) failed/, 'no connection to a worker was lost';
    diag map {"# $_"} $failed ? @lines : $lines[-1];
};

run_topics;
