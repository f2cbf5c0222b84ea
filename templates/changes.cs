<?cs # What became of all books, newest first. With op=delete it is the bin.
?><?cs include:"entries.cs" ?><?cs set:Page.Feed = Changes.Feed ?><?cs include:"header.cs" ?>
<div class="narrow">
<?cs if:Changes.OfEdit ?><h1>Changes of <a href="<?cs var:Changes.Edit ?>">edit <?cs var:Changes.OfEdit ?></a></h1>
<p class="steps"><a href="<?cs var:Changes.All ?>">Show all changes</a></p>
<?cs else ?><h1>Changes</h1>
<form class="choose" action="<?cs var:Changes.Action ?>" method="get" autocomplete="off">
<label><span>User</span>
<input class="form-control form-control-sm" name="user" value="<?cs var:Changes.User ?>" maxlength="64" autocapitalize="off" autocorrect="off" spellcheck="false"></label>
<label><span>Kind</span>
<select class="form-select form-select-sm" name="op">
<option value="">Any</option>
<option value="add"<?cs if:Changes.Op == "add" ?> selected<?cs /if ?>>Added</option>
<option value="update"<?cs if:Changes.Op == "update" ?> selected<?cs /if ?>>Changed</option>
<option value="delete"<?cs if:Changes.Op == "delete" ?> selected<?cs /if ?>>Deleted</option>
</select></label>
<label><span>Day (UTC)</span>
<input class="form-control form-control-sm" type="date" name="day" value="<?cs var:Changes.Day ?>" min="0001-01-01" max="9999-12-31"></label>
<button class="btn btn-sm btn-outline-primary">Show</button><?cs if:Changes.All ?>
<a href="<?cs var:Changes.All ?>">Show all</a><?cs /if ?>
</form>
<?cs /if ?><?cs if:Changes.Entries.0.At ?><ol class="entries changes">
<?cs each:e = Changes.Entries ?><li>
<?cs if:e.What ?><div><a href="<?cs var:e.Edit ?>"><bdi><?cs var:e.What ?></bdi></a>
<p class="form-text"><?cs var:e.Books ?><?cs if:e.Planned ?> of <?cs var:e.Planned ?><?cs /if ?> book<?cs if:!e.One ?>s<?cs /if ?> · <?cs call:when(e) ?></p></div></li>
<?cs else ?><div><?cs call:op(e) ?> <?cs if:e.Page ?><a href="<?cs var:e.Page ?>"><bdi><?cs var:e.Title ?></bdi></a><?cs else ?><b><bdi><?cs var:e.Title ?></bdi></b><?cs /if ?>
<p class="form-text"><span class="id"><?cs var:e.ID ?></span> · <?cs call:when(e) ?> · <a href="<?cs var:e.History ?>">History<span class="visually-hidden"> of <?cs var:e.ID ?></span></a></p>
<?cs call:fields(e) ?></div>
<?cs call:restore(e, "Restore") ?></li>
<?cs /if ?><?cs /each ?></ol>
<?cs else ?><p class="lead">The log has no <?cs if:Changes.Newest ?>older changes<?cs elif:Changes.All ?>changes like these<?cs else ?>changes<?cs /if ?>.</p>
<?cs /if ?><?cs call:older(Changes) ?><p class="note"><a href="<?cs var:Changes.Feed ?>">Feed (Atom)</a></p>
</div>
<?cs include:"footer.cs" ?>
