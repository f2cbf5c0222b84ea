<?cs include:"header.cs" ?>
<div class="narrow error">
<p class="status"><?cs var:Error.Status ?></p>
<h1><?cs var:Error.Title ?></h1>
<p class="lead"><?cs var:Error.Text ?></p>
<p class="steps"><a class="btn btn-primary" href="<?cs var:Error.Link.URL ?>"><?cs var:Error.Link.Label ?></a></p>
</div>
<?cs include:"footer.cs" ?>
