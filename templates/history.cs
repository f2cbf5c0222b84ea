<?cs # What became of one book, newest first.
?><?cs include:"entries.cs" ?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>History of <?cs if:History.Page ?><a href="<?cs var:History.Page ?>"><bdi><?cs var:History.Title ?></bdi></a><?cs else ?><span class="id"><?cs var:History.ID ?></span><?cs /if ?></h1>
<?cs if:History.Entries.0.At ?><ol class="entries changes">
<?cs each:e = History.Entries ?><li>
<div><b><?cs call:op(e) ?></b> <span class="form-text"><?cs call:when(e) ?><?cs if:e.Edit ?>, <a href="<?cs var:e.Edit ?>">with others</a><?cs /if ?></span>
<?cs call:fields(e) ?></div>
<?cs if:e.Current ?><span class="form-text">as it is now</span>
<?cs elif:e.Op == "delete" ?><?cs call:restore(e, "Restore the book") ?><?cs
else ?><?cs call:restore(e, "Restore this state") ?><?cs /if ?></li>
<?cs /each ?></ol>
<?cs else ?><p class="lead">The log has no <?cs if:History.Newest ?>older <?cs /if ?>changes of this book.</p>
<?cs /if ?><?cs call:older(History) ?><p class="note"><a href="<?cs var:Page.Base ?>/changes">Changes of all books</a> · <a href="<?cs var:History.JSON ?>">JSON</a></p>
</div>
<?cs include:"footer.cs" ?>
