import pytest

from cookiegate.web.returning import place_on_site
from tests.web.visits import post

EVIL = [
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    " //evil.example",
    "/x\r\nSet-Cookie: a=b",
    "/x\x00",
    "evil.example",
    "@evil.example",
    "",
    "/" + "a" * 8_000,
]


@pytest.mark.parametrize("address", EVIL)
def test_an_address_elsewhere_leads_to_the_root(client, address):
    assert post(client, choice="reject", **{"return": address}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "address",
    ["/", "/sale?gclid=a%20b&utm_source=%C3%A9", "/a/b.html?x=//evil.example#y", "/?q=a+b&c[]=1", "/a;b=1"],
)
def test_an_address_on_the_site_is_kept_byte_for_byte(client, address):
    assert post(client, choice="reject", **{"return": address}).headers["Location"] == address


def test_letters_beyond_ascii_are_encoded():
    assert place_on_site("/straße") == "/stra%C3%9Fe"


def test_without_a_field_the_posting_page_is_the_place(client):
    referer = {"Referer": "https://shop.site.test/blog?gclid=1"}
    assert post(client, referer, choice="reject").headers["Location"] == "/blog?gclid=1"


@pytest.mark.parametrize(
    "referer", ["https://evil.example/a", "https://shop.site.test.evil.example/", "http://[", "null"]
)
def test_a_foreign_referer_is_no_place(client, referer):
    assert post(client, {"Referer": referer}, choice="reject").headers["Location"] == "/"


def test_our_own_pages_are_no_place_but_the_settings(client):
    assert post(client, choice="reject", **{"return": "/_gate/receipt"}).headers["Location"] == "/"
    answer = post(client, choice="reject", back="/blog", **{"return": "/_gate/settings"})
    assert answer.headers["Location"] == "/_gate/settings?saved=1&back=/blog"
