package BookShare::Bench::Pages;

# All pages of the list as the application makes them, kept as files: what nginx serves as static files, and what every
# other answer is compared with.
#
#     my $pages = BookShare::Bench::Pages->new($stack, $folder);
#     $pages->count;
#     $pages->etag(3);                        nothing if pages have none
#     my $fault = $pages->fault(3, $html);    nothing if its books are those of page 3
#     my @terms = $pages->terms;              words from titles, to search for

use v5.20;
use warnings;

use HTTP::Tiny;

my $PAGE_ROWS = 100;
my $TERMS     = 200;

sub new {
    my ($class, $stack, $folder) = @_;
    my $self  = bless { folder => $folder, etag => {} }, $class;
    my $http  = HTTP::Tiny->new(timeout => 120);
    my $first = $http->get($stack->url('/list'));
    my ($books) = $first->{content} =~ /Length: (\d+)/ or die "the list has no length ($first->{status})\n";
    my %term;
    $self->{books} = $books;
    $self->{count} = int(($books + $PAGE_ROWS - 1) / $PAGE_ROWS) || 1;
    for my $page (1 .. $self->{count}) {
        my $answer = $http->get($stack->url("/list?page=$page"));
        $answer->{status} == 200 or die "page $page: $answer->{status}\n";
        $self->{etag}{$page} = $answer->{headers}{etag} if defined $answer->{headers}{etag};
        $self->{first} = $answer if $page == 1;
        $self->{bytes} += length $answer->{content};
        open my $file, '>:raw', $self->file($page) or die $self->file($page), ": $!\n";
        print {$file} $answer->{content};
        close $file or die $self->file($page), ": $!\n";

        my @cells = cells($answer->{content});
        @cells == $self->length_of($page) or die "page $page has ", scalar @cells, " rows\n";
        next if keys %term >= $TERMS;
        /\b([A-Za-z]{4,})\b/ and $term{ lc $1 } = 1 for map { $_->[1] =~ s/<[^>]*>|&#?\w+;/ /gr } @cells;
    }
    $self->{terms} = [sort keys %term];
    return $self;
}

sub count { $_[0]{count} }
sub books { $_[0]{books} }
sub bytes { int($_[0]{bytes} / $_[0]{count}) }
sub etag  { $_[0]{etag}{ $_[1] } }
sub terms { my @terms = @{ $_[0]{terms} }; return @terms > $TERMS ? @terms[0 .. $TERMS - 1] : @terms }
sub file  { my ($self, $page) = @_; return "$self->{folder}/$page.html" }

# The first page with its headers, as a FastCGI program says it.
sub first_answer {
    my ($self) = @_;
    my %headers = %{ $self->{first}{headers} };
    delete @headers{qw(server date connection vary transfer-encoding content-length)};
    return join '', map({
            my $name = $_;
            map {"$name: $_\r\n"} ref $headers{$name} ? @{ $headers{$name} } : $headers{$name};
        } sort keys %headers), 'content-length: ', length $self->{first}{content}, "\r\n\r\n", $self->{first}{content};
}

# How many rows a page has.
sub length_of {
    my ($self, $page) = @_;
    my $left = $self->{books} - ($page - 1) * $PAGE_ROWS;
    return $left > $PAGE_ROWS ? $PAGE_ROWS : $left;
}

# The rows of a page: for each, the text of the cells that hold a book's seven fields.
sub cells {
    my ($html) = @_;
    my ($body) = $html =~ m{<tbody>(.*?)</tbody>}s or return;
    return map {
        my @cells = m{<t[dh][^>]*>(.*?)</t[dh]>}gs;
        [map {s/<[^>]*>//gr =~ s/&#0?39;/'/gr =~ s/&#34;/&quot;/gr} @cells[0 .. ($#cells < 6 ? $#cells : 6)]];
    } $body =~ m{<tr\b[^>]*>(.*?)</tr>}gs;
}

sub fault {
    my ($self, $page, $html) = @_;
    open my $file, '<:raw', $self->file($page) or die $self->file($page), ": $!\n";
    my @ours   = cells(do { local $/; readline $file });
    my @theirs = cells($html);
    return 'has ' . @theirs . ' rows, not ' . @ours if @theirs != @ours;
    for my $i (0 .. $#ours) {
        my ($ours, $theirs) = map { join ' | ', @{ $_->[$i] } } \@ours, \@theirs;
        return "row $i is '$theirs', not '$ours'" if $ours ne $theirs;
    }
    return;
}

1;
