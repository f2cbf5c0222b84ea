package BookShare::Crawler;

# Follows every link and submits every form of a site, as a visitor would, and records errors.
#
#     my $crawler = BookShare::Crawler->new(address => 'http://127.0.0.1:8080');
#     $crawler->read_pages;     # links and GET forms, from the home page on
#     $crawler->send_forms;     # POST forms: first with bad input, then with good
#     is join("\n", $crawler->faults), '';
#
# A list has more addresses than anyone can visit. Addresses with the same path (IDs apart) and the same names of
# parameters show the same state of the same page, so that one of each such kind is visited: the list filtered by
# category and sorted is one kind, its Delete link another. A page whose message follows a write, or that refuses a
# form, is a kind of its own, too.
#
# A fault is an answer that a visitor must not get: any 5xx; a link of a page that does not lead to a page; a fragment
# that the page does not have; a good form that is refused, or a bad one that is taken.

use v5.20;
use warnings;
use utf8;

use HTML::Form;
use HTTP::Request::Common qw(GET);
use LWP::UserAgent;
use URI;

use BookShare::Page;

# What is typed into the forms that filter and search, by the name of the field. Of a list of choices the first is taken.
my %TYPED = (search => 'the', from => '1950-01-01', until => '2020-12-31');

# A file to import, and one that is refused.
my $GOOD_FILE = "book_id,title\n~crawler,Imported by a crawler\n";
my $BAD_FILE  = "nonsense,title\n1,2\n";

# address: of the site, with its base path, without a slash at its end. Pages are visited that have up to most_parameters, and forms are sent
# from those that have up to form_parameters: one shows each state that a form can be opened in.
sub new {
    my ($class, %args) = @_;
    my $self = bless {
        most_parameters => 2, form_parameters => 1, %args,
        seen => {}, queue => [], forms => {}, order => [], faults => [],
        known => {}, count => { pages => 0, files => 0, forms => 0 },
    }, $class;
    $self->{base}  = URI->new($self->{address})->path;
    $self->{agent} = LWP::UserAgent->new(requests_redirectable => [], cookie_jar => {}, parse_head => 0, keep_alive => 1, timeout => 60);
    return $self;
}

# What went wrong, a line each.
sub faults { @{ $_[0]{faults} } }

# How many pages, files (styles, scripts, downloads) and forms were asked for.
sub count { $_[0]{count} }

# An address of each kind of page that was read, in the order of the visits.
sub addresses { @{ $_[0]{order} } }

# ---- Reading

sub read_pages {
    my ($self) = @_;
    $self->want("$self->{address}/", '', 'the start');
    $self->follow_found;
    return;
}

sub follow_found {
    my ($self) = @_;
    while (my $found = shift @{ $self->{queue} }) {
        $self->visit(@$found);
    }
    return;
}

