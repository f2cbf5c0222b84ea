<?cs # The search box: in the masthead of every page, and in the middle of the home page.
?><form class="search" action="<?cs var:Page.Base ?>/list" method="get" role="search">
<label class="visually-hidden" for="search">Search all books</label>
<input class="form-control" type="search" id="search" name="search" value="<?cs var:Page.Search ?>" maxlength="500"
 placeholder="Search title, author, ID…" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"<?cs if:Page.Nav == "home" ?> autofocus<?cs /if ?>>
<?cs each:k = List.Kept ?><input type="hidden" name="<?cs var:k.Name ?>" value="<?cs var:k.Value ?>">
<?cs /each ?><button class="btn btn-search">Search</button>
<?cs if:Page.List ?><a class="to-filters" href="#filters">Filters</a>
<?cs /if ?></form>
