<?php
// The peer: a list page as PHP makes it, from the same list in Redis and with the same markup (templates/list.cs).
// The connection is kept across requests. The directory of the list is kept as a PHP file, which OPcache holds in
// memory for all processes; whether it is still the right one is asked along with the rows, in one round trip.

const PAGE_ROWS = 100;
const ESCAPES   = ['\\\\' => '\\', '\t' => "\t", '\n' => "\n", '\r' => "\r", '\0' => "\0"];

$began  = hrtime(true);
$prefix = getenv('BENCH_PREFIX');
$kept   = getenv('BENCH_DIRECTORY');
$page   = max(1, (int)($_GET['page'] ?? 1));
$place  = ($page - 1) * PAGE_ROWS;

$redis = new Redis();
$redis->pconnect(getenv('BENCH_REDIS'));

// Reads the directory: [generation, version, books, [[segment, place of its first book], ...]].
function read_directory(Redis $redis, string $prefix, string $kept): array
{
    $meta     = $redis->hMGet("$prefix:meta", ['generation', 'directory', 'books']);
    $segments = [];
    $books    = 0;
    foreach ($redis->lRange("$prefix:$meta[generation]:directory", 0, -1) as $entry) {
        [$segment, $count] = explode("\t", $entry);
        $segments[] = [$segment, $books];
        $books += (int)$count;
    }
    $directory = [$meta['generation'], $meta['directory'], $books, $segments];
    file_put_contents("$kept." . getmypid(), '<?php return ' . var_export($directory, true) . ';');
    rename("$kept." . getmypid(), $kept);
    if (function_exists('opcache_invalidate')) {
        opcache_invalidate($kept, true);
    }
    return $directory;
}

// The index of the segment that holds the book at a place.
function find_segment(array $segments, int $place): int
{
    $low  = 0;
    $high = count($segments);
    while ($high - $low > 1) {
        $middle = ($low + $high) >> 1;
        if ($segments[$middle][1] <= $place) {
            $low = $middle;
        } else {
            $high = $middle;
        }
    }
    return $low;
}

// The rows of a page, or null if the directory is not that of the list.
function read_rows(Redis $redis, string $prefix, array $directory, int $place): ?array
{
    [$generation, $version, $books, $segments] = $directory;
    $multi = $redis->multi()->hMGet("$prefix:meta", ['state', 'generation', 'directory']);
    $end   = min($books, $place + PAGE_ROWS);
    for ($i = find_segment($segments, $place), $from = $place; $from < $end; $i++) {
        $next = min($end, $segments[$i + 1][1] ?? $books);
        $first = $segments[$i][1];
        $multi->lRange("$prefix:$generation:{$segments[$i][0]}", $from - $first, $next - $first - 1);
        $from = $next;
    }
    $replies = $multi->exec();
    if ($replies[0] !== ['state' => 'ok', 'generation' => $generation, 'directory' => $version]) {
        return null;
    }
    return array_merge(...array_slice($replies, 1));
}

$directory = @include $kept;
$rows      = $directory ? read_rows($redis, $prefix, $directory, $place) : null;
if ($rows === null) {
    $directory = read_directory($redis, $prefix, $kept);
    $rows      = read_rows($redis, $prefix, $directory, $place) ?? [];
}
$books = $directory[2];
$pages = max(1, intdiv($books + PAGE_ROWS - 1, PAGE_ROWS));
$back  = $page > 1 ? "?page=$page" : '';
$more  = $page > 1 ? "?page=$page&amp;" : '?';
$total = number_format($books);
$from  = number_format($place + 1);
$to    = number_format($place + count($rows));
$took  = number_format((hrtime(true) - $began) / 1e9, 4);

function address(int $page): string
{
    return $page > 1 ? "/list?page=$page" : '/list';
}

// The bar of pages: [kind, address, label].
$bar = [['first', $page > 1 ? address(1) : '', 'First'], ['previous', $page > 1 ? address($page - 1) : '', 'Previous']];
if ($page > 3) {
    $bar[] = ['gap', '', '…'];
}
for ($i = max(1, $page - 2); $i <= min($pages, $page + 2); $i++) {
    $bar[] = ['page', address($i), '<span class="visually-hidden">Page </span>' . number_format($i)];
}
if ($page + 2 < $pages) {
    $bar[] = ['gap', '', '…'];
}
$bar[] = ['next', $page < $pages ? address($page + 1) : '', 'Next'];
$bar[] = ['last', $page < $pages ? address($pages) : '', 'Last'];

