from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.csp import BUDGET, gate_policy, left_out

SITE = SimpleNamespace(domain="site.test")
HOW = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


def test_nothing_granted_leaves_the_site_on_every_port_and_socket() -> None:
    assert gate_policy(SITE) == (
        f"{HOW} site.test:* *.site.test:* ws://site.test:* ws://*.site.test:* wss://site.test:* wss://*.site.test:*"
    )


def test_granted_and_allowed_hosts_are_added_with_their_sockets() -> None:
    policy = gate_policy(SITE, allow=["cdn.test"], granted_hosts=["*.chat.test"])
    assert policy.endswith(" cdn.test *.chat.test wss://cdn.test wss://*.chat.test")


def test_own_domains_count_like_the_sites() -> None:
    assert " static.test:* *.static.test:* ws://static.test:*" in gate_policy(SITE, own=["static.test"])


@pytest.mark.parametrize(
    ("domain", "sources"),
    [
        ("127.0.0.1", " 127.0.0.1:* ws://127.0.0.1:* wss://127.0.0.1:*"),
        ("localhost", " localhost:* ws://localhost:* wss://localhost:*"),
        ("::1", ""),
        ("", ""),
        ("evil; script-src *", ""),
    ],
)
def test_addresses_and_single_labels_have_no_subdomains_and_ipv6_has_self_alone(
    domain: str, sources: str
) -> None:
    assert gate_policy(SimpleNamespace(domain=domain)) == HOW + sources


def test_nonce_forbids_inline_script_but_not_style() -> None:
    default, script = gate_policy(SITE, nonce="abcdefgh12").split("; ")
    assert "'unsafe-inline'" in default
    assert script.startswith("script-src 'self' 'unsafe-eval' 'nonce-abcdefgh12' data: blob: site.test:*")


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ("/_gate/report", True),
        ("https://site.test/r?a=1", True),
        *((bad, False) for bad in ("//evil.test/", "/a b", "/a;b", "/a,b", "javascript:x", "/\r\nx")),
    ],
)
def test_report_address_cannot_add_a_directive(uri: str, written: bool) -> None:
    assert gate_policy(SITE, report_uri=uri).endswith(f"; report-uri {uri}") is written


@given(
    st.lists(st.text(max_size=30), max_size=5),
    st.text(max_size=30),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_no_text_from_outside_adds_a_directive(hosts: list[str], domain: str, uri: str, nonce: str) -> None:
    policy = gate_policy(
        SimpleNamespace(domain=domain),
        own=hosts,
        allow=hosts,
        granted_hosts=hosts,
        report_uri=uri,
        nonce=nonce,
    )
    names = [part.split()[0] for part in policy.split(";")]
    assert names in (
        ["default-src"],
        ["default-src", "script-src"],
        ["default-src", "report-uri"],
        ["default-src", "script-src", "report-uri"],
    )
    assert policy.isascii()
    assert policy.isprintable()
    assert "," not in policy
    assert " * " not in f"{policy} "


@pytest.mark.parametrize("nonce", ["", "abcdefgh12"])
def test_long_list_loses_its_end_and_stays_in_its_budget(nonce: str) -> None:
    hosts = [f"*.host-{number}.some-long-domain.test" for number in range(200)]
    policy = gate_policy(SITE, allow=["first.test"], granted_hosts=hosts, report_uri="/_gate/r", nonce=nonce)
    assert len(policy) <= BUDGET
    assert "*.site.test:*" in policy
    assert " first.test " in policy
    assert "wss://first.test" not in policy


def test_what_does_not_fit_is_named() -> None:
    hosts = [f"host-{number}.some-long-domain.test" for number in range(60)]
    left = left_out(SITE, granted_hosts=[*hosts, "no host"])
    policy = gate_policy(SITE, granted_hosts=hosts)
    assert left[0] == "no host"
    assert all((source in policy.split()) != (source in left) for source in hosts)


def test_source_keeps_the_path_that_narrows_it() -> None:
    policy = gate_policy(SITE, granted_hosts=["www.google.com/recaptcha/", "t.example/a;b", "t.example/a b"])
    assert " www.google.com/recaptcha/" in policy
    assert "wss://www.google.com" not in policy
    assert "t.example" not in policy
