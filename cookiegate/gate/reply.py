"""What the visitor gets: a head that is settled by the first piece of the body, and the body's rewriting."""

from __future__ import annotations

from collections.abc import Callable

from .body import Body

Headers = list[tuple[str, str]]


class Reply:
    """`status` as the site gave it, `headers` as the visitor gets them, `body` or None where it passes as is.

    `length` is the site's Content-Length, None where it gave none. `notice` renders the debug header at the
    moment that the head goes out, or is None where nobody asked for it. `settle` has the last word on the headers
    of a body that is rewritten, once its beginning is known.
    """

    def __init__(
        self,
        status: str,
        headers: Headers,
        body: Body | None,
        *,
        length: int | None = None,
        notice: Callable[[Body | None], str] | None = None,
        settle: Callable[[Headers], None] | None = None,
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.sent = False
        """Set by the edge once the head is out."""
        self._length = length
        self._notice = notice
        self._settle = settle
        self._begun = False
        self._ended = False
        if body is None:
            self._finish_head()

    @property
    def is_settled(self) -> bool:
        """Whether the head may go out: at once, or with the first piece of a body that is rewritten."""
        return self.body is None or self._begun

    def feed(self, chunk: bytes, *, whole: bool = False) -> bytes:
        """The next piece as the visitor gets it; the first one settles the head.

        `whole`: this first piece is known to be all of the body.
        """
        if self.body is None:
            return chunk
        if self._begun:
            return self.body.feed(chunk)
        return self._begin(chunk, whole=whole or len(chunk) == self._length)

    def end(self) -> bytes:
        """The last piece; empty where the first was whole. It settles the head of an empty body."""
        if self._ended or self.body is None:
            return b""
        if not self._begun:
            return self._begin(b"", whole=True)
        self._ended = True
        return self.body.close()

    def _begin(self, chunk: bytes, *, whole: bool) -> bytes:
        assert self.body is not None
        piece = self.body.feed(chunk)
        if self.body.waits and not whole:
            return piece
        self._begun = True
        if whole:
            piece += self.end()
            self.headers.append(("Content-Length", str(len(piece))))
        if self.body.coding:
            self._settle_coding()
        if self._settle is not None:
            self._settle(self.headers)
        self._finish_head()
        return piece

    def _settle_coding(self) -> None:
        assert self.body is not None
        self.headers[:] = [pair for pair in self.headers if pair[0].lower() != "content-encoding"]
        if self.body.recoded:
            self.headers.append(("Content-Encoding", "gzip"))

    def _finish_head(self) -> None:
        if self._notice is not None:
            self.headers.append(("Gate", self._notice(self.body)))
