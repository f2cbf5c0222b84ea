<?cs # How long each way of fetching books takes: a table whose bars only repeat its numbers. The scale of the bars,
      seven powers of ten from 1 µs, 100 units each, must match src/view/html_timings.c.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Timings</h1>
<p class="lead">Book Share replaces an application that fetched all books for each page. These are its times, and the times of Book Share.</p>
<table class="timings">
<caption class="visually-hidden">Times for fetching books</caption>
<thead><tr>
<th scope="col">Source
<span class="scale" aria-hidden="true"><span>1 µs</span><span>10 µs</span><span>100 µs</span><span>1 ms</span><span>10 ms</span><span>0.1 s</span><span>1 s</span></span></th>
<th scope="col">Time</th>
</tr></thead>
<tbody>
<?cs each:t = Timings.Rows ?><tr<?cs if:t.Way == "original-first" || t.Way == "original-next" ?> class="original"<?cs /if ?>>
<th scope="row"><?cs
  if:t.Way == "original-first" ?>The first page of the original<?cs
  elif:t.Way == "original-next" ?>Its next pages<?cs
  elif:t.Way == "table-mysql" ?>The whole table from MySQL<?cs
  elif:t.Way == "table-redis" ?>The whole table from Redis<?cs
  elif:t.Way == "page-mysql" ?>A page from MySQL<?cs
  elif:t.Way == "page-index" ?>A page from the search index<?cs
  elif:t.Way == "page-redis" ?>A page from Redis<?cs
  else ?>A page from its file<?cs
  /if ?><?cs if:t.Bar ?> <span><?cs
    if:t.Way == "page-file" ?>Page 1, ready to send<?cs
    else ?><?cs if:t.Way == "page-mysql" || t.Way == "page-index" || t.Way == "page-redis" ?>Page <?cs var:Timings.Page ?>, <?cs /if
      ?><?cs var:t.Books ?> book<?cs if:t.Books != "1" ?>s<?cs /if ?><?cs
      if:t.Way == "original-first" ?> from MySQL<?cs elif:t.Way == "original-next" ?> from its cache<?cs /if ?><?cs
      if:t.Outcome == "cut" ?>, then cancelled<?cs /if ?><?cs
    /if ?></span><?cs /if ?><svg viewBox="0 0 700 10" preserveAspectRatio="none" aria-hidden="true"><path d="M0 0v10M100 0v10M200 0v10M300 0v10M400 0v10M500 0v10M600 0v10M700 0v10"/><?cs
  if:t.Bar ?><rect width="<?cs var:t.Bar ?>" height="10"/><?cs /if ?></svg></th>
<td><?cs
  if:t.Outcome == "done" ?><?cs var:t.Time ?><?cs
  elif:t.Outcome == "cut" ?>over <?cs var:Timings.Most ?> s<?cs
  else ?><small><?cs
    if:t.Outcome == "away" ?>no response<?cs
    elif:t.Outcome == "changed" ?>changed meanwhile<?cs
    elif:t.Outcome == "absent" ?>not available yet<?cs
    else ?>not yet measured<?cs
    /if ?></small><?cs
  /if ?></td>
</tr>
<?cs /each ?></tbody>
</table>
<p class="note">The scale of the bars is logarithmic: each line marks ten times the time of the one before. <?cs
if:Timings.At ?>Measured on <?cs var:Timings.At ?>, without network transfer; for pages, the fastest of five runs. <?cs
/if ?>The original was measured once, with 500,000 books.</p>
<form action="<?cs var:Page.Base ?>/timings" method="post" data-once="Measuring…">
<p class="steps"><button class="btn btn-primary"><?cs if:Timings.At ?>Measure again<?cs else ?>Measure now<?cs /if ?></button>
<a class="btn btn-outline-primary" href="<?cs var:Page.Base ?>/list">See all books</a></p>
</form>
<p class="note">A measurement reads the whole table and takes a few seconds.</p>
</div>
<?cs include:"footer.cs" ?>
