<?cs include:"header.cs" ?>
<div class="narrow">
<h1>Account</h1>
<?cs if:Account.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Account.Error ?></p>
</div>
<?cs /if ?><p class="lead">You are signed in as <b><bdi><?cs var:Page.Person ?></bdi></b>, with the role <?cs var:Account.Role ?>.</p>
<form action="<?cs var:Page.Base ?>/sign-out" method="post" data-once="Signing out…">
<p class="steps"><button class="btn btn-primary">Sign out</button><?cs if:Page.Admin ?>
<a class="btn btn-outline-primary" href="<?cs var:Account.Users ?>">Manage users</a><?cs /if ?></p>
</form>
<section aria-labelledby="change">
<h2 id="change">Change the password</h2>
<form action="<?cs var:Page.Base ?>/account" method="post" data-once="Saving…">
<input type="hidden" name="do" value="password">
<input type="hidden" name="name" value="<?cs var:Page.Person ?>" autocomplete="username">
<div class="fields pair">
<div class="field">
<label class="form-label" for="old">Present password</label>
<input class="form-control" id="old" name="old" type="password" autocomplete="current-password" required>
</div>
<div class="field">
<label class="form-label" for="new">New password</label>
<input class="form-control" id="new" name="new" type="password" autocomplete="new-password" minlength="<?cs var:Account.Least ?>" required aria-describedby="hint">
<p class="form-text" id="hint">At least <?cs var:Account.Least ?> characters. All other sessions end.</p>
</div>
</div>
<p class="steps"><button class="btn btn-outline-primary">Change password</button></p>
</form>
</section>
<section aria-labelledby="sessions">
<h2 id="sessions">Sessions</h2>
<ul class="entries">
<?cs each:s = Account.Sessions ?><li>
<div><?cs if:s.Current ?><b>This session</b><?cs else ?><bdi><?cs if:s.About ?><?cs var:s.About ?><?cs else ?>Unknown browser<?cs /if ?></bdi><?cs /if ?>
<p class="form-text">Since <?cs var:s.MadeAt ?>, last used <?cs var:s.UsedAt ?> (UTC)</p></div>
<?cs if:!s.Current ?><form action="<?cs var:Page.Base ?>/account" method="post" data-once="Ending…"><input type="hidden" name="do" value="end"><input type="hidden" name="session" value="<?cs var:s.Key ?>"><button class="btn btn-sm btn-outline-primary">End</button></form>
<?cs /if ?></li>
<?cs /each ?></ul>
<?cs if:Account.HasOthers ?><form action="<?cs var:Page.Base ?>/account" method="post" data-once="Ending…">
<input type="hidden" name="do" value="end-others">
<p class="steps"><button class="btn btn-outline-primary">End all others</button></p>
</form>
<?cs /if ?></section>
</div>
<?cs include:"footer.cs" ?>
