"""What a site and the world around it answer: files of ours where there are some, else something plausible.

A stand-in script does nothing and a stand-in style sheet says nothing; a picture has a colour of its URL's own, so
that one which is missing, or another one, shows.
"""

from __future__ import annotations

import mimetypes
import zlib
from pathlib import Path

from cookiegate.catalogue_files import load_catalogue
from e2e.lab.answers import PIXEL, Answer

HERE = Path(__file__).parent
WORLD = HERE / "world"
KINDS = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8", ".json": "application/json",
}  # fmt: skip
FRAME = "<!doctype html><meta charset=utf-8><title>{0}</title><body style='margin:0;background:{1}'>{0}"
PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='160' height='90'>"
    "<rect width='160' height='90' fill='{}'/></svg>"
)


def of_world(host: str, path: str, accept: str) -> Answer:
    """The answer of a third party."""
    file = _file_in(WORLD / host, path)
    return of_file(file) if file else _plausible(host, path, accept)


def of_folder(folder: Path, host: str, path: str, accept: str) -> Answer:
    """The answer of a site of ours."""
    file = _file_in(folder, path)
    return of_file(file) if file else _plausible(host, path, accept)


def of_page(page: Path, at: str, host: str, path: str, accept: str) -> Answer:
    """The answer of a site of which one page was saved, and nothing else."""
    return _headed(page.read_bytes(), "text/html") if path == at else _plausible(host, path, accept)


def of_file(file: Path) -> Answer:
    return _headed(
        file.read_bytes(), KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
    )


def _file_in(folder: Path, path: str) -> Path | None:
    if ".." in path:
        return None
    file = folder / path.lstrip("/")
    files = [file / "index.html", file / "index.js"] if path.endswith("/") else [file]
    return next((file for file in files if file.is_file()), None)


def _plausible(host: str, path: str, accept: str) -> Answer:
    suffix = Path(path).suffix.lower()
    if suffix in (".woff", ".woff2", ".ttf", ".eot", ".mp4", ".webm"):
        return Answer(404, {"Access-Control-Allow-Origin": "*"}, b"")
    if accept.startswith("text/html"):
        return _headed(FRAME.format(host, _colour(host)).encode(), "text/html; charset=utf-8")
    if accept.startswith("image/"):
        if _measures(host):
            return _headed(PIXEL, "image/gif")
        return _headed(PICTURE.format(_colour(host + path)).encode(), "image/svg+xml")
    if accept.startswith("text/css") or suffix == ".css":
        return _headed(b"", "text/css")
    if suffix in (".json", ".xml", ".txt"):
        return _headed(b"{}", "application/json")
    return _headed(b"", "text/javascript")


def _measures(host: str) -> bool:
    match = load_catalogue().match_url(host, "/")
    return match is not None and match.category in ("analytics", "marketing")


def _colour(text: str) -> str:
    return f"hsl({zlib.crc32(text.encode()) % 360} 60% 70%)"


def _headed(body: bytes, kind: str) -> Answer:
    return Answer(
        200,
        {
            "Content-Type": kind,
            "ETag": '"1"',
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "*",
            "Timing-Allow-Origin": "*",
        },
        body,
    )
