<?cs # What an edit of many books has done, or is doing.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1><bdi><?cs var:Edited.What ?></bdi></h1>
<?cs if:Edited.State == "running" ?><p class="note" role="status"><?cs var:Edited.Done ?> of <?cs var:Edited.Planned ?> books so far. This page is up to date each second; you can leave it.</p>
<?cs elif:Edited.State == "stopped" ?><p class="alert alert-warning" role="status">This stopped after <?cs var:Edited.Done ?> of <?cs var:Edited.Planned ?> books.</p>
<?cs else ?><p class="alert alert-success" role="status"><?cs var:Edited.Done ?> book<?cs if:!Edited.DoneOne ?>s were<?cs else ?> was<?cs /if ?> <?cs if:Edited.Op == "delete" ?>deleted<?cs elif:Edited.Op == "add" ?>added again<?cs else ?>changed<?cs /if ?>.</p>
<?cs /if ?><dl class="book">
<dt>Edit</dt>
<dd><?cs var:Edited.Number ?></dd>
<dt>When</dt>
<dd><time><?cs var:Edited.At ?></time> (UTC) by <a href="<?cs var:Edited.ByWho ?>"><bdi><?cs var:Edited.Who ?></bdi></a></dd>
<?cs if:Edited.Skipped ?><dt>Skipped</dt>
<dd><?cs var:Edited.Skipped ?>, changed by somebody meanwhile</dd>
<?cs /if ?><?cs if:Edited.Undoes ?><dt>Undoes</dt>
<dd><a href="<?cs var:Edited.Undoes ?>">an earlier edit</a></dd>
<?cs /if ?><?cs if:Edited.UndoneBy ?><dt>Undone</dt>
<dd>by <a href="<?cs var:Edited.UndoneBy ?>">a later edit</a></dd>
<?cs /if ?></dl>
<?cs if:Page.Edits && Edited.Undo ?><form action="<?cs var:Edited.Undo ?>" method="post" data-once="Undoing…"><?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>-undo"><?cs /if ?>
<p class="steps"><button class="btn btn-outline-primary">Undo</button></p>
</form>
<?cs /if ?><?cs if:Page.Edits && Edited.Continue ?><form action="<?cs var:Edited.Continue ?>" method="post" data-once="Going on…"><?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>-continue"><?cs /if ?>
<p class="steps"><button class="btn btn-primary">Continue</button></p>
</form>
<?cs /if ?><p class="note"><?cs if:Edited.Search ?><a href="<?cs var:Edited.Search ?>">Books of the same search</a> · <?cs /if ?><?cs if:Edited.Changes ?><a href="<?cs var:Edited.Changes ?>">Its changes</a> · <?cs /if ?><a href="<?cs var:Page.Base ?>/changes">All changes</a></p>
</div>
<?cs include:"footer.cs" ?>
