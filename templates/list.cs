<?cs # One page of the list or of a search result.
      The rows make up nearly all of the page's bytes, so they have no class, style or indentation.
      css/list.css addresses the columns by position: its columns are those of book_fields, and the actions.
      List.Rows is the number of rows. C code repeats one rendered row (src/view/rows.h): the loop can show a book's
      values, but nothing in it can depend on them.
?><?cs def:head(column, label) ?><th scope="col"<?cs if:column.Sort ?> aria-sort="<?cs var:column.Sort ?>"<?cs /if ?>><a href="<?cs var:column.URL ?>"><?cs var:label ?></a></th><?cs /def
?><?cs # The view without its page, for a form that leads to another page of it or back to it.
?><?cs def:kept() ?><?cs if:string.length(List.Search) ?><input type="hidden" name="search" value="<?cs var:List.Search ?>">
<?cs /if ?><?cs each:k = List.Kept ?><input type="hidden" name="<?cs var:k.Name ?>" value="<?cs var:k.Value ?>">
<?cs /each ?><?cs /def
?><?cs # The page bar, above and below the rows. It is hidden if there is one page.
?><?cs def:pages(label) ?><nav class="pages" aria-label="<?cs var:label ?>"<?cs if:!List.Pager.0.Kind ?> hidden<?cs /if ?>>
<ul>
<?cs each:p = List.Pager ?><li class="<?cs var:p.Kind ?>"><?cs
  if:p.URL ?><a href="<?cs var:p.URL ?>"<?cs if:p.Current ?> aria-current="page"<?cs /if ?>><?cs
  else ?><span><?cs
  /if ?><?cs
  if:p.Kind == "first" ?>First<?cs
  elif:p.Kind == "previous" ?>Previous<?cs
  elif:p.Kind == "gap" ?>…<?cs
  elif:p.Kind == "next" ?>Next<?cs
  elif:p.Kind == "last" ?>Last<?cs
  else ?><span class="visually-hidden">Page </span><?cs var:p.Label ?><?cs
  /if ?><?cs if:p.URL ?></a><?cs else ?></span><?cs /if ?></li>
<?cs /each ?></ul>
<form class="goto" action="<?cs var:Page.Base ?>/list" method="get" autocomplete="off">
<label><span class="word">Page</span> <input class="form-control form-control-sm" type="number" name="page" value="<?cs var:List.Page ?>" min="1" max="<?cs var:List.PageMost ?>" required> of <span class="most"><?cs var:List.Pages ?></span></label>
<?cs call:kept() ?><button class="btn btn-sm btn-outline-primary">Go</button>
</form>
</nav>
<?cs /def
?><?cs set:Page.List = #1 ?><?cs include:"header.cs" ?>
<header class="listhead">
<h1 id="heading"><?cs if:string.length(List.Search) ?><?cs # a search
  ?><?cs if:List.Total == #0 ?>No book matches<?cs elif:List.Total == #1 ?>1 book matches<?cs else ?><?cs var:List.TotalText ?> books match<?cs /if
  ?> <q><bdi><?cs var:List.Search ?></bdi></q><?cs
