<?cs # Uploads a file of books and shows the result. The file is last in the form: it is read while it arrives, and the
      options must be known by then.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Import books</h1>
<?cs if:Import.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Import.Error ?></p>
</div>
<?cs /if ?><?cs if:Import.Result ?><section aria-labelledby="result">
<h2 id="result"><?cs if:Import.Writes ?>Import of<?cs else ?>Check of<?cs /if ?> <bdi><?cs var:Import.File ?></bdi></h2>
<?cs if:!Import.Error && !Import.Notes ?><p class="alert alert-success" role="status"><?cs if:Import.Writes ?>The file was imported.<?cs else ?>The file is valid. Nothing has been changed yet: choose it again and import it.<?cs /if ?></p>
<?cs elif:!Import.Error ?><p class="alert alert-warning" role="status"><?cs if:Import.Bad == "0" && Import.Skipped == "0" ?>Some IDs occur more than once in the file; the last line of each wins. <?cs
  elif:Import.Writes ?>Some lines were skipped; see below. The others were imported.<?cs else ?>Some lines would be skipped; see below. <?cs /if ?><?cs if:!Import.Writes ?>Nothing has been changed yet.<?cs /if ?></p>
<?cs /if ?><dl class="book counts">
<dt>Added</dt>
<dd><?cs var:Import.Added ?></dd>
<dt>Replaced</dt>
<dd><?cs var:Import.Replaced ?></dd>
<dt>Unchanged</dt>
<dd><?cs var:Import.Unchanged ?></dd>
<dt>Skipped, ID in use</dt>
<dd><?cs var:Import.Skipped ?></dd>
<dt>Bad lines</dt>
<dd><?cs var:Import.Bad ?></dd>
</dl>
<?cs if:Import.Notes ?><ul class="faults">
<?cs each:f = Import.Faults ?><li>Line <?cs var:f.Line ?>: <?cs var:f.Text ?></li>
<?cs /each ?><?cs if:Import.More ?><li>and <?cs var:Import.More ?> more; the plain-text list has all of them</li>
<?cs /if ?></ul>
<?cs /if ?></section>
<?cs /if ?><form action="<?cs var:Import.Action ?>" method="post" enctype="multipart/form-data" data-once="Working…" data-progress="<?cs var:Import.Progress ?>">
<p>A UTF-8 file whose first line names its columns (<?cs each:c = Import.Columns ?><code><?cs var:c.Name ?></code><?cs if:!last(c) ?>, <?cs /if ?><?cs /each ?>; <code>.csv</code>, <code>.tsv</code>), or with one JSON object per line (<code>.ndjson</code>). An upload is limited to <?cs var:Import.LimitMB ?> MB, <?cs var:Import.LimitBooks ?> books and <?cs var:Import.LimitSeconds ?> seconds, and only one runs at a time. For larger files use the command <code>bookshare import</code>.</p>
<fieldset>
<legend>What to do</legend>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="check" value="check"<?cs if:!Import.Result || Import.Writes || Import.Notes ?> checked<?cs /if ?>>
<label class="form-check-label" for="check">Check the file without changing anything</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="import" value="import"<?cs if:Import.Result && !Import.Writes && !Import.Notes ?> checked<?cs /if ?>>
<label class="form-check-label" for="import">Import it; bad lines are skipped</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="report" value="report">
<label class="form-check-label" for="report">Check the file and list all lines that would be skipped, as plain text</label></div>
</fieldset>
<fieldset>
<legend>If a book with the same ID exists</legend>
<div class="form-check"><input class="form-check-input" type="radio" name="duplicates" id="skip" value="skip"<?cs if:!Import.Replaces ?> checked<?cs /if ?>>
<label class="form-check-label" for="skip">Keep the existing book</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="duplicates" id="replace" value="replace"<?cs if:Import.Replaces ?> checked<?cs /if ?>>
<label class="form-check-label" for="replace">Replace it completely</label></div>
</fieldset>
<label class="form-label" for="file">File</label>
<input class="form-control" type="file" id="file" name="file" accept=".csv,.txt,.tsv,.tab,.ndjson,.jsonl" required>
<p class="note">You can upload the same file again: existing books stay as they are. If you leave the page, the import stops after the current batch.</p>
<p class="steps"><button class="btn btn-primary">Send file</button> <a class="btn btn-outline-primary" href="<?cs var:Page.Base ?>/list">Back to the books</a></p>
</form>
</div>
<script src="<?cs var:Page.Static ?>/js/import.js" defer></script>
<?cs include:"footer.cs" ?>
