<?cs # Adds or updates a book. After an error the form comes back with the input and an error next to each field. The
      fields come from the program's table of fields; only the keyboard hints are kept here. Base is the stored book as
      the user last saw it: the program merges the input with what is stored by then.

      The summary of the errors has the focus, else the first question, else the title of a new book.
?><?cs def:focus(f) ?><?cs if:!Form.Focused ?> autofocus<?cs set:Form.Focused = #1 ?><?cs /if ?><?cs /def
?><?cs def:value(text) ?><?cs if:string.length(text) ?><bdi><?cs var:text ?></bdi><?cs else ?>(empty)<?cs /if ?><?cs /def
?><?cs # A date input shows an invalid date as empty, so an invalid date comes back in a text input.
?><?cs def:input(f, label) ?><input class="form-control<?cs if:f.Error ?> is-invalid<?cs /if ?>" id="f-<?cs var:f.Name ?>" name="<?cs var:f.Name ?>" value="<?cs var:f.Value ?>" autocomplete="off"<?cs
  if:string.length(label) ?> aria-label="<?cs var:label ?>"<?cs /if ?><?cs
  if:f.Type == "date" && !f.Error ?> type="date" min="0001-01-01" max="9999-12-31"<?cs
  elif:f.Type == "date" ?> type="text" maxlength="10" placeholder="YYYY-MM-DD"<?cs
  else ?> type="text" maxlength="<?cs var:f.MaxLength ?>" dir="auto"<?cs
  /if ?><?cs
  if:f.Name == "book_id" ?> autocapitalize="off" autocorrect="off" spellcheck="false"<?cs
  elif:f.Name == "authors" || f.Name == "publisher" ?> autocapitalize="words" spellcheck="false"<?cs
  elif:f.Type != "date" ?> autocapitalize="sentences"<?cs
  /if ?><?cs
  if:f.Required && !f.Asked ?> required<?cs /if ?><?cs
  if:f.Error ?> aria-invalid="true"<?cs /if ?><?cs
  if:f.Error && f.Hint ?> aria-describedby="e-<?cs var:f.Name ?> h-<?cs var:f.Name ?>"<?cs
  elif:f.Error ?> aria-describedby="e-<?cs var:f.Name ?>"<?cs
  elif:f.Hint ?> aria-describedby="h-<?cs var:f.Name ?>"<?cs
  elif:f.Taken ?> aria-describedby="n-<?cs var:f.Name ?>"<?cs
  /if ?><?cs
  if:f.Suggests ?> list="l-<?cs var:f.Name ?>" data-values="<?cs var:f.Suggests ?>"<?cs /if ?><?cs
  if:Form.Taken && f.Name == "book_id" ?> data-taken="<?cs var:Form.Taken ?>"<?cs /if ?><?cs
  if:Form.Mode == "add" && f.Name == "title" ?><?cs call:focus(f) ?><?cs /if ?>>
