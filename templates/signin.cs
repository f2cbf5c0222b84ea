<?cs include:"header.cs" ?>
<div class="narrow">
<h1>Sign in</h1>
<?cs if:SignIn.Error ?><div class="alert alert-danger" role="alert">
<p><?cs var:SignIn.Error ?></p>
</div>
<?cs /if ?><form action="<?cs var:Page.Base ?>/sign-in" method="post" data-once="Signing in…">
<input type="hidden" name="to" value="<?cs var:SignIn.To ?>">
<div class="fields">
<div class="field">
<label class="form-label" for="name">Name</label>
<input class="form-control" id="name" name="name" value="<?cs var:SignIn.Name ?>" autocomplete="username" autocapitalize="off" autocorrect="off" spellcheck="false" required<?cs if:!SignIn.Error ?> autofocus<?cs /if ?>>
</div>
<div class="field">
<label class="form-label" for="password">Password</label>
<input class="form-control" id="password" name="password" type="password" autocomplete="current-password" required<?cs if:SignIn.Error ?> autofocus<?cs /if ?>>
</div>
</div>
<p class="steps"><button class="btn btn-primary">Sign in</button></p>
</form>
<p class="note">No password yet, or forgotten? An admin of this site can make a link with which you choose one.</p>
</div>
<?cs include:"footer.cs" ?>
