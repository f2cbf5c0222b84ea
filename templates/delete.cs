<?cs # Asks for confirmation before a book is deleted. A separate page, so that it works without script.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Delete this book?</h1>
<dl class="book">
<dt>Title</dt>
<dd><bdi><?cs var:Delete.Title ?></bdi></dd>
<?cs if:string.length(Delete.Authors) ?><dt>Authors</dt>
<dd><bdi><?cs var:Delete.Authors ?></bdi></dd>
<?cs /if ?><dt>Book ID</dt>
<dd class="id"><?cs var:Delete.ID ?></dd>
</dl>
<form action="<?cs var:Delete.Action ?>" method="post" data-once="Deleting…" data-stays="The book may have been deleted anyway. You can try again.">
<?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>">
<?cs /if ?><?cs if:string.length(Delete.Back) ?><input type="hidden" name="back" value="<?cs var:Delete.Back ?>">
<?cs /if ?><?cs if:string.length(Delete.Neighbour) ?><input type="hidden" name="neighbour" value="<?cs var:Delete.Neighbour ?>">
<?cs /if ?><p class="steps">
<button class="btn btn-danger">Delete book</button>
<a class="btn btn-outline-primary" href="<?cs var:Delete.Cancel ?>">Keep it</a>
</p>
</form>
</div>
<?cs include:"footer.cs" ?>