function page_bar(array $bar, int $page): void
{
    foreach ($bar as [$kind, $address, $label]) {
        $current = $kind === 'page' && $address === address($page) ? ' aria-current="page"' : '';
        $inside  = $address !== '' ? '<a href="' . htmlspecialchars($address) . "\"$current>$label</a>" : "<span>$label</span>";
        echo "<li class=\"$kind\">$inside</li>\n";
    }
}

ob_start();
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="A shared catalogue of books: search, browse, add and edit them.">
<title>All books<?= $page > 1 ? ", page $page" : '' ?> - Book Share</title>
<script src="/static/js/scheme.js"></script>
<link rel="icon" href="/static/img/icon.svg" type="image/svg+xml">
<link rel="manifest" href="/static/manifest.webmanifest">
<link rel="stylesheet" href="/static/vendor/bootstrap.min.css">
<link rel="stylesheet" href="/static/css/bookshare.css">
<link rel="stylesheet" href="/static/css/list.css">
<script src="/static/js/list.js" type="module"></script>
<script src="/static/js/form.js" defer></script>
<script src="/static/js/keys.js" type="module"></script>
<script src="/static/js/others.js" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="mast">
<div class="container-xxl">
<a class="brand" href="/"><img src="/static/img/logo.svg" alt="" width="28" height="28"> Book Share</a>
<nav aria-label="Main">
<a href="/list" aria-current="page">Books</a>
<a id="to-add" href="/add<?= $back ?>">Add a book</a>
</nav>
<form class="search" action="/list" method="get" role="search">
<label class="visually-hidden" for="search">Search all books</label>
<input class="form-control" type="search" id="search" name="search" value="" maxlength="500"
 placeholder="Search title, author, ID…" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search">
<button class="btn btn-search">Search</button>
<a class="to-filters" href="#filters">Filters</a>
</form>

</div>
</header>
<main id="main" class="container-xxl" tabindex="-1">


<header class="listhead">
<h1 id="heading"><?= $total ?> books</h1>
<p class="meant" id="meant" hidden>Did you mean?</p>
<p class="chips" id="chips"></p>
<p class="files">Export <a href="/export.csv">CSV</a> <a href="/export.ndjson">NDJSON</a> <a href="/api/books<?= $back ?>">JSON<span class="visually-hidden"> of this page</span></a> · <a href="/edit">Change all<span class="visually-hidden"> of these books</span></a></p>
<p class="alert alert-warning" id="unsure" role="status" hidden>The database does not respond at the moment. These rows come from the cache and may be out of date.</p>
</header>
<p class="visually-hidden" id="status" role="status"></p>
<details class="filters">
<summary>Filters and order</summary>
<form id="filters" action="/list" method="get" autocomplete="off" aria-label="Filters">
<label><span>Category</span>
<select class="form-select form-select-sm" name="category">
<option value="">Any</option>
</select></label>
<label><span>Publisher</span>
<select class="form-select form-select-sm" name="publisher">
<option value="">Any</option>
</select></label>
<label><span>Edition</span>
<select class="form-select form-select-sm" name="edition">
<option value="">Any</option>
</select></label>
<label><span>Available from</span>
<input class="form-control form-control-sm" type="date" name="from" value="" min="0001-01-01" max="9999-12-31"></label>
<label><span>Available until</span>
<input class="form-control form-control-sm" type="date" name="until" value="" min="0001-01-01" max="9999-12-31"></label>
<label class="order"><span>Order</span>
<select class="form-select form-select-sm" name="sort">
<option value="best" hidden disabled>Best match</option>
<option value="book_id" selected>Book ID, A to Z</option>
<option value="-book_id">Book ID, Z to A</option>
<option value="title">Title, A to Z</option>
<option value="-title">Title, Z to A</option>
<option value="category">Category, A to Z</option>
<option value="-category">Category, Z to A</option>
<option value="authors">Authors, A to Z</option>
<option value="-authors">Authors, Z to A</option>
<option value="publisher">Publisher, A to Z</option>
<option value="-publisher">Publisher, Z to A</option>
<option value="edition">Edition, A to Z</option>
<option value="-edition">Edition, Z to A</option>
<option value="available_from">Available from, oldest first</option>
<option value="-available_from">Available from, newest first</option>
</select></label>
<button class="btn btn-sm btn-outline-primary">Apply</button>
<noscript><a href="/list<?= $more ?>filters=open">Show the choices</a></noscript>
</form>
</details>