<?cs if:f.Suggests ?><datalist id="l-<?cs var:f.Name ?>"></datalist>
<?cs /if ?><?cs /def
?><?cs set:Page.Form = #1 ?><?cs set:Form.Focused = #0 ?><?cs include:"header.cs" ?>
<div class="narrow">
<h1><?cs if:Form.Mode == "add" ?>Add a book<?cs else ?>Update <span class="id"><?cs var:Form.ID ?></span><?cs /if ?></h1>
<?cs if:Form.Error ?><div class="alert alert-danger" role="alert" tabindex="-1"<?cs call:focus(Form) ?>>
<p><?cs var:Form.Error ?></p>
<ul>
<?cs each:f = Form.Fields ?><?cs if:f.Error ?><li><a class="alert-link" href="#<?cs if:f.Asked ?>m<?cs else ?>f<?cs /if ?>-<?cs var:f.Name ?>"><?cs var:f.Label ?></a>: <?cs var:f.Error ?></li>
<?cs /if ?><?cs /each ?></ul>
</div>
<?cs elif:Form.Present ?><div class="alert alert-warning" role="alert">
<p>Someone else has changed this book since you opened it. Nothing has been saved yet, and your input is kept.</p>
<p><?cs if:Form.Asked ?>Choose a value for each field that both of you changed<?cs else ?>Review the changes<?cs /if ?> and save again, or <a class="alert-link" href="<?cs var:Form.Present ?>" data-drop>start over from the saved version</a>.</p>
</div>
<?cs /if ?>
<form action="<?cs var:Form.Action ?>" method="post" data-draft data-once="Saving…" data-stays="Your input is kept: save again. It is not saved twice.">
<?cs if:Page.Key ?><input type="hidden" name="once" value="<?cs var:Page.Key ?>">
<?cs /if ?><?cs if:string.length(Form.Back) ?><input type="hidden" name="back" value="<?cs var:Form.Back ?>">
<?cs /if ?>
<div class="fields">
<?cs each:f = Form.Fields ?>
<?cs if:f.HasBase ?><input type="hidden" name="base_<?cs var:f.Name ?>" value="<?cs var:f.Base ?>">
<?cs /if ?><?cs if:f.Asked ?><fieldset class="field asked field-<?cs var:f.Name ?>">
<legend><?cs var:f.Label ?></legend>
<input type="hidden" name="before_<?cs var:f.Name ?>" value="<?cs var:f.Before ?>">
<p class="form-text" id="n-<?cs var:f.Name ?>">When you opened it: <?cs call:value(f.Before) ?></p>
<div class="form-check"><input class="form-check-input" type="radio" name="take_<?cs var:f.Name ?>" id="m-<?cs var:f.Name ?>" value="mine" required aria-describedby="n-<?cs var:f.Name ?>"<?cs if:f.Take == "mine" ?> checked<?cs /if ?><?cs call:focus(f) ?>>
<label class="form-check-label" for="m-<?cs var:f.Name ?>">Keep mine</label>
<?cs call:input(f, "Your " + f.Label) ?></div>
<div class="form-check"><input class="form-check-input" type="radio" name="take_<?cs var:f.Name ?>" id="t-<?cs var:f.Name ?>" value="theirs" required<?cs if:f.Take == "theirs" ?> checked<?cs /if ?>>
<label class="form-check-label" for="t-<?cs var:f.Name ?>">Take theirs: <?cs call:value(f.Base) ?></label></div>
<?cs else ?><div class="field field-<?cs var:f.Name ?>">
<label class="form-label" for="f-<?cs var:f.Name ?>"><?cs var:f.Label ?><?cs if:f.Required ?> <span class="must" aria-hidden="true">*</span><?cs /if ?></label>
<?cs call:input(f, "") ?><?cs
/if ?><?cs if:f.Error ?><p class="invalid-feedback" id="e-<?cs var:f.Name ?>"><?cs var:f.Error ?></p>
<?cs /if ?><?cs if:Form.Taken && f.Name == "book_id" ?><div class="told"><p class="form-text" id="s-book_id" role="status"></p><p class="form-text" id="h-book_id"><?cs var:f.Hint ?></p></div>
<?cs elif:f.Hint ?><p class="form-text" id="h-<?cs var:f.Name ?>"><?cs var:f.Hint ?></p>
<?cs /if ?><?cs if:f.Taken ?><p class="form-text" id="n-<?cs var:f.Name ?>">Someone else has changed this.</p>
<?cs /if ?><?cs if:f.Asked ?></fieldset><?cs else ?></div><?cs /if ?>
<?cs /each ?>
</div>
<p class="note"><span class="must" aria-hidden="true">*</span> Required field. All others are optional.</p>
<?cs if:Form.Mode == "add" && Page.Admin ?><p class="note">Many books? <a href="<?cs var:Form.Import ?>">Import a file</a>.</p>
<?cs /if ?><p class="steps">
<button class="btn btn-primary"><?cs if:Form.Mode == "add" ?>Add book<?cs else ?>Save changes<?cs /if ?></button>
<?cs if:Form.Mode == "add" ?><button class="btn btn-outline-primary" name="then" value="add">Save and add another</button>
<?cs /if ?><a class="btn btn-outline-primary" href="<?cs var:Form.Cancel ?>" data-drop>Cancel</a>
<?cs if:Form.Delete ?><a class="btn btn-outline-danger apart" href="<?cs var:Form.Delete ?>">Delete this book</a>
<?cs /if ?></p>
</form>
</div>
<?cs include:"footer.cs" ?>
