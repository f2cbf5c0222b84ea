<?cs # Changes many books at once: asks what to do, and shows a preview, which is confirmed.
?><?cs include:"entries.cs" ?><?cs def:ids() ?><?cs each:i = Edit.IDs ?><input type="hidden" name="id" value="<?cs var:i.ID ?>">
<?cs /each ?><?cs /def
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Change <?cs if:string.length(Edit.Found) ?><?cs var:Edit.Found ?> <?cs /if ?>book<?cs if:!Edit.FoundOne ?>s<?cs /if ?><?cs if:string.length(Edit.Search) ?> that match <q><bdi><?cs var:Edit.Search ?></bdi></q><?cs /if ?></h1>
<?cs if:Edit.Chosen ?><p class="lead">Only <?cs each:c = Edit.Chips ?><?cs var:c.Label ?>: <bdi><?cs var:c.Value ?></bdi><?cs if:!last(c) ?>, <?cs /if ?><?cs /each ?></p>
<?cs /if ?><?cs if:string.length(Edit.Error) ?><div class="alert alert-danger" role="alert">
<p><?cs var:Edit.Error ?></p>
</div>
<?cs /if ?><?cs if:Edit.Plan.What ?><section aria-labelledby="preview">
<h2 id="preview">Preview: <bdi><?cs var:Edit.Plan.What ?></bdi></h2>
<?cs if:Edit.Plan.Refused ?><p class="alert alert-danger" role="alert"><?cs var:Edit.Plan.Refused ?> book<?cs if:!Edit.Plan.RefusedOne ?>s<?cs /if ?> would not be valid, so nothing can be changed.</p>
<?cs else ?><p role="status"><?cs var:Edit.Plan.Changes ?> book<?cs if:!Edit.Plan.ChangesOne ?>s<?cs /if ?> will be <?cs if:Edit.Kind == "delete" ?>deleted<?cs else ?>changed<?cs /if ?><?cs
  if:Edit.Plan.Unchanged ?>, <?cs var:Edit.Plan.Unchanged ?> <?cs if:Edit.Plan.UnchangedOne ?>is<?cs else ?>are<?cs /if ?> as wanted already<?cs /if ?>. Nothing has been changed yet.</p>
<?cs /if ?><?cs if:Edit.Plan.Samples.0.ID ?><ol class="entries changes">
<?cs each:e = Edit.Plan.Samples ?><li><div><a href="<?cs var:e.Page ?>"><bdi><?cs var:e.Title ?></bdi></a>
<p class="form-text"><span class="id"><?cs var:e.ID ?></span></p>
<?cs if:e.Fault ?><p><?cs var:e.Fault ?></p>
<?cs /if ?><?cs call:fields(e) ?></div></li>
<?cs /each ?></ol>
<?cs if:Edit.Plan.More ?><p class="form-text">and <?cs var:Edit.Plan.More ?> more</p>
<?cs /if ?><?cs /if ?><?cs if:Edit.Plan.Due && !Edit.Plan.Refused ?><form action="<?cs var:Edit.Action ?>" method="post" data-once="Working…">
<?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>">
<?cs /if ?><?cs call:ids() ?><input type="hidden" name="what" value="<?cs var:Edit.Kind ?>">
<input type="hidden" name="field" value="<?cs var:Edit.Field ?>">
<input type="hidden" name="old" value="<?cs var:Edit.Old ?>">
<input type="hidden" name="new" value="<?cs var:Edit.New ?>">
<input type="hidden" name="sum" value="<?cs var:Edit.Plan.Sum ?>">
<input type="hidden" name="step" value="run">
<p class="steps"><?cs if:Edit.Kind == "delete" ?><button class="btn btn-danger">Delete <?cs var:Edit.Plan.Changes ?> book<?cs if:!Edit.Plan.ChangesOne ?>s<?cs /if ?></button><?cs
else ?><button class="btn btn-primary">Change <?cs var:Edit.Plan.Changes ?> book<?cs if:!Edit.Plan.ChangesOne ?>s<?cs /if ?></button><?cs /if ?>
<a class="btn btn-outline-primary" href="<?cs var:Edit.Back ?>">Back to the books</a></p>
</form>
<?cs /if ?></section>
<h2>Something else</h2>
<?cs /if ?><form action="<?cs var:Edit.Action ?>" method="post">
<?cs call:ids() ?><fieldset>
<legend>What to do</legend>
<div class="form-check"><input class="form-check-input" type="radio" name="what" id="set" value="set"<?cs if:Edit.Kind == "set" ?> checked<?cs /if ?>>
<label class="form-check-label" for="set">Set a field</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="what" id="clear" value="clear"<?cs if:Edit.Kind == "clear" ?> checked<?cs /if ?>>
<label class="form-check-label" for="clear">Clear a field</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="what" id="replace" value="replace"<?cs if:Edit.Kind == "replace" ?> checked<?cs /if ?>>
<label class="form-check-label" for="replace">Replace a text in a field</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="what" id="delete" value="delete"<?cs if:Edit.Kind == "delete" ?> checked<?cs /if ?>>
<label class="form-check-label" for="delete">Delete the books</label></div>
</fieldset>
<div class="fields pair what">
<div class="field">
<label class="form-label" for="field">Field</label>
<select class="form-select" id="field" name="field">
<?cs each:f = Edit.Fields ?><option value="<?cs var:f.Name ?>"<?cs if:f.Chosen ?> selected<?cs /if ?>><?cs var:f.Label ?></option>
<?cs /each ?></select>
</div>
<div class="field of-replace">
<label class="form-label" for="old">Text to replace</label>
<input class="form-control" id="old" name="old" value="<?cs var:Edit.Old ?>" autocomplete="off" aria-describedby="case">
<p class="form-text" id="case">Wherever it occurs in the field; case matters.</p>
</div>
<div class="field of-new">
<label class="form-label" for="new">New value, or new text</label>
<input class="form-control" id="new" name="new" value="<?cs var:Edit.New ?>" autocomplete="off" aria-describedby="day">
<p class="form-text" id="day">A date as YYYY-MM-DD.</p>
</div>
</div>
<p class="steps"><button class="btn <?cs if:Edit.Plan.What ?>btn-outline-primary<?cs else ?>btn-primary<?cs /if ?>">Preview</button> <a class="btn btn-outline-primary" href="<?cs var:Edit.Back ?>">Cancel</a></p>
</form>
</div>
<?cs include:"footer.cs" ?>
