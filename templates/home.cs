<?cs include:"header.cs" ?>
<section class="home">
<h1>A shared catalogue of books</h1>
<p class="lead">Find a book<?cs if:Page.Edits ?>, add one that is missing, correct what is wrong<?cs /if ?>.</p>
<?cs include:"search.cs" ?>
<p class="steps"><a class="btn btn-primary" href="<?cs var:Page.Base ?>/list">See all books</a><?cs if:Page.Edits ?> <a class="btn btn-outline-primary" href="<?cs var:Page.Base ?>/add">Add a book</a><?cs /if ?></p>
<p class="note"><a href="<?cs var:Page.Base ?>/changes">Recent changes</a><?cs if:Page.Admin ?> · <a href="<?cs var:Page.Base ?>/timings">How fast is it?</a><?cs /if ?></p>
<img class="shelf" src="<?cs var:Page.Static ?>/img/shelf.svg" alt="" width="640" height="150">
</section>
<?cs include:"footer.cs" ?>
