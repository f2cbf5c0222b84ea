<?cs include:"header.cs" ?>
<div class="narrow">
<h1>User <bdi><?cs var:User.Name ?></bdi></h1>
<?cs if:User.Invitation ?><div class="alert alert-success" role="status">
<p>Send this link to them. It is shown only now, works once, and for <?cs var:User.Days ?> days.</p>
<p><input class="form-control id" value="<?cs var:User.Invitation ?>" readonly aria-label="Link"></p>
</div>
<?cs /if ?><p class="note">Role <?cs var:User.Role ?>, since <?cs var:User.MadeAt ?> (UTC)<?cs if:!User.HasPassword ?>, no password yet<?cs /if ?>.</p>
<?cs if:User.IsViewer ?><p>This is you. Another admin can change your role or remove you.</p>
<?cs else ?><form action="<?cs var:User.Action ?>" method="post" data-once="Saving…">
<input type="hidden" name="do" value="role">
<label class="form-label" for="role">Role</label>
<select class="form-select" id="role" name="role">
<option value="reader"<?cs if:User.Role == "reader" ?> selected<?cs /if ?>>Reader: reads books</option>
<option value="editor"<?cs if:User.Role == "editor" ?> selected<?cs /if ?>>Editor: also changes books</option>
<option value="admin"<?cs if:User.Role == "admin" ?> selected<?cs /if ?>>Admin: also manages users</option>
</select>
<p class="steps"><button class="btn btn-primary">Save role</button></p>
</form>
<?cs /if ?><form action="<?cs var:User.Action ?>" method="post" data-once="Making…">
<input type="hidden" name="do" value="invite">
<p class="steps"><button class="btn btn-outline-primary">Make a link for a new password</button></p>
</form>
<?cs if:!User.IsViewer ?><details>
<summary>Remove this user…</summary>
<form action="<?cs var:User.Action ?>" method="post" data-once="Removing…">
<input type="hidden" name="do" value="remove">
<p class="note">They are signed out at once. Only a new invitation lets them in again.</p>
<div class="form-check"><input class="form-check-input" type="checkbox" id="hide" name="hide" value="1">
<label class="form-check-label" for="hide">Also replace the name in the log of changes</label></div>
<p class="steps"><button class="btn btn-danger">Remove <bdi><?cs var:User.Name ?></bdi></button></p>
</form>
</details>
<?cs /if ?><p class="note"><a href="<?cs var:User.Users ?>">See all users</a></p>
</div>
<?cs include:"footer.cs" ?>
