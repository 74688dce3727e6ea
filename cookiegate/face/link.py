"""What a page gets before `</body>`: the settings link, and the script for held embeds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import escape

from ..core.consent import Signal
from .embeds import load_containers
from .facts import PagePolicy

if TYPE_CHECKING:
    from .face import Face

BLOCK = " style=display:block;padding:1em;color:inherit;text-align:center"
INLINE = " style=color:inherit"
ROOM = " style=padding:1em"


def settings_link(face: Face, policy: PagePolicy, signal: Signal | None, language: str) -> bytes:
    """At most 150 bytes in English, which is why attribute values stand without quotes where they may.

    A region of its own, so that no text lies outside a landmark; style attributes where the site's policy
    takes them.
    """
    texts = face.view(face.language(language)).texts
    label, text = texts.gettext("Cookies"), texts.gettext("Cookie settings")
    said = texts.gettext("Opt-out signal honoured:") + " " if signal else ""
    room, style = (ROOM, INLINE) if signal else ("", BLOCK)
    if not policy.style_attribute:
        room = style = ""
    named = label if label.isalnum() else f'"{escape(label)}"'
    link = f"<a href=/_gate/settings{style}>{escape(text)}</a>"
    return f"<div role=region aria-label={named}{room}>{escape(said)}{link}</div>".encode()


def embed_script(face: Face, services: Iterable[str], policy: PagePolicy, language: str) -> bytes:
    """The script that shows placeholders in the containers of held, script-built embeds.

    Empty where none of `services` (held on this page) has containers, or where no script of ours may run.
    """
    containers = load_containers()
    shown = [_embed(face, id, containers[id], language) for id in sorted(set(services)) if id in containers]
    if not shown or not policy.own_script:
        return b""
    nonce = f' nonce="{escape(policy.nonce)}"' if policy.nonce else ""
    data = escape(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))
    url = face.statics.url("embeds.js")
    return f'<script src="{url}" data-embeds="{data}" defer{nonce}></script>'.encode()


def _embed(face: Face, id: str, selector: str, language: str) -> dict[str, str]:
    texts = face.view(face.language(language)).texts
    known = face.catalogue.service(id)
    name = known.name if known else id
    return {
        "id": id,
        "selector": selector,
        "text": texts.gettext("%(name)s stays closed until you allow it.") % {"name": name},
        "once": texts.gettext("Load once"),
        "always": texts.gettext("Always load %(name)s") % {"name": name},
    }