# Notes an address that has been found on a page (from), unless one of its kind was noted before. state: what else tells
# kinds apart.
sub want {
    my ($self, $address, $state, $from) = @_;
    return if $self->{known}{ ($address =~ s{^\Q$self->{base}\E/(update|delete|books)/[^/?#]*}{/$1/*}r) . $state }++;    # most are, in a list
    my $uri = URI->new_abs($address, "$self->{address}/");
    $uri->fragment(undef);
    return $self->blame($from, "leads out of the site, to $address") if $uri !~ m{^\Q$self->{address}\E(?:[/?]|\z)};
    return if (my @names = parameters($uri)) > $self->{most_parameters};
    push @{ $self->{queue} }, ["$uri", $state] if !$self->{seen}{ $self->kind($uri) . $state }++;
    return;
}

# The path of an address below the base path.
sub path { my ($self, $uri) = @_; return URI->new($uri)->path =~ s{^\Q$self->{base}\E}{}r }

# The key of a page: the path without IDs, and the names of the parameters. A static file is its own kind. The form that
# changes what a search finds looks the same for each search.
sub kind {
    my ($self, $uri) = @_;
    return '/edit' if $self->path($uri) eq '/edit';
    return join ' ', $self->path($uri) =~ s{^/(update|delete|books|edits|api/books)/(?!datatable)[^/]+}{/$1/*}r, parameters($uri);
}

# The names of an address's parameters that say something: a form sends its empty fields and the usual order along.
sub parameters {
    my ($uri) = @_;
    my %value = $uri->query_form;
    return sort grep { length $value{$_} && "$_=$value{$_}" ne 'sort=book_id' } keys %value;
}

# Asks for a page or a file and takes in what it leads to.
sub visit {
    my ($self, $address, $state) = @_;
    my $page = $self->ask(GET($address));
    my $is_page = ($page->{type} // '') =~ m{^text/html};
    $self->{count}{ $is_page ? 'pages' : 'files' }++;
    $self->blame($address, "answers $page->{status}") if $page->{status} != 200;
    if ($page->{etag}) {    # once more, as a browser that has it
        my $again = $self->ask(GET($address, 'If-None-Match' => $page->{etag}));
        $self->blame($address, "answers $again->{status} to its own ETag") if $again->{status} !~ /^(?:200|304)$/;
    }
    return if !$is_page;
    push @{ $self->{order} }, $address if $state eq '';
    $self->take_in($page, $state);
    return;
}

# Sends a request. Returns the answer as a page of BookShare::Page, with what else matters of it.
sub ask {
    my ($self, $request) = @_;
    my $answer = $self->{agent}->request($request);
    return {
        address => $request->uri, status => $answer->code, html => $answer->decoded_content // '',
        map { lc s/.*-//r => scalar $answer->header($_) } qw(Content-Type ETag Location),
    };
}

# The parser gets the forms alone: a list of books around them takes it much longer.
sub forms {
    my ($page) = @_;
    my $forms = join "\n", $page->{html} =~ m{<form\b.*?</form>}gs;
    return HTML::Form->parse($forms, base => $page->{address}, charset => 'UTF-8');
}

sub writes { return uc $_[0]->method eq 'POST' }

# Notes the links, files and forms of a page.
sub take_in {
    my ($self, $page, $state) = @_;
    for my $link (hrefs($page)) {
        my ($place) = $link =~ /^#(.+)/ or $self->want($link, $state, $page->{address});
        next if !defined $place || $page->{html} =~ /\bid="\Q$place\E"/;
        $self->blame($page->{address}, "has no place called $place");
    }
    $self->want($_, '', $page->{address}) for $page->{html} =~ /<(?:script|img|link)\b[^>]*\b(?:src|href)="([^"]+)"/g;
    my $count = my @names = parameters(URI->new($page->{address}));
    return if $count >= $self->{most_parameters} && $count > $self->{form_parameters};    # its forms lead to no other kind of page
    for my $form (forms($page)) {
        if (writes($form)) { $self->keep_form($page->{address}, $form, $state) }
        else               { $self->want($_, $state, $page->{address}) for fillings($form) }
    }
    return;
}

# The addresses that a GET form leads to: sent as it is, then with each of its fields filled in, one at a time.
sub fillings {
    my ($form) = @_;
    my @addresses = $form->click->uri;
    for my $input (grep { defined $_->name && $_->type !~ /^(?:hidden|submit)$/ } $form->inputs) {
        my $before = $input->value;
        my ($choice) = grep { length && $_ ne ($before // '') } $input->possible_values;
        my $value = $choice // $TYPED{ $input->name } // next;
        $input->value($value);
        push @addresses, $form->click->uri;
        $input->value($before);
    }
    return @addresses;
}

# ---- Sending

# Keeps a POST form for later, one of each kind of page that it is on.
sub keep_form {
    my ($self, $address, $form, $state) = @_;
    my $page = URI->new($address);
    return if (my @names = parameters($page)) > $self->{form_parameters};
    return $self->undo($form, join ' ', $self->kind($page), $state) if $form->find_input('undo');
    $self->{forms}{ join ' ', $self->kind($page), $state, 'sends', $self->kind($form->action) } //= [$address, $form->action];
    return;
}

# Sends the form of a message at once, since no other page has it: one on each kind of page.
sub undo {
    my ($self, $form, $kind) = @_;
    return if $self->{undone}{$kind}++;
    my $status = $self->send_form($form, ' undone');
    $self->blame($form->action, "does not undo: $status") if $status != 303;
    return;
}

# Sends each kind of form that was found, and those that only show up then. Writes change what there is, so that this
# comes last; forms that delete come last of all.
sub send_forms {
    my ($self) = @_;
    my %sent;
    my $deletes = sub { $_[0] =~ m{sends /delete} };
    while (my @left = grep { !$sent{$_}++ } sort { $deletes->($a) <=> $deletes->($b) || $a cmp $b } keys %{ $self->{forms} }) {
        delete @sent{ @left[1 .. $#left] };    # in their turn: the first may lead to others
        $self->send_bad(@{ $self->{forms}{ $left[0] } });
        $self->send_good(@{ $self->{forms}{ $left[0] } });
        $self->follow_found;
    }
    return;
}

# Opens the page of a form; returns the form. A book that is gone by now gives way to the first that a list has.
sub open_form {
    my ($self, $address, $action) = @_;
    my $page = $self->ask(GET($address));
    if ($page->{status} == 404) {
        my ($what) = $self->path($address) =~ m{^/(update|delete|books)/};
        my $there  = $what eq 'delete' ? 'update' : $what;    # which leads to delete
        my ($link) = grep { $self->path($_) =~ m{^/$there/} } map { hrefs($self->ask(GET($_))) } $address =~ s{/$what/[^?]*}{/list}r, "$self->{address}/list";
        $page = $self->ask(GET(URI->new_abs($link =~ s{/$there/}{/$what/}r, $address)));
    }
    my ($form) = grep { writes($_) && $self->kind($_->action) eq $self->kind($action) } forms($page);
    $self->blame($address, "answers $page->{status} without the form that sends to $action")
        if !$form && $action !~ m{/restore$};    # that book may be restored by now
    return $form;
}

# Sends a form and takes in the page that answers it, after a 303 the one that this leads to. Returns the first status.
sub send_form {
    my ($self, $form, $state) = @_;
    my $page   = $self->ask($form->click);
    my $status = $page->{status};
    $self->{count}{forms}++;
    for my $hop (1 .. 3) {
        $page = $self->ask(GET(URI->new_abs($page->{location}, $page->{address}))) if $page->{status} == 303;
    }
    $self->blame($form->action, "leads to a page that answers $page->{status}") if $page->{status} == 303 || $page->{status} >= 500;
    $self->take_in($page, $state);
    return $status;
}

# A form that must be refused: what is typed is too long, or the file is none of books.
sub send_bad {
    my ($self, $address, $action) = @_;
    my $form  = $self->open_form($address, $action) // return;
    my @typed = grep { $_->type eq 'text' } $form->inputs;
    my @files = grep { $_->type eq 'file' } $form->inputs;
    $_->value('x' x 300)    for @typed;
    attach($_, $BAD_FILE) for @files;
    return if !@typed && !@files;
    my $status = $self->send_form($form, ' refused');
    $self->blame($address, "takes a bad form for $action: $status") if $status < 400 && @typed;
    return;
}

# A form that must be taken. A book that is added gets an ID that there is not.
sub send_good {
    my ($self, $address, $action) = @_;
    my $form = $self->open_form($address, $action) // return;
    my $name = join '-', '~', $$, scalar(time), $self->{count}{forms};
    for my $input (grep { defined $_->name } $form->inputs) {
        if    ($input->type eq 'file')                        { attach($input, $GOOD_FILE) }
        elsif ($input->name eq 'book_id' && !$input->readonly) { $input->value($name) }
        elsif ($input->name eq 'title')                       { $input->value("Crawler’s book $name") }
        elsif ($input->name eq 'mode')                        { $input->value('import') }
        elsif ($input->name eq 'new' && $form->find_input('what')) { $input->value('Crawled') }
    }
    my $status = $self->send_form($form, ' done');
    $self->blame($address, "refuses a good form for $action: $status") if $status >= 400;
    return;
}

sub attach {
    my ($input, $text) = @_;
    $input->filename('books.csv');
    $input->content($text);
    return;
}

sub blame {
    my ($self, $address, $what) = @_;
    push @{ $self->{faults} }, "$address $what";
    return;
}

1;
