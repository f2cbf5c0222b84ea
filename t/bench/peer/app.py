"""The application that Book Share replaces, as it did: all books pickled under one key of Redis, and unpickled for each
page; served by Flask's own server, threaded. Arguments: port, socket of Redis, prefix of the keys of Book Share's list,
which the pickle is made from (the original made it from MySQL)."""

import logging
import pickle
import sys
import time

import redis
from flask import Flask, render_template_string, request

KEY = "bench:books"
PAGE_ROWS = 100
NAMES = ("book_id", "title", "category", "authors", "publisher", "edition", "available_from")

PAGE = """<!doctype html>
<html lang="en">
<head><title>Book Share</title></head>
<body>
<p>Data loaded from Redis cache. Length: {{ length }}. Time took: {{ took }} seconds</p>
<table id="books" class="table">
<thead><tr>{% for name in names %}<th scope="col">{{ name }}</th>{% endfor %}<th></th></tr></thead>
<tbody>
{% for b in books %}<tr>
<td>{{ b.book_id }}</td>
<th scope="row">{{ b.title }}</th>
<td>{{ b.category }}</td>
<td>{{ b.authors }}</td>
<td>{{ b.publisher }}</td>
<td>{{ b.edition }}</td>
<td>{{ b.available_from }}</td>
<td><a href="/update/{{ b.book_id|urlencode }}">Update</a> <a href="/delete/{{ b.book_id|urlencode }}">Delete</a></td>
</tr>
{% endfor %}</tbody>
</table>
</body>
</html>
"""

port, socket, prefix = int(sys.argv[1]), sys.argv[2], sys.argv[3]
store = redis.Redis(unix_socket_path=socket)
app = Flask(__name__)


def make_pickle():
    generation = store.hget(f"{prefix}:meta", "generation").decode()
    books = []
    for entry in store.lrange(f"{prefix}:{generation}:directory", 0, -1):
        segment = entry.decode().split("\t")[0]
        for row in store.lrange(f"{prefix}:{generation}:{segment}", 0, -1):
            books.append(dict(zip(NAMES, row.decode().split("\t"))))
    store.set(KEY, pickle.dumps(books))


@app.get("/list")
def books_page():
    began = time.time()
    page = max(1, request.args.get("page", 1, int))
    books = pickle.loads(store.get(KEY))
    took = round(time.time() - began, 4)
    return render_template_string(PAGE, names=NAMES, length=len(books), took=took,
                                  books=books[(page - 1) * PAGE_ROWS:page * PAGE_ROWS])


logging.getLogger("werkzeug").setLevel(logging.ERROR)
make_pickle()
app.run(host="127.0.0.1", port=port, threaded=True)
