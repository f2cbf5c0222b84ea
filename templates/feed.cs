<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>Changes - Book Share</title>
<id><?cs var:Feed.Site ?><?cs var:Feed.Page ?></id>
<link rel="self" href="<?cs var:Feed.Site ?><?cs var:Feed.Self ?>"/>
<link rel="alternate" type="text/html" href="<?cs var:Feed.Site ?><?cs var:Feed.Page ?>"/>
<?cs if:Feed.Older ?><link rel="next" href="<?cs var:Feed.Site ?><?cs var:Feed.Older ?>"/>
<?cs /if ?><updated><?cs if:Feed.Updated ?><?cs var:Feed.Updated ?><?cs else ?>1970-01-01T00:00:00Z<?cs /if ?></updated>
<?cs each:e = Feed.Entries ?><entry>
<title><?cs if:e.What ?><?cs var:e.What ?>: <?cs var:e.Books ?> book<?cs if:!e.One ?>s<?cs /if ?><?cs elif:e.Op == "add" ?>Added<?cs elif:e.Op == "update" ?>Changed<?cs else ?>Deleted<?cs /if ?><?cs if:!e.What ?>: <?cs var:e.Title ?><?cs /if ?></title>
<id><?cs var:Feed.Site ?><?cs var:Page.Base ?>/changes#<?cs var:e.Place ?></id>
<link rel="alternate" type="text/html" href="<?cs var:Feed.Site ?><?cs if:e.What ?><?cs var:e.Edit ?><?cs else ?><?cs var:e.History ?><?cs /if ?>"/>
<updated><?cs var:e.Stamp ?></updated>
<author><name><?cs var:e.Who ?></name></author>
<content type="text"><?cs if:e.What ?><?cs var:e.Books ?> book<?cs if:!e.One ?>s<?cs /if ?><?cs else ?><?cs var:e.ID ?><?cs /if ?><?cs each:f = e.Fields ?>
<?cs var:f.Label ?>: <?cs if:string.length(f.Old) ?><?cs var:f.Old ?><?cs else ?>(empty)<?cs /if ?> → <?cs if:string.length(f.New) ?><?cs var:f.New ?><?cs else ?>(empty)<?cs /if ?><?cs /each ?></content>
</entry>
<?cs /each ?></feed>
