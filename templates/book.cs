<?cs # One book; or, if it was deleted, what it was.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1><bdi><?cs var:Book.Title ?></bdi></h1>
<?cs if:Book.Gone ?><p class="lead">This book was deleted<?cs if:Book.DeletedAt ?> on <time><?cs var:Book.DeletedAt ?></time> (UTC) by <bdi><?cs var:Book.DeletedBy ?></bdi><?cs /if ?>. This is what it was.</p>
<?cs /if ?><dl class="book">
<?cs each:f = Book.Fields ?><dt><?cs var:f.Label ?></dt>
<dd<?cs if:f.Name == "book_id" ?> class="id"<?cs /if ?>><?cs if:f.URL ?><a href="<?cs var:f.URL ?>"><bdi><?cs var:f.Value ?></bdi></a><?cs else ?><bdi><?cs var:f.Value ?></bdi><?cs /if ?></dd>
<?cs /each ?></dl>
<?cs if:Book.Gone ?><?cs if:Page.Edits ?><form action="<?cs var:Book.Restore ?>" method="post" data-once="Restoring…">
<?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>">
<?cs /if ?><input type="hidden" name="version" value="<?cs var:Book.Version ?>">
<p class="steps"><button class="btn btn-primary">Restore this book</button></p>
</form>
<?cs /if ?><?cs elif:Page.Edits ?><p class="steps"><a class="btn btn-primary" id="edit" href="<?cs var:Book.Update ?>">Edit</a>
<a class="btn btn-outline-danger" href="<?cs var:Book.Delete ?>">Delete</a></p>
<?cs /if ?><p class="note"><a href="<?cs var:Book.History ?>">History</a> · <?cs if:!Book.Gone ?><a href="<?cs var:Book.JSON ?>">JSON</a><?cs else ?><a href="<?cs var:Page.Base ?>/list">See all books</a><?cs /if ?></p>
</div>
<?cs include:"footer.cs" ?>
