"""What the site's own Content-Security-Policies leave us: may a banner's style, script, form, frame work?

Policies intersect, so each fact is true only where every enforced policy agrees. Report-only policies enforce
nothing and are not for here. The facts are about things of the site's own origin under `/_gate/`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .source_list import Origin, SourceList

IN_META_IGNORED = ("frame-ancestors", "report-uri", "report-to", "sandbox")
"""Directives that a policy in `<meta>` cannot have (CSP Level 3, 3.3)."""

_FALLBACKS = {
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "style-src-attr": ("style-src-attr", "style-src", "default-src"),
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "form-action": ("form-action",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePolicy:
    """Facts for whoever renders our insertions; the defaults are those of a site without a policy.

    A nonce is "" where none is needed or none would do; it counts for `<style nonce>`, `<link nonce>` and
    `<script nonce>`.
    """

    inline_style: bool = True
    """A `<style>` block without a nonce (or by its hash) is applied."""
    style_nonce: str = ""
    """The nonce with which a `<style>` block is applied."""
    style_attributes: bool = True
    """`style="…"` is applied."""
    own_stylesheet: bool = True
    """`<link rel="stylesheet">` to our own file is loaded, with `style_nonce` where there is one."""
    inline_script: bool = True
    """A `<script>` block without a nonce (or by its hash) runs."""
    script_nonce: str = ""
    """The nonce with which a `<script>`, inline or from our own file, runs."""
    own_script: bool = True
    """`<script src>` to our own file runs, with `script_nonce` where there is one."""
    form: bool = True
    """A form may be sent to the site itself."""
    own_frame: bool = True
    """An `<iframe>` may show a page of ours."""
    own_image: bool = True
    data_image: bool = True
    """The empty `data:` source of a held image is no violation."""
    connect: bool = True
    """A script may call the site itself."""

    @property
    def style(self) -> bool:
        """Whether an inline `<style>` can be made to work at all."""
        return self.inline_style or bool(self.style_nonce)

    @property
    def script(self) -> bool:
        return self.inline_script or bool(self.script_nonce)


NO_POLICY = SitePolicy()


def read_site_policy(
    headers: Iterable[str],
    origin: Origin,
    *,
    metas: Iterable[str] = (),
    style: bytes = b"",
    script: bytes = b"",
    path: str = "/_gate/static/",
) -> SitePolicy:
    """Facts from the values of all `Content-Security-Policy` headers and of `<meta http-equiv>` seen so far.

    `style` and `script` are the blocks that would be inserted, for policies that name their hash; `path` is
    where our files lie.
    """
    policies = [directives for value in headers for directives in _policies(value)]
    policies += [_without_ignored(directives) for value in metas for directives in _policies(value)]
    if not policies:
        return NO_POLICY
    return _facts([_Policy(directives) for directives in policies], origin, path, style, script)


class _Policy:
    """One policy: directive name to source list, with the fallbacks of CSP Level 3, 6.8.3."""

    def __init__(self, directives: dict[str, list[str]]) -> None:
        self.sandbox = directives.get("sandbox")
        self._directives = directives
        self._lists: dict[str, SourceList] = {}

    def sources(self, directive: str) -> SourceList | None:
        """None where the policy says nothing about it, that is, allows it."""
        for name in _FALLBACKS[directive]:
            if name in self._directives:
                if name not in self._lists:
                    self._lists[name] = SourceList(self._directives[name])
                return self._lists[name]
        return None


def _facts(policies: list[_Policy], origin: Origin, path: str, style: bytes, script: bytes) -> SitePolicy:
    styles = _lists(policies, "style-src-elem")
    scripts = _lists(policies, "script-src-elem")
    style_nonce, script_nonce = _common_nonce(styles), _common_nonce(scripts)
    can_script = _sandbox_allows(policies, "allow-scripts")
    return SitePolicy(
        inline_style=all(_inline(sources, style) for sources in styles),
        style_nonce=style_nonce,
        style_attributes=all(s.allows_all_inline for s in _lists(policies, "style-src-attr")),
        own_stylesheet=all(style_nonce in s.nonces or s.allows_own(origin, path) for s in styles),
        inline_script=can_script and all(_inline(sources, script) for sources in scripts),
        script_nonce=script_nonce if can_script else "",
        own_script=can_script and all(script_nonce in s.nonces or _file(s, origin, path) for s in scripts),
        form=_sandbox_allows(policies, "allow-forms")
        and _own(policies, "form-action", origin, "/_gate/consent"),
        own_frame=_own(policies, "frame-src", origin, "/_gate/held"),
        own_image=_own(policies, "img-src", origin, path),
        data_image=all(s.allows_scheme("data") for s in _lists(policies, "img-src")),
        connect=_own(policies, "connect-src", origin, "/_gate/consent"),
    )


def _lists(policies: list[_Policy], directive: str) -> list[SourceList]:
    return [sources for policy in policies if (sources := policy.sources(directive)) is not None]


def _own(policies: list[_Policy], directive: str, origin: Origin, path: str) -> bool:
    return all(sources.allows_own(origin, path) for sources in _lists(policies, directive))


def _sandbox_allows(policies: list[_Policy], flag: str) -> bool:
    return all(policy.sandbox is None or flag in policy.sandbox for policy in policies)


def _inline(sources: SourceList, block: bytes) -> bool:
    return sources.allows_all_inline or (bool(block and sources.hashes) and _hashed(sources.hashes, block))


def _hashed(hashes: list[str], block: bytes) -> bool:
    for known in hashes:
        algorithm, _, digest = known.partition("-")
        if base64.b64encode(hashlib.new(algorithm, block).digest()).decode() == digest:
            return True
    return False


def _file(sources: SourceList, origin: Origin, path: str) -> bool:
    """Without a nonce: `'strict-dynamic'` switches every host source off, `'self'` too."""
    return "strict-dynamic" not in sources.keywords and sources.allows_own(origin, path)


def _common_nonce(lists: list[SourceList]) -> str:
    """A nonce that every list which needs one accepts; "" where none needs one or they do not agree."""
    needing = [sources for sources in lists if not sources.allows_all_inline]
    if not needing:
        return ""
    agreed = [nonce for nonce in needing[0].nonces if all(nonce in sources.nonces for sources in needing)]
    return agreed[0] if agreed else ""


def _policies(value: str) -> list[dict[str, list[str]]]:
    """The policies of one header value, which may hold several between commas; the first of equal
    directives counts."""
    policies = []
    for text in value.split(","):
        directives: dict[str, list[str]] = {}
        for part in text.split(";"):
            words = part.split()
            if words:
                directives.setdefault(words[0].lower(), words[1:])
        if directives:
            policies.append(directives)
    return policies


def _without_ignored(directives: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: tokens for name, tokens in directives.items() if name not in IN_META_IGNORED}
