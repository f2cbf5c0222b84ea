<?cs # The filters, as a separate form: it works without script; the script submits it on each change. The whole list
      comes from a source that counts no choices, so there are none at first. The script fetches them when the pointer
      or the focus comes near; without script a link does.
?><details class="filters"<?cs if:List.Open ?> open<?cs /if ?>>
<summary>Filters and order<?cs if:List.Chosen ?> <span class="count"><?cs var:List.Chosen ?></span><?cs /if ?></summary>
<form id="filters" action="<?cs var:Page.Base ?>/list" method="get" autocomplete="off" aria-label="Filters"<?cs if:List.Counted ?> data-counted="1"<?cs /if ?>>
<?cs if:string.length(List.Search) ?><input type="hidden" name="search" value="<?cs var:List.Search ?>">
<?cs /if ?><?cs each:k = List.Look ?><input type="hidden" name="<?cs var:k.Name ?>" value="<?cs var:k.Value ?>">
<?cs /each ?><?cs each:c = List.Choices ?><label><span><?cs var:c.Label ?></span>
<select class="form-select form-select-sm" name="<?cs var:c.Name ?>">
<option value="">Any</option>
<?cs each:o = c.Options ?><option value="<?cs var:o.Value ?>"<?cs if:o.Selected ?> selected<?cs /if ?>><?cs var:o.Value ?><?cs if:string.length(o.Count) ?> (<?cs var:o.Count ?>)<?cs /if ?></option>
<?cs /each ?><?cs if:c.Cut ?><option disabled>Use the search for rarer ones</option>
<?cs /if ?></select></label>
<?cs each:r = c.Rest ?><input type="hidden" name="<?cs var:c.Name ?>" value="<?cs var:r.Value ?>">
<?cs /each ?><?cs /each ?><label><span>Available from</span>
<input class="form-control form-control-sm" type="date" name="from" value="<?cs var:List.FromDay ?>" min="0001-01-01" max="9999-12-31"></label>
<label><span>Available until</span>
<input class="form-control form-control-sm" type="date" name="until" value="<?cs var:List.UntilDay ?>" min="0001-01-01" max="9999-12-31"></label>
<label class="order"><span>Order</span>
<select class="form-select form-select-sm" name="sort">
<?cs if:string.length(List.SortLabel) ?><option value="<?cs var:List.Sort ?>" selected><?cs var:List.SortLabel ?></option>
<?cs /if ?><option value="best"<?cs if:List.Sort == "best" ?> selected<?cs /if ?><?cs if:!string.length(List.Search) ?> hidden disabled<?cs /if ?>>Best match</option>
<option value="book_id"<?cs if:List.Sort == "book_id" ?> selected<?cs /if ?>>Book ID, A to Z</option>
<option value="-book_id"<?cs if:List.Sort == "-book_id" ?> selected<?cs /if ?>>Book ID, Z to A</option>
<option value="title"<?cs if:List.Sort == "title" ?> selected<?cs /if ?>>Title, A to Z</option>
<option value="-title"<?cs if:List.Sort == "-title" ?> selected<?cs /if ?>>Title, Z to A</option>
<option value="category"<?cs if:List.Sort == "category" ?> selected<?cs /if ?>>Category, A to Z</option>
<option value="-category"<?cs if:List.Sort == "-category" ?> selected<?cs /if ?>>Category, Z to A</option>
<option value="authors"<?cs if:List.Sort == "authors" ?> selected<?cs /if ?>>Authors, A to Z</option>
<option value="-authors"<?cs if:List.Sort == "-authors" ?> selected<?cs /if ?>>Authors, Z to A</option>
<option value="publisher"<?cs if:List.Sort == "publisher" ?> selected<?cs /if ?>>Publisher, A to Z</option>
<option value="-publisher"<?cs if:List.Sort == "-publisher" ?> selected<?cs /if ?>>Publisher, Z to A</option>
<option value="edition"<?cs if:List.Sort == "edition" ?> selected<?cs /if ?>>Edition, A to Z</option>
<option value="-edition"<?cs if:List.Sort == "-edition" ?> selected<?cs /if ?>>Edition, Z to A</option>
<option value="available_from"<?cs if:List.Sort == "available_from" ?> selected<?cs /if ?>>Available from, oldest first</option>
<option value="-available_from"<?cs if:List.Sort == "-available_from" ?> selected<?cs /if ?>>Available from, newest first</option>
</select></label>
<button class="btn btn-sm btn-outline-primary">Apply</button>
<?cs if:!List.Counted && !List.Open ?><noscript><a href="<?cs var:List.Count ?>">Show the choices</a></noscript>
<?cs /if ?></form>
</details>
