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

ob_start();
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>All books - Book Share</title>
<link rel="icon" href="/static/img/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/vendor/bootstrap.min.css">
<link rel="stylesheet" href="/static/css/bookshare.css">
<link rel="stylesheet" href="/static/css/list.css">
<script src="/static/vendor/dataTables.min.js" defer></script>
<script src="/static/js/list.js" defer></script>
<script src="/static/js/form.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="mast">
<div class="container-xxl">
<a class="brand" href="/"><img src="/static/img/logo.svg" alt="" width="28" height="28"> Book Share</a>
<nav aria-label="Main">
<a href="/list" aria-current="page">Books</a>
<a href="/add<?= $back ?>">Add a book</a>
</nav>
<form class="search" action="/list" method="get" role="search">
<label class="visually-hidden" for="search">Search all books</label>
<input class="form-control" type="search" id="search" name="search" value="" maxlength="500"
 placeholder="Search title, author, ID…" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search">
<button class="btn btn-search">Search</button>
</form>

</div>
</header>
<main id="main" class="container-xxl" tabindex="-1">


<header class="listhead">
<h1><?= $total ?> books</h1>
<p class="source">Data loaded from Redis cache. Length: <?= $books ?>. Time took: <?= $took ?> seconds</p>
</header>

<div class="tools">
<p class="showing"><span>Showing <?= $from ?> to <?= $to ?> of <?= $total ?> books</span>
<span>Page <?= number_format($page) ?> of <?= number_format($pages) ?></span></p>
<p class="filter" hidden><label for="filter">Filter these <?= count($rows) ?> rows</label>
<input class="form-control form-control-sm" type="search" id="filter" autocomplete="off" spellcheck="false" aria-controls="books">
<span id="filtered" class="visually-hidden" role="status"></span></p>
<nav class="pages" aria-label="Pages">
<ul>
<?php foreach ($bar as [$kind, $address, $label]) { ?>
<li class="<?= $kind ?>"><a<?= $address !== '' ? ' href="' . htmlspecialchars($address) . '"' : '' ?><?=
    $kind === 'page' && $address === address($page) ? ' aria-current="page"' : '' ?>><?= $label ?></a></li>
<?php } ?>
</ul>
</nav>
</div>
<table id="books" class="table">
<caption class="visually-hidden">Books <?= $from ?> to <?= $to ?> of <?= $total ?></caption>
<thead><tr>
<th scope="col">Book ID</th>
<th scope="col">Title</th>
<th scope="col">Category</th>
<th scope="col">Authors</th>
<th scope="col">Publisher</th>
<th scope="col">Edition</th>
<th scope="col">Available</th>
<th scope="col"><span class="visually-hidden">Actions</span></th>
</tr></thead>
<tbody>
<?php
foreach ($rows as $row) {
    $field = explode("\t", $row);
    if (str_contains($row, '\\')) {
        $field = array_map(fn($text) => strtr($text, ESCAPES), $field);
    }
    $id = rawurlencode($field[0]);
?>
<tr>
<td><?= htmlspecialchars($field[0]) ?></td>
<th scope="row"><?= htmlspecialchars($field[1]) ?></th>
<td><?= htmlspecialchars($field[2]) ?></td>
<td><?= htmlspecialchars($field[3]) ?></td>
<td><?= htmlspecialchars($field[4]) ?></td>
<td><?= htmlspecialchars($field[5]) ?></td>
<td><?= htmlspecialchars($field[6]) ?></td>
<td><a href="/update/<?= $id . $back ?>">Update</a> <a href="/delete/<?= $id . $back ?>">Delete</a></td>
</tr>
<?php } ?>
</tbody>
</table>

</main>
</body>
</html>

<?php
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-cache');
header('Content-Length: ' . ob_get_length());
