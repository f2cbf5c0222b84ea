<?cs # What narrows a list down, as a form of its own: it works without script, which sends it at each change.
      The whole list comes from where nothing is counted, so that there is nothing to choose from at first: the script
      fetches it when somebody comes near, and a link without script.
?><details class="filters"<?cs if:List.Open ?> open<?cs /if ?>>
<summary>Filters and order<?cs if:List.Chosen ?> <span class="count"><?cs var:List.Chosen ?></span><?cs /if ?></summary>
<form id="filters" action="/list" method="get" autocomplete="off" aria-label="Filters"<?cs if:List.Counted ?> data-counted="1"<?cs /if ?>>
<?cs if:string.length(List.Search) ?><input type="hidden" name="search" value="<?cs var:List.Search ?>">
<?cs /if ?><?cs if:List.PerPage ?><input type="hidden" name="per_page" value="<?cs var:List.PerPage ?>">
<?cs /if ?><?cs each:c = List.Choices ?><label><span><?cs var:c.Label ?></span>
<select class="form-select form-select-sm" name="<?cs var:c.Name ?>">
<option value="">Any</option>
<?cs each:o = c.Options ?><option value="<?cs var:o.Value ?>"<?cs if:o.Selected ?> selected<?cs /if ?>><?cs var:o.Value ?><?cs if:string.length(o.Count) ?> (<?cs var:o.Count ?>)<?cs /if ?></option>
<?cs /each ?><?cs if:c.Cut ?><option disabled>Rarer ones are found by the search</option>
<?cs /if ?></select></label>
<?cs /each ?><label><span>Available from</span>
<input class="form-control form-control-sm" type="date" name="from" value="<?cs var:List.FromDay ?>" min="0001-01-01" max="9999-12-31"></label>
<label><span>Available until</span>
<input class="form-control form-control-sm" type="date" name="until" value="<?cs var:List.UntilDay ?>" min="0001-01-01" max="9999-12-31"></label>
<label class="order"><span>Order</span>
<select class="form-select form-select-sm" name="sort">
<?cs each:o = List.Orders ?><option value="<?cs var:o.Value ?>"<?cs if:o.Selected ?> selected<?cs /if ?>><?cs var:o.Text ?></option>
<?cs /each ?></select></label>
<button class="btn btn-sm btn-outline-primary">Apply</button>
<?cs if:!List.Counted && !List.Open ?><noscript><a href="<?cs var:List.Count ?>">Show what there is to choose from</a></noscript>
<?cs /if ?></form>
</details>
