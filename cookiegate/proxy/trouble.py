"""The plain page that stands in for an answer which the site did not give."""

from __future__ import annotations

from http import HTTPStatus

from ..asgi.protocol import Message, Send

SENTENCES = {
    413: "This is more than may be sent here.",
    502: "The site could not be reached. Please try again in a moment.",
    504: "The site takes too long to answer. Please try again in a moment.",
}
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"></head><body><h1>{title}</h1><p>{sentence}</p></body></html>\n'
)


def trouble(status: int) -> tuple[Message, Message]:
    """Head and body of the page for `status`; no cache keeps it."""
    body = PAGE.format(title=HTTPStatus(status).phrase, sentence=SENTENCES[status]).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-robots-tag", b"noindex"),
    ]
    if status == 413:
        headers.append((b"connection", b"close"))
    head = {"type": "http.response.start", "status": status, "headers": headers}
    return head, {"type": "http.response.body", "body": body}


async def send_trouble(send: Send, status: int) -> None:
    for message in trouble(status):
        await send(message)