elif:List.Total == #0 && List.Chosen ?>No book matches<?cs
else ?><?cs if:List.Total == #0 ?>No books yet<?cs elif:List.Total == #1 ?>1 book<?cs else ?><?cs var:List.TotalText ?> books<?cs /if ?><?cs
/if ?></h1>
<p class="meant" id="meant"<?cs if:!List.Suggestions.0.URL ?> hidden<?cs /if ?>>Did you mean<?cs each:s = List.Suggestions ?><?cs if:!first(s) ?>,<?cs /if ?> <a href="<?cs var:s.URL ?>"><bdi><?cs var:s.Search ?></bdi></a> (<?cs var:s.Total ?>)<?cs /each ?>?</p>
<p class="chips" id="chips"><?cs each:c = List.Chips ?><a href="<?cs var:c.URL ?>"><span class="visually-hidden">Remove </span><?cs var:c.Label ?>: <bdi><?cs var:c.Value ?></bdi></a>
<?cs /each ?><?cs if:List.Chosen || string.length(List.Search) ?><a class="all" href="<?cs var:List.All ?>">Show all books</a><?cs /if ?></p>
<p class="files"<?cs if:List.Rows == #0 ?> hidden<?cs /if ?>>Export <a href="<?cs var:List.CSV ?>">CSV</a> <a href="<?cs var:List.NDJSON ?>">NDJSON</a> <a href="<?cs var:List.JSON ?>">JSON<span class="visually-hidden"> of this page</span></a><?cs if:Page.Edits ?> · <a href="<?cs var:List.Edit ?>">Change all<span class="visually-hidden"> of these books</span></a><?cs /if ?></p>
<p class="alert alert-warning" id="unsure" role="status"<?cs if:!string.length(List.Unsure) ?> hidden<?cs /if ?>>The database does not respond at the moment. These rows come from the cache and may be out of date.</p>
</header>
<p class="visually-hidden" id="status" role="status"></p>
<?cs include:"filters.cs" ?>
<div id="some"<?cs if:List.Rows == #0 ?> hidden<?cs /if ?>>
<div class="tools">
<p class="showing">Showing <?cs var:List.From ?> to <?cs var:List.To ?> of <?cs var:List.TotalText ?> book<?cs if:List.Total != #1 ?>s<?cs /if ?></p>
<p class="sizes">Rows <?cs each:s = List.Sizes ?><a href="<?cs var:s.URL ?>"<?cs if:s.Current ?> aria-current="true"<?cs /if ?>><?cs var:s.Rows ?></a> <?cs /each ?></p>
<details class="columns"><summary>Columns</summary>
<ul><?cs each:c = List.Columns ?><li><a href="<?cs var:c.URL ?>"<?cs if:c.Hidden ?> class="off"><span class="visually-hidden">Show<?cs else ?>><span class="visually-hidden">Hide<?cs /if ?> </span><?cs var:c.Label ?></a></li>
<?cs /each ?></ul>
</details>
<?cs call:pages("Pages") ?></div>
<table id="books" class="table"<?cs if:string.length(List.Hidden) ?> data-hide="<?cs var:List.Hidden ?>"<?cs /if ?>>
<caption class="visually-hidden">Books <?cs var:List.From ?> to <?cs var:List.To ?> of <?cs var:List.TotalText ?></caption>
<thead><tr>
<?cs call:head(List.Heads.book_id, "Book ID") ?>
<?cs call:head(List.Heads.title, "Title") ?>
<?cs call:head(List.Heads.category, "Category") ?>
<?cs call:head(List.Heads.authors, "Authors") ?>
<?cs call:head(List.Heads.publisher, "Publisher") ?>
<?cs call:head(List.Heads.edition, "Edition") ?>
<?cs call:head(List.Heads.available_from, "Available from") ?>
<?cs if:Page.Edits ?><th scope="col"><span class="visually-hidden">Actions</span></th>
<?cs /if ?></tr></thead>
<tbody>
<?cs each:b = List.Books ?><tr id="b-<?cs var:b.key ?>">
<td><?cs var:b.book_id ?></td>
<th scope="row"><a href="<?cs var:b.page ?>"><?cs var:b.title ?></a></th>
<td><?cs var:b.category ?></td>
<td><?cs var:b.authors ?></td>
<td><?cs var:b.publisher ?></td>
<td><?cs var:b.edition ?></td>
<td><?cs var:b.available_from ?></td>
<?cs if:Page.Edits ?><td><input type="checkbox" name="id" value="<?cs var:b.book_id ?>" form="picked" aria-label="Select <?cs var:b.title ?>"> <a href="<?cs var:b.update ?>" aria-label="Edit <?cs var:b.title ?>">Edit</a></td>
<?cs /if ?></tr>
<?cs /each ?></tbody>
</table>
<?cs call:pages("Pages, below") ?><?cs if:Page.Edits ?><form class="picked" id="picked" action="<?cs var:Page.Base ?>/edit" method="get" autocomplete="off">
<span class="count" role="status">Selected books</span>
<button class="btn btn-sm btn-primary">Change or delete</button>
<button class="btn btn-sm btn-outline-primary" type="reset">Clear</button>
<?cs if:List.Page > #1 ?><input type="hidden" name="page" value="<?cs var:List.Page ?>">
<?cs /if ?><?cs call:kept() ?></form>
<?cs /if ?></div>
<div id="none"<?cs if:List.Rows > #0 ?> hidden<?cs /if ?>>
<?cs if:List.Total == #0 && !List.Chosen && !string.length(List.Search) ?><p class="lead">The shelf is empty.</p>
<?cs if:Page.Edits ?><p class="steps"><a class="btn btn-primary" href="<?cs var:List.Add ?>">Add the first book</a></p>
<?cs /if ?><?cs else ?><p class="lead">A search finds a book by the start of its ID, or by words that all occur in its title, category, authors, publisher or
edition; case and accents do not matter. Try fewer words, part of a word, or fewer filters.</p>
<p class="steps"><a class="btn btn-primary" href="<?cs var:List.All ?>">Show all books</a><?cs if:Page.Edits ?> <a class="btn btn-outline-primary" href="<?cs var:List.Add ?>">Add a book</a><?cs /if ?></p>
<?cs /if ?></div>
<p class="source"<?cs if:string.length(List.Version) ?> data-version="<?cs var:List.Version ?>"<?cs /if ?>>Data loaded from <?cs
if:string.length(List.RenderedAt) ?><?cs # a page file: the browser measures the time
  ?>a page file, rendered from <?cs var:List.Source ?> on <?cs var:List.RenderedAt ?>. Length: <?cs var:List.Total ?>.<span id="took" hidden> Time took: <span></span> seconds</span><?cs
else ?><?cs var:List.Source ?>. Length: <?cs var:List.Total ?>. Time took: <?cs var:List.Seconds ?> seconds<?cs
/if ?></p>
<?cs include:"footer.cs" ?>
