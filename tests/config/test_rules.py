import contextlib
import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.config import rules, web_rules
from cookiegate.config.refusal import Refusal

ACCEPTED = [
    (web_rules.host, "CDN.Example.com.", "cdn.example.com"),
    (web_rules.host, "bücher.example", "xn--bcher-kva.example"),
    (web_rules.host, "127.0.0.1", "127.0.0.1"),
    (web_rules.host, "localhost", "localhost"),
    (web_rules.host_pattern, "*.Example.com", "*.example.com"),
    (web_rules.optional_host, ".example.com", "example.com"),
    (web_rules.optional_host, "", ""),
    (web_rules.origin, "HTTPS://Www.Example.com/", "https://www.example.com"),
    (web_rules.origin, "http://localhost:8000", "http://localhost:8000"),
    (web_rules.origin, "", ""),
    (web_rules.link, "/privacy?x=1#top", "/privacy?x=1#top"),
    (web_rules.link, "https://example.com/privacy", "https://example.com/privacy"),
    (web_rules.contact, "privacy@example.com", "privacy@example.com"),
    (web_rules.contact, "/contact", "/contact"),
    (web_rules.language, "pt_BR", "pt-BR"),
    (web_rules.country, "ie", "IE"),
    (web_rules.network, "10.0.0.0/8", ipaddress.ip_network("10.0.0.0/8")),
    (web_rules.network, "::1", ipaddress.ip_network("::1/128")),
    (rules.folder, Path("state"), Path("state")),
    (web_rules.theme_name, "--gate-accent", "accent"),
    (web_rules.theme_value, "rgb(0 80 60 / 50%)", "rgb(0 80 60 / 50%)"),
    (web_rules.theme_value, '"Source Sans", system-ui', '"Source Sans", system-ui'),
    (web_rules.cookie_name, "wp_*", "wp_*"),
    (rules.identifier, "google-analytics", "google-analytics"),
    (rules.many(web_rules.host), ["B.example", "a.example"], ("b.example", "a.example")),
    (rules.text(), "  a line ", "a line"),
    (rules.secret, "0123456789abcdef" * 2, "0123456789abcdef" * 2),
]

REFUSED = [
    (web_rules.host, "https://cdn.example.com/x", 'without scheme, port or path: "cdn.example.com"'),
    (web_rules.host, "example.com:8080", "without scheme, port"),
    (web_rules.host, "user@example.com", "without scheme"),
    (web_rules.host, "example.com/path", "without scheme"),
    (web_rules.host, "a b.example", "host name such as"),
    (web_rules.host, "a;script-src *", "host name such as"),
    (web_rules.host, "", "host name such as"),
    (web_rules.host, "-a.example", "host name such as"),
    (web_rules.host, "*.example.com", "host name such as"),
    (web_rules.host, "a" * 64 + ".example", "host name such as"),
    (web_rules.host, "a..example", "host name such as"),
    (web_rules.host, 7, "not a number"),
    (web_rules.host, "a.example\r\nX: y", "without control characters"),
    (web_rules.origin, "example.com", "begins with https://"),
    (web_rules.origin, "https://example.com/shop", "the site alone"),
    (web_rules.origin, "https://a:b@example.com", "begins with https://"),
    (web_rules.origin, "https://example.com:99999", "begins with https://"),
    (web_rules.link, "javascript:alert(1)", "begins with https://"),
    (web_rules.link, "//evil.example", "begins with https://"),
    (web_rules.link, "/\\evil.example", "begins with https://"),
    (web_rules.link, 'https://example.com/"onclick', "begins with https://"),
    (web_rules.contact, "data:text/html,x", "begins with https://"),
    (web_rules.language, "english please", "language tag"),
    (web_rules.country, "Ireland", "at most 2"),
    (web_rules.country, "1E", "two-letter"),
    (web_rules.network, "10.0.0.1/8", "address or network"),
    (web_rules.network, "everywhere", "address or network"),
    (web_rules.theme_name, "accent; }", "custom property"),
    (web_rules.theme_value, "red; background: url(//x)", "plain CSS value"),
    (web_rules.theme_value, "url(//x)", "plain CSS value"),
    (web_rules.theme_value, "URL (//x)", "plain CSS value"),
    (web_rules.theme_value, "red}", "plain CSS value"),
    (web_rules.theme_value, '"unfinished', "plain CSS value"),
    (web_rules.theme_value, "rgb(1", "plain CSS value"),
    (web_rules.theme_value, "image('//x')", "plain CSS value"),
    (web_rules.theme_value, "red/*", "plain CSS value"),
    (web_rules.theme_value, "\\75rl(x)", "plain CSS value"),
    (web_rules.theme_value, "</style>", "plain CSS value"),
    (web_rules.cookie_name, "a;b", "name of a cookie"),
    (web_rules.cookie_name, "*a", "name of a cookie"),
    (rules.identifier, "Google Analytics", "identifier"),
    (rules.identifier, "a" * 65, "identifier"),
    (rules.many(web_rules.host), "a.example", "list in square brackets, not text"),
    (rules.many(web_rules.host), ["a.example", "A.example"], "once only"),
    (rules.mapping(web_rules.host, rules.flag), [], "write a table, not a list"),
    (rules.mapping(web_rules.host, rules.flag), {"a.example": True, "A.example": True}, "same key twice"),
    (rules.flag, 1, "true or false, not a number"),
    (rules.flag, "yes", "not text"),
    (rules.whole(1, 9), True, "not true or false"),
    (rules.whole(1, 9), 10, "from 1 to 9"),
    (rules.whole(1, 9), 2.0, "not a number"),
    (rules.one_of("top", "bottom"), "botom", 'did you mean "bottom"'),
    (rules.category, "legitimate interest", "no basis"),
    (rules.text(5), "123456", "at most 5"),
    (rules.text(), "two\nlines", "one line"),
    (rules.text(), "line\u2028line", "one line"),
    (rules.text(), None, "text in quotes"),
    (web_rules.path_prefix, "shop", "begins with '/'"),
    (rules.folder, 1, "text in quotes"),
]


@pytest.mark.parametrize(("rule", "value", "final"), ACCEPTED)
def test_a_good_value_takes_its_final_form_and_keeps_it(rule, value, final):
    assert rule(value) == final
    assert rule(final) == final


@pytest.mark.parametrize(("rule", "value", "remedy"), REFUSED)
def test_a_bad_value_is_refused_with_a_remedy(rule, value, remedy):
    with pytest.raises(Refusal) as caught:
        rule(value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("value", ["short", "a" * 64, 7, None, "0123456789abcdef\n" * 2])
def test_a_weak_secret_is_refused_and_not_repeated(value):
    with pytest.raises(Refusal) as caught:
        rules.secret(value)
    assert str(value) not in f"{caught.value.remedy}{caught.value.value}"


@given(st.one_of(st.text(), st.integers(), st.none(), st.binary(), st.lists(st.text())))
def test_rules_refuse_or_return_and_never_break(value):
    for rule in [
        web_rules.host,
        web_rules.origin,
        web_rules.link,
        web_rules.contact,
        web_rules.language,
        web_rules.network,
        web_rules.theme_value,
    ]:
        with contextlib.suppress(Refusal):
            final = rule(value)
            assert rule(final) == final
            assert not rules.CONTROL.search(str(final))
