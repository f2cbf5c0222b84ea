<?cs # Adds a book or changes one. After a refusal it comes back with what was typed and an error by each field.
      The fields come from the program's table of fields; only the keyboard hints by name are kept here.
?><?cs set:Form.Focused = #0 ?><?cs include:"header.cs" ?>
<div class="narrow">
<h1><?cs if:Form.Mode == "add" ?>Add a book<?cs else ?>Update <span class="id"><?cs var:Form.ID ?></span><?cs /if ?></h1>
<?cs if:Form.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Form.Error ?></p>
<ul>
<?cs each:f = Form.Fields ?><?cs if:f.Error ?><li><a class="alert-link" href="#f-<?cs var:f.Name ?>"><?cs var:f.Label ?></a>: <?cs var:f.Error ?></li>
<?cs /if ?><?cs /each ?></ul>
</div>
<?cs /if ?>
<?cs if:Form.Present ?><div class="alert alert-warning" role="alert">
<p>This book was changed by somebody else since you opened it. Nothing has been saved yet, and your entries are kept.</p>
<p>Where they differ from what is stored now, that stands below the field. Save them all the same, or <a class="alert-link" href="<?cs var:Form.Present ?>">start from what is stored now</a>.</p>
</div>
<?cs /if ?><form action="<?cs var:Form.Action ?>" method="post" data-once="Saving…">
<?cs if:string.length(Form.Back) ?><input type="hidden" name="back" value="<?cs var:Form.Back ?>">
<?cs /if ?><?cs if:string.length(Form.Seen) ?><input type="hidden" name="seen" value="<?cs var:Form.Seen ?>">
<?cs /if ?>
<div class="fields">
<?cs each:f = Form.Fields ?>
<div class="field field-<?cs var:f.Name ?>">
<label class="form-label" for="f-<?cs var:f.Name ?>"><?cs var:f.Label ?><?cs if:f.Required ?> <span class="must" aria-hidden="true">*</span><?cs /if ?></label>
<?cs # A date input would show a date that does not exist as nothing at all, so a refused date comes back as text.
?><input class="form-control<?cs if:f.Error ?> is-invalid<?cs /if ?>" id="f-<?cs var:f.Name ?>" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>" autocomplete="off"<?cs
  if:f.Type == "date" && !f.Error ?> type="date" min="0001-01-01" max="9999-12-31"<?cs
  elif:f.Type == "date" ?> type="text" maxlength="10" placeholder="YYYY-MM-DD"<?cs
  else ?> type="text" maxlength="<?cs var:f.MaxLength ?>" dir="auto"<?cs
  /if ?><?cs
  if:f.Name == "book_id" ?> autocapitalize="off" autocorrect="off" spellcheck="false"<?cs
  elif:f.Name == "authors" || f.Name == "publisher" ?> autocapitalize="words" spellcheck="false"<?cs
  elif:f.Type != "date" ?> autocapitalize="sentences"<?cs
  /if ?><?cs
  if:f.Required ?> required<?cs /if ?><?cs
  if:f.Error ?> aria-invalid="true"<?cs /if ?><?cs
  if:f.Error && f.Hint ?> aria-describedby="e-<?cs var:f.Name ?> h-<?cs var:f.Name ?>"<?cs
  elif:f.Error ?> aria-describedby="e-<?cs var:f.Name ?>"<?cs
  elif:f.Hint ?> aria-describedby="h-<?cs var:f.Name ?>"<?cs
  elif:f.Differs ?> aria-describedby="n-<?cs var:f.Name ?>"<?cs
  /if ?><?cs
  if:f.Error && !Form.Focused ?> autofocus<?cs set:Form.Focused = #1 ?><?cs /if ?>>
<?cs if:f.Error ?><p class="invalid-feedback" id="e-<?cs var:f.Name ?>"><?cs var:f.Error ?></p>
<?cs /if ?><?cs if:f.Hint ?><p class="form-text" id="h-<?cs var:f.Name ?>"><?cs var:f.Hint ?></p>
<?cs /if ?><?cs if:f.Differs ?><p class="form-text" id="n-<?cs var:f.Name ?>">Stored now: <?cs if:string.length(f.Now) ?><bdi><?cs var:f.Now ?></bdi><?cs else ?>nothing<?cs /if ?></p>
<?cs /if ?></div>
<?cs /each ?>
</div>
<p class="note"><span class="must" aria-hidden="true">*</span> A field with a star is needed, the others may stay empty.</p>
<?cs if:Form.Mode == "add" && Form.Import ?><p class="note">Many books at once? <a href="<?cs var:Form.Import ?>">Import a file</a>.</p>
<?cs /if ?><p class="steps">
<button class="btn btn-primary"><?cs if:Form.Mode == "add" ?>Add book<?cs elif:Form.Present ?>Save all the same<?cs else ?>Save changes<?cs /if ?></button>
<a class="btn btn-outline-primary" href="<?cs var:Form.Cancel ?>">Cancel</a>
<?cs if:Form.Delete ?><a class="btn btn-outline-danger apart" href="<?cs var:Form.Delete ?>">Delete this book</a>
<?cs /if ?></p>
</form>
</div>
<?cs include:"footer.cs" ?>