<div id="some">
<div class="tools">
<p class="showing">Showing <?= $from ?> to <?= $to ?> of <?= $total ?> books</p>
<p class="sizes">Rows <a href="/list?per_page=25">25</a> <a href="/list?per_page=50">50</a> <a href="/list" aria-current="true">100</a> </p>
<details class="columns"><summary>Columns</summary>
<ul><li><a href="/list<?= $more ?>hide=book_id"><span class="visually-hidden">Hide </span>Book ID</a></li>
<li><a href="/list<?= $more ?>hide=category"><span class="visually-hidden">Hide </span>Category</a></li>
<li><a href="/list<?= $more ?>hide=authors"><span class="visually-hidden">Hide </span>Authors</a></li>
<li><a href="/list<?= $more ?>hide=publisher"><span class="visually-hidden">Hide </span>Publisher</a></li>
<li><a href="/list<?= $more ?>hide=edition"><span class="visually-hidden">Hide </span>Edition</a></li>
<li><a href="/list<?= $more ?>hide=available_from"><span class="visually-hidden">Hide </span>Available from</a></li>
</ul>
</details>
<nav class="pages" aria-label="Pages">
<ul>
<?php page_bar($bar, $page) ?>
</ul>
<form class="goto" action="/list" method="get" autocomplete="off">
<label><span class="word">Page</span> <input class="form-control form-control-sm" type="number" name="page" value="<?= $page ?>" min="1" max="<?= $pages ?>" required> of <span class="most"><?= number_format($pages) ?></span></label>
<button class="btn btn-sm btn-outline-primary">Go</button>
</form>
</nav>
</div>
<table id="books" class="table">
<caption class="visually-hidden">Books <?= $from ?> to <?= $to ?> of <?= $total ?></caption>
<thead><tr>
<th scope="col" aria-sort="ascending"><a href="/list?sort=-book_id">Book ID</a></th>
<th scope="col"><a href="/list?sort=title">Title</a></th>
<th scope="col"><a href="/list?sort=category">Category</a></th>
<th scope="col"><a href="/list?sort=authors">Authors</a></th>
<th scope="col"><a href="/list?sort=publisher">Publisher</a></th>
<th scope="col"><a href="/list?sort=edition">Edition</a></th>
<th scope="col"><a href="/list?sort=available_from">Available from</a></th>
<th scope="col"><span class="visually-hidden">Actions</span></th>
</tr></thead>
<tbody>
<?php
foreach ($rows as $row) {
    $field = explode("\t", $row);
    if (str_contains($row, '\\')) {
        $field = array_map(fn($text) => strtr($text, ESCAPES), $field);
    }
    $id    = rawurlencode($field[0]);
    $field = array_map('htmlspecialchars', $field);
?>
<tr id="b-<?= $id ?>">
<td><?= $field[0] ?></td>
<th scope="row"><a href="/books/<?= $id ?>"><?= $field[1] ?></a></th>
<td><?= $field[2] ?></td>
<td><?= $field[3] ?></td>
<td><?= $field[4] ?></td>
<td><?= $field[5] ?></td>
<td><?= $field[6] ?></td>
<td><input type="checkbox" name="id" value="<?= $field[0] ?>" form="picked" aria-label="Select <?= $field[1] ?>"> <a href="/update/<?= $id . $back ?>" aria-label="Edit <?= $field[1] ?>">Edit</a></td>
</tr>
<?php } ?>
</tbody>
</table>
<nav class="pages" aria-label="Pages, below">
<ul>
<?php page_bar($bar, $page) ?>
</ul>
<form class="goto" action="/list" method="get" autocomplete="off">
<label><span class="word">Page</span> <input class="form-control form-control-sm" type="number" name="page" value="<?= $page ?>" min="1" max="<?= $pages ?>" required> of <span class="most"><?= number_format($pages) ?></span></label>
<button class="btn btn-sm btn-outline-primary">Go</button>
</form>
</nav>
<form class="picked" id="picked" action="/edit" method="get" autocomplete="off">
<span class="count" role="status">Selected books</span>
<button class="btn btn-sm btn-primary">Change or delete</button>
<button class="btn btn-sm btn-outline-primary" type="reset">Clear</button>
<?= $page > 1 ? "<input type=\"hidden\" name=\"page\" value=\"$page\">" : '' ?>
</form>
</div>
<div id="none" hidden>
<p class="lead">A search finds a book by the start of its ID, or by words that all occur in its title, category, authors, publisher or
edition; case and accents do not matter. Try fewer words, part of a word, or fewer filters.</p>
<p class="steps"><a class="btn btn-primary" href="/list">Show all books</a> <a class="btn btn-outline-primary" href="/add<?= $back ?>">Add a book</a></p>
</div>
<p class="source">Data loaded from Redis cache. Length: <?= $books ?>. Time took: <?= $took ?> seconds</p>
</main>
<footer class="foot container-xxl">
<p>Everybody who can reach this site may change its books.</p>
</footer>
</body>
</html>

<?php
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-cache');
header('Content-Length: ' . ob_get_length());
