<?cs # The home page: what is here, and the ways to it. What could not be counted or read is left out.
?><?cs include:"header.cs" ?>
<section class="home">
<h1>A shared catalogue of books</h1>
<p class="lead"><?cs if:string.length(Home.Total) ?><?cs if:Home.Total == #0 ?>No books yet<?cs elif:Home.Total == #1 ?>1 book<?cs else ?><?cs var:Home.TotalText ?> books<?cs /if ?>. <?cs /if ?>Find one<?cs if:Page.Edits ?>, add what is missing, correct what is wrong<?cs /if ?>.</p>
<?cs include:"search.cs" ?>
<p class="note"><code>"the sea"</code> finds words in one piece, <code>-poetry</code> leaves books out, <code>author:homer</code> looks in one
field: <code>title:</code> <code>author:</code> <code>category:</code> <code>publisher:</code> <code>edition:</code> <code>date:</code> <code>id:</code></p>
<p class="steps"><a class="btn btn-primary" href="<?cs var:Page.Base ?>/list">See all books</a><?cs if:Page.Edits ?> <a class="btn btn-outline-primary" href="<?cs var:Page.Base ?>/add">Add a book</a><?cs /if ?></p>
<?cs if:Home.Categories.0.URL ?><h2>Categories</h2>
<ul class="categories">
<?cs each:c = Home.Categories ?><li><a href="<?cs var:c.URL ?>"><bdi><?cs var:c.Name ?></bdi></a> <?cs var:c.Books ?></li>
<?cs /each ?><?cs if:Home.More ?><li><a href="<?cs var:Home.More ?>">More…</a></li>
<?cs /if ?></ul>
<?cs /if ?><?cs if:Home.Entries.0.At ?><h2>Last changes</h2>
<ol class="latest">
<?cs each:e = Home.Entries ?><li><?cs if:e.What ?><a href="<?cs var:e.Edit ?>"><bdi><?cs var:e.What ?></bdi></a><?cs
else ?><?cs if:e.Op == "add" ?>Added<?cs elif:e.Op == "update" ?>Changed<?cs else ?>Deleted<?cs /if ?> <a href="<?cs if:e.Page ?><?cs var:e.Page ?><?cs else ?><?cs var:e.History ?><?cs /if ?>"><bdi><?cs var:e.Title ?></bdi></a><?cs
/if ?> <time><?cs var:e.At ?></time></li>
<?cs /each ?></ol>
<?cs /if ?><p class="note"><a href="<?cs var:Page.Base ?>/changes">All changes</a><?cs if:Page.Admin ?> · <a href="<?cs var:Page.Base ?>/timings">How fast is it?</a><?cs /if ?></p>
<img class="shelf" src="<?cs var:Page.Static ?>/img/shelf.svg" alt="" width="640" height="150">
</section>
<?cs include:"footer.cs" ?>
