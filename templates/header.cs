<?cs # The top of every page: head, masthead, and the flash message after a write. The list sets Page.List before it
      includes this, to get its styles and scripts.
?><!doctype html>
<html lang="en"<?cs if:string.length(Page.Base) ?> data-base="<?cs var:Page.Base ?>"<?cs /if ?>>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description"<?cs if:Page.URL ?> property="og:description"<?cs /if ?> content="<?cs if:string.length(Page.Description) ?><?cs var:Page.Description ?><?cs else ?>A shared catalogue of books: search, browse, add and edit them.<?cs /if ?>">
<?cs if:Page.URL ?><link rel="canonical" href="<?cs var:Page.URL ?>">
<meta property="og:url" content="<?cs var:Page.URL ?>">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Book Share">
<meta property="og:title" content="<?cs var:Page.Title ?>">
<meta property="og:image" content="<?cs var:Page.Site ?><?cs var:Page.Static ?>/img/preview.png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image">
<?cs /if ?><?cs if:Page.Secret ?><meta name="referrer" content="origin">
<?cs /if ?><title><?cs if:Page.Title != "Book Share" ?><?cs var:Page.Title ?> - <?cs /if ?>Book Share</title>
<script src="<?cs var:Page.Static ?>/js/scheme.js"></script>
<link rel="icon" href="<?cs var:Page.Static ?>/img/icon.svg" type="image/svg+xml">
<link rel="manifest" href="<?cs var:Page.Static ?>/manifest.webmanifest">
<link rel="stylesheet" href="<?cs var:Page.Static ?>/vendor/bootstrap.min.css">
<?cs if:string.length(Page.Feed) ?><link rel="alternate" type="application/atom+xml" title="Changes" href="<?cs var:Page.Feed ?>">
<?cs /if ?><link rel="stylesheet" href="<?cs var:Page.Static ?>/css/bookshare.css">
<?cs if:Page.List ?><link rel="stylesheet" href="<?cs var:Page.Static ?>/css/list.css">
<script src="<?cs var:Page.Static ?>/js/list.js" type="module"></script>
<?cs /if ?><script src="<?cs var:Page.Static ?>/js/form.js" defer></script>
<script src="<?cs var:Page.Static ?>/js/keys.js" type="module"></script>
<?cs if:Page.List || Watched.Book ?><script src="<?cs var:Page.Static ?>/js/others.js" type="module"></script>
<?cs /if ?><?cs if:Page.Form ?><script src="<?cs var:Page.Static ?>/js/entry.js" type="module"></script>
<?cs /if ?></head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="mast">
<div class="container-xxl">
<a class="brand" href="<?cs var:Page.Base ?>/"><img src="<?cs var:Page.Static ?>/img/logo.svg" alt="" width="28" height="28"> Book Share</a>
<nav aria-label="Main">
<a href="<?cs var:Page.Base ?>/list"<?cs if:Page.Nav == "list" ?> aria-current="page"<?cs /if ?>>Books</a>
<?cs if:Page.Edits ?><a id="to-add" href="<?cs if:List.Add ?><?cs var:List.Add ?><?cs else ?><?cs var:Page.Base ?>/add<?cs /if ?>"<?cs if:Page.Nav == "add" ?> aria-current="page"<?cs /if ?>>Add a book</a>
<?cs /if ?><?cs if:Page.Account ?><a href="<?cs var:Page.Account ?>"<?cs if:Page.Nav == "account" ?> aria-current="page"<?cs /if ?>><bdi><?cs var:Page.Person ?></bdi></a>
<?cs elif:Page.Person ?><span><bdi><?cs var:Page.Person ?></bdi></span>
<?cs elif:Page.SignIn ?><a href="<?cs var:Page.SignIn ?>">Sign in</a>
<?cs /if ?></nav>
<?cs if:Page.Nav != "home" ?><?cs include:"search.cs" ?><?cs /if ?>
</div>
</header>
<main id="main" class="container-xxl" tabindex="-1"<?cs if:Watched.Book ?> data-book="<?cs var:Watched.Book ?>" data-tag="<?cs var:Watched.Tag ?>"<?cs /if ?>>
<?cs if:Flash.Kind ?><div class="alert alert-success flash<?cs if:Flash.Kind == "deleted" ?> gone<?cs /if ?>" role="status"><p>Book <b><?cs var:Flash.ID ?></b> was <?cs
  if:Flash.Kind == "merged" ?>updated. Changes that someone else made meanwhile were kept<?cs else ?><?cs var:Flash.Kind ?><?cs /if ?>.<?cs
  if:Flash.URL && Flash.Kind != "deleted" && !Book.Title ?> <a class="alert-link" href="<?cs var:Flash.URL ?>">Show it</a><?cs /if ?></p><?cs
  if:Flash.Undo ?>
<form action="<?cs var:Flash.Undo ?>" method="post" data-once="Undoing…"><?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>-undo"><?cs /if ?><input type="hidden" name="version" value="<?cs var:Flash.Version ?>"><input type="hidden" name="undo" value="1"><input type="hidden" name="to" value="<?cs var:Flash.To ?>"><button class="btn btn-sm btn-outline-primary">Undo</button></form><?cs /if ?>
</div>
<?cs /if ?>
