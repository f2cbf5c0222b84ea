</main>
<?cs if:Page.Open ?><footer class="foot container-xxl">Everybody who can reach this site may change its books.</footer>
<?cs /if ?></body>
</html>
