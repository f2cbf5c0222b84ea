<?cs # Changes of the log, newest first: macros for history.cs and changes.cs.
?><?cs def:fields(e) ?><?cs if:e.Fields.0.Label ?><dl class="changed">
<?cs each:f = e.Fields ?><div><dt><?cs var:f.Label ?></dt>
<dd><?cs if:string.length(f.Old) ?><del><bdi><?cs var:f.Old ?></bdi></del><?cs /if ?><?cs if:string.length(f.Old) && string.length(f.New) ?> <span aria-hidden="true">→</span> <?cs /if ?><?cs if:string.length(f.New) ?><ins><bdi><?cs var:f.New ?></bdi></ins><?cs /if ?></dd></div>
<?cs /each ?></dl>
<?cs /if ?><?cs /def
?><?cs def:op(e) ?><?cs if:e.Op == "add" ?>Added<?cs elif:e.Op == "update" ?>Changed<?cs else ?>Deleted<?cs /if ?><?cs /def
?><?cs def:when(e) ?><time><?cs var:e.At ?></time> (UTC) by <a href="<?cs var:e.ByWho ?>"><bdi><?cs var:e.Who ?></bdi></a><?cs /def
?><?cs def:restore(e, label) ?><?cs if:e.Restore && Page.Edits ?><form action="<?cs var:e.Restore ?>" method="post" data-once="Restoring…"><?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>-<?cs var:e.Place ?>"><?cs /if ?><input type="hidden" name="version" value="<?cs var:e.Version ?>"><button class="btn btn-sm btn-outline-primary" aria-label="<?cs var:label ?>: <?cs var:e.ID ?>, <?cs var:e.At ?>"><?cs var:label ?></button></form>
<?cs /if ?><?cs /def
?><?cs def:older(pages) ?><?cs if:pages.Older || pages.Newest ?><p class="steps"><?cs if:pages.Newest ?><a class="btn btn-outline-primary" href="<?cs var:pages.Newest ?>">Newest</a> <?cs /if ?><?cs if:pages.Older ?><a class="btn btn-outline-primary" rel="next" href="<?cs var:pages.Older ?>">Older</a><?cs /if ?></p>
<?cs /if ?><?cs /def ?>
