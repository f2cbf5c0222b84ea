</main>
<footer class="foot container-xxl">
<?cs if:Page.Open ?><p>Everybody who can reach this site may change its books.</p>
<?cs /if ?></footer>
</body>
</html>
