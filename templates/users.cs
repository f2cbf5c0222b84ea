<?cs include:"header.cs" ?>
<div class="narrow">
<h1>Users</h1>
<?cs if:Users.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Users.Error ?></p>
</div>
<?cs /if ?><ul class="entries">
<?cs each:u = Users.List ?><li><a href="<?cs var:u.URL ?>"><bdi><?cs var:u.Name ?></bdi></a> <span><?cs var:u.Role ?><?cs if:!u.HasPassword ?>, no password yet<?cs /if ?></span></li>
<?cs /each ?></ul>
<section aria-labelledby="add">
<h2 id="add">Add a user</h2>
<form action="<?cs var:Page.Base ?>/users" method="post" data-once="Adding…">
<div class="fields pair">
<div class="field">
<label class="form-label" for="name">Name</label>
<input class="form-control" id="name" name="name" value="<?cs var:Users.Name ?>" maxlength="64" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" required>
</div>
<div class="field">
<label class="form-label" for="role">Role</label>
<select class="form-select" id="role" name="role">
<option value="reader">Reader: reads books</option>
<option value="editor" selected>Editor: also changes books</option>
<option value="admin">Admin: also manages users</option>
</select>
</div>
</div>
<p class="steps"><button class="btn btn-primary">Add and make a link</button></p>
<p class="note">With the link they choose a password.</p>
</form>
</section>
</div>
<?cs include:"footer.cs" ?>
