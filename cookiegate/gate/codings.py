"""Content codings: what the gate can decode, and how a rewritten body is coded again.

gzip and deflate come with Python; br and zstd are decoded where their codec is installed. A coding that
cannot be decoded is never asked for; where it comes all the same, the body passes and the CSP holds the line.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from typing import Any, Protocol


class Decoder(Protocol):
    """A streaming decoder. Both raise an exception of their own kind on bytes that are not what they say."""

    def decode(self, data: bytes) -> bytes: ...
    def close(self) -> bytes: ...


class _Inflate:
    """gzip (also several members in a row), zlib and raw deflate, which browsers accept as `deflate` too."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inflater = zlib.decompressobj(bits)
        self._started = False

    def decode(self, data: bytes) -> bytes:
        if not data:
            return b""
        if not self._started and self._bits == zlib.MAX_WBITS and not _looks_like_zlib(data):
            self._bits = -zlib.MAX_WBITS
            self._inflater = zlib.decompressobj(self._bits)
        self._started = True
        out = self._inflater.decompress(data)
        while self._inflater.eof and self._inflater.unused_data and self._bits > zlib.MAX_WBITS:
            rest = self._inflater.unused_data
            self._inflater = zlib.decompressobj(self._bits)
            out += self._inflater.decompress(rest)
        return out

    def close(self) -> bytes:
        out = self._inflater.flush()
        if self._started and not self._inflater.eof:
            raise zlib.error("the body ends in the middle of its coding")
        return out


def _looks_like_zlib(data: bytes) -> bool:
    # RFC 1950: compression method 8 in the low bits, and the two-byte header divisible by 31.
    return len(data) < 2 or (data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0)


class _Brotli:
    def __init__(self, module: Any) -> None:
        self._decoder = module.Decompressor()

    def decode(self, data: bytes) -> bytes:
        return bytes(self._decoder.process(data)) if data else b""

    def close(self) -> bytes:
        if not self._decoder.is_finished():
            raise ValueError("the body ends in the middle of its coding")
        return b""


class _Zstd:
    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    def decode(self, data: bytes) -> bytes:
        return bytes(self._decoder.decompress(data)) if data else b""

    def close(self) -> bytes:
        if not self._decoder.eof:
            raise ValueError("the body ends in the middle of its coding")
        return b""


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _decoders() -> dict[str, Callable[[], Decoder]]:
    table: dict[str, Callable[[], Decoder]] = {
        "gzip": lambda: _Inflate(zlib.MAX_WBITS | 16),
        "x-gzip": lambda: _Inflate(zlib.MAX_WBITS | 16),
        "deflate": lambda: _Inflate(zlib.MAX_WBITS),
    }
    if brotli := _optional("brotli"):
        table["br"] = lambda: _Brotli(brotli)
    if zstd := _optional("compression.zstd"):
        table["zstd"] = lambda: _Zstd(zstd.ZstdDecompressor())
    elif zstandard := _optional("zstandard"):
        table["zstd"] = lambda: _Zstd(zstandard.ZstdDecompressor().decompressobj())
    return table


DECODERS = _decoders()
"""Coding name -> a maker of decoders, for the codings that this installation can decode."""


def decodable(accept_encoding: str) -> str:
    """The client's `Accept-Encoding` without the codings that could not be decoded here.

    An empty answer becomes `identity`: without the header an upstream may choose any coding.
    """
    kept = [
        part.strip()
        for part in accept_encoding.split(",")
        if part.partition(";")[0].strip().lower() in DECODERS or part.strip().lower().startswith("identity")
    ]
    return ", ".join(kept) or "identity"


class Coder:
    """gzip again for a body that came compressed, flushed with each piece: a stream keeps streaming."""

    def __init__(self) -> None:
        self._deflater = zlib.compressobj(5, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def encode(self, data: bytes) -> bytes:
        return self._deflater.compress(data) + self._deflater.flush(zlib.Z_SYNC_FLUSH) if data else b""

    def close(self, data: bytes) -> bytes:
        return self._deflater.compress(data) + self._deflater.flush()
