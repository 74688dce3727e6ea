"""A thousand varied requests, then every column of every table, every file and every log line: nothing of a
visitor is there."""

from __future__ import annotations

import logging
import random
import re
import sqlite3

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from ..edges.conftest import call, page_app, request
from ..test_device import CHROME, FIREFOX, IPAD, IPHONE

REQUESTS = 1000

SIGNS = ("@", "%40", "%2540", "%252540", "%25252540", "%EF%BC%A0", "%EF%B9%AB", "%26%2364;", "%26%23x40;", "%26commat;",
         "%5Cu0040")  # fmt: skip
"""Of an address in a query: the sign, as redirects and templates on the way may leave it."""


def personal(number, rng):
    """What this visitor alone has: address, account, tokens, in every place that a request has room for."""
    v4 = f"81.{rng.randrange(1, 255)}.{rng.randrange(255)}.{rng.randrange(101, 255)}"
    v6 = f"2a00:1450:{rng.randrange(4096, 65535):x}:{rng.randrange(4096, 65535):x}:{number + 4096:x}::77"
    mail, token = f"person{number}@mail{number}.example", f"{rng.getrandbits(96):024x}"
    return {"v4": v4, "v6": v6, "mail": mail, "token": token, "name": f"Zoe{number}Quux"}


def made_request(number, who, rng, gate):
    path = rng.choice(
        [
            "/",
            "/pricing",
            f"/u/{who['mail']}",
            f"/reset/{who['token']}",
            f"/users/{number}{number}",
            f"/{who['v4']}/x",
        ]
    )
    agent = rng.choice([CHROME, FIREFOX, IPAD, IPHONE, "curl/8 " + who["token"], ""])
    spelt = who["mail"].replace("@", SIGNS[number % len(SIGNS)])
    granted = rng.choice([None, (), gate.question.categories])
    headers = {
        "REMOTE_ADDR": rng.choice([who["v4"], who["v6"]]),
        "HTTP_X_FORWARDED_FOR": who["v4"],
        "HTTP_FORWARDED": f'for="[{who["v6"]}]"',
        "HTTP_USER_AGENT": agent + f" Build/{who['name']}" if agent else "",
        "HTTP_REFERER": rng.choice(
            [
                "",
                f"https://forum.example/{who['mail']}?t={who['token']}",
                f"https://{who['token']}.example/",
                f"https://{who['v4']}/",
                f"https://{who['name']}:{who['token']}@blog.example/",
            ]
        ),
        "HTTP_ACCEPT_LANGUAGE": rng.choice(["en", "de-DE", f"x-{who['name']}", who["token"]]),
        "QUERY_STRING": f"email={who['mail']}&utm_source={spelt}&utm_campaign=c-{who['token']}&utm_term={spelt}"
        f"&gclid={who['token']}",
        "HTTP_SEC_GPC": rng.choice([None, "1"]),
        "REQUEST_METHOD": "GET",
    }
    cookies = [f"sid={who['token']}"]
    if granted is not None:
        record = {"record": who["token"][:16]} if granted else {}
        choice = Choice(question=gate.question.hash, day=gate.today, granted=frozenset(granted), **record)
        cookies.append(f"{gate.cookie_names.consent}={gate.codec.encode(choice)}")
    return request(path, **headers, HTTP_COOKIE="; ".join(cookies))


def test_nothing_personal_at_rest(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    gate, pages = open_gate(Config(state_dir=tmp_path, services=("google-analytics",)))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)
    rng = random.Random(4)
    people = [personal(number, rng) for number in range(REQUESTS)]
    for number, who in enumerate(people):
        call(site, made_request(number, who, rng, gate))
    gate.counter.flusher.close()
    gate.ledger.close()
    connection = sqlite3.connect(tmp_path / "counts.sqlite")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = [(table, row) for table in tables for row in connection.execute(f"SELECT * FROM {table}")]
    connection.close()
    views = sum(row[5] for table, row in rows if table == "open_cell" and row[2] in ("hour", "bot"))
    assert views == REQUESTS
    at_rest = "\n".join(str(cell) for _, row in rows for cell in row)
    at_rest += caplog.text + "".join(
        f.read_bytes().decode("latin-1") for f in tmp_path.iterdir() if f.name != "secret"
    )
    for who in people:
        # However the sign between them is spelt, neither half of an address is there.
        local, host = who["mail"].split("@")
        assert not re.search(rf"{local}(?!\d)|(?<!\w){host}", at_rest), "mail"
        for what, text in who.items():
            assert text.lower() not in at_rest.lower(), what
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", at_rest.replace("127.0.0.1", ""))


def test_no_table_has_a_row_for_a_visit(tmp_path):
    """Ten thousand equal visits are as many rows as one."""
    gate, pages = open_gate(Config(state_dir=tmp_path))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)
    sizes = []
    for visits in (1, 2000):
        for _ in range(visits):
            call(site, request("/", HTTP_USER_AGENT=CHROME))
        gate.counter.flusher.flush()
        connection = sqlite3.connect(tmp_path / "counts.sqlite")
        sizes.append(connection.execute("SELECT COUNT(*) FROM open_cell").fetchone()[0])
        connection.close()
    assert sizes[1] - sizes[0] <= 1  # an hour may end meanwhile
    gate.counter.flusher.close()
    gate.ledger.close()
