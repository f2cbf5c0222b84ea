<?cs # A person chooses a password, with a link that works once. Its secret must not get into a log as a Referer.
?><?cs set:Page.Secret = #1 ?><?cs include:"header.cs" ?>
<div class="narrow">
<h1>Welcome, <bdi><?cs var:Invitation.Name ?></bdi></h1>
<?cs if:Invitation.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:Invitation.Error ?></p>
</div>
<?cs /if ?><p class="lead">Choose a password for this site.</p>
<form action="<?cs var:Page.Base ?>/invitation" method="post" data-once="Saving…">
<input type="hidden" name="key" value="<?cs var:Invitation.Key ?>">
<input type="hidden" name="name" value="<?cs var:Invitation.Name ?>" autocomplete="username">
<div class="fields">
<div class="field">
<label class="form-label" for="password">New password</label>
<input class="form-control" id="password" name="password" type="password" autocomplete="new-password" minlength="<?cs var:Invitation.Least ?>" required autofocus aria-describedby="hint">
<p class="form-text" id="hint">At least <?cs var:Invitation.Least ?> characters. A few words that do not belong together are easy to remember.</p>
</div>
</div>
<p class="steps"><button class="btn btn-primary">Save and sign in</button></p>
</form>
</div>
<?cs include:"footer.cs" ?>
