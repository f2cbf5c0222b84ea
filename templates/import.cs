<?cs # Takes a file of books, and tells what became of it. The file stands last in the form: it is read as it comes, when the
      choices before it are known.
?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Import books</h1>
<?cs if:Import.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Import.Error ?></p>
</div>
<?cs /if ?><?cs if:Import.Result ?><section aria-labelledby="result">
<h2 id="result"><?cs if:Import.Writes ?>What was done with<?cs else ?>What would be done with<?cs /if ?> <bdi><?cs var:Import.File ?></bdi></h2>
<?cs if:!Import.Error && !Import.Notes ?><p class="alert alert-success" role="status"><?cs if:Import.Writes ?>The file was imported.<?cs else ?>The file is fine. Nothing was changed yet: choose it once more, and import it.<?cs /if ?></p>
<?cs elif:!Import.Error ?><p class="alert alert-warning" role="status"><?cs if:Import.Bad == "0" && Import.Skipped == "0" ?>Some IDs come more than once in the file: the last line with each counts. <?cs
  elif:Import.Writes ?>Some lines were left out: see below. The others were imported.<?cs else ?>Some lines would be left out: see below. <?cs /if ?><?cs if:!Import.Writes ?>Nothing was changed yet.<?cs /if ?></p>
<?cs /if ?><dl class="book counts">
<dt>Added</dt>
<dd><?cs var:Import.Added ?></dd>
<dt>Put in the place of another</dt>
<dd><?cs var:Import.Replaced ?></dd>
<dt>There already</dt>
<dd><?cs var:Import.Unchanged ?></dd>
<dt>Left out, as another has the ID</dt>
<dd><?cs var:Import.Skipped ?></dd>
<dt>Bad lines</dt>
<dd><?cs var:Import.Bad ?></dd>
</dl>
<?cs if:Import.Notes ?><ul class="faults">
<?cs each:f = Import.Faults ?><li>Line <?cs var:f.Line ?>: <?cs var:f.Text ?></li>
<?cs /each ?><?cs if:Import.More ?><li>and <?cs var:Import.More ?> more: the list to be saved has all of them</li>
<?cs /if ?></ul>
<?cs /if ?></section>
<?cs /if ?><form action="<?cs var:Import.Action ?>" method="post" enctype="multipart/form-data" data-once="Working…" data-progress="<?cs var:Import.Progress ?>">
<p>A file in UTF-8 whose first line names its columns (<?cs each:c = Import.Columns ?><code><?cs var:c.Name ?></code><?cs if:!last(c) ?>, <?cs /if ?><?cs /each ?>; <code>.csv</code>, <code>.tsv</code>), or with one JSON object a line (<code>.ndjson</code>). One upload takes <?cs var:Import.LimitMB ?> MB, <?cs var:Import.LimitBooks ?> books and <?cs var:Import.LimitSeconds ?> seconds at most, and one file is imported at a time. For more there is the command <code>bookshare import</code>.</p>
<fieldset>
<legend>What to do</legend>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="check" value="check"<?cs if:!Import.Result || Import.Writes || Import.Notes ?> checked<?cs /if ?>>
<label class="form-check-label" for="check">Check the file, and change nothing</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="import" value="import"<?cs if:Import.Result && !Import.Writes && !Import.Notes ?> checked<?cs /if ?>>
<label class="form-check-label" for="import">Import it; bad lines are left out</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="mode" id="report" value="report">
<label class="form-check-label" for="report">Check the file, and list all lines that would be left out, as a text to be saved</label></div>
</fieldset>
<fieldset>
<legend>Where another book has the ID</legend>
<div class="form-check"><input class="form-check-input" type="radio" name="duplicates" id="skip" value="skip"<?cs if:!Import.Replaces ?> checked<?cs /if ?>>
<label class="form-check-label" for="skip">Leave that book as it is</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="duplicates" id="replace" value="replace"<?cs if:Import.Replaces ?> checked<?cs /if ?>>
<label class="form-check-label" for="replace">Replace it as a whole</label></div>
</fieldset>
<label class="form-label" for="file">File</label>
<input class="form-control" type="file" id="file" name="file" accept=".csv,.txt,.tsv,.tab,.ndjson,.jsonl" required>
<p class="note">It may be sent again: books that are there already stay as they are. If you leave the page, the import ends with the batch under way.</p>
<p class="steps"><button class="btn btn-primary">Send file</button> <a class="btn btn-outline-primary" href="/list">Back to the books</a></p>
</form>
</div>
<script src="<?cs var:Page.Static ?>/js/import.js" defer></script>
<?cs include:"footer.cs" ?>
