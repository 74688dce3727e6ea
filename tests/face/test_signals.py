import json
import re

import pytest

from cookiegate.core.consent import OPTIONAL, Choice, consent_of

AD = ("ad_storage", "ad_user_data", "ad_personalization")


def consent(gate, *granted, services=()):
    choice = Choice(
        question=gate.question.hash, day=1, granted=frozenset(granted), services=frozenset(services)
    )
    return consent_of(choice, gate.question)


def google(block, command):
    """The arguments of each consent command of this name."""
    return [
        json.loads(found) for found in re.findall(rf'"consent","{command}",(\{{[^}}]*\}})', block.decode())
    ]


def test_everything_is_denied_first_and_security_granted(gate, face):
    (default,) = google(face.signal_block({"google"}, consent(gate, *OPTIONAL)), "default")
    assert default.pop("security_storage") == "granted"
    assert set(default.values()) == {"denied"}
    assert len(default) == 6


def test_analytics_alone_leaves_every_ad_type_denied(gate, face):
    block = face.signal_block({"google", "microsoft", "clarity"}, consent(gate, "analytics"))
    assert google(block, "update") == [{"analytics_storage": "granted"}]
    assert b'u.push("consent","update"' not in block
    assert b'"ad_Storage": "denied", "analytics_Storage": "granted"' in block


def test_everything_granted_is_one_update(gate, face):
    (update,) = google(face.signal_block({"google"}, consent(gate, *OPTIONAL)), "update")
    assert set(update.values()) == {"granted"}
    assert set(AD) < set(update)


def test_microsoft_gets_a_default_and_one_update(gate, face):
    block = face.signal_block({"microsoft"}, consent(gate, "marketing"))
    assert block.count(b'u.push("consent"') == 2


def test_meta_is_revoked_and_then_granted(gate, face):
    block = face.signal_block({"meta"}, consent(gate, "marketing"))
    assert block.index(b'("consent","revoke")') < block.index(b'("consent","grant")')
    assert b'"grant"' not in face.signal_block({"meta"}, consent(gate, "analytics"))


def test_a_service_released_alone_grants_its_category_to_its_own_vendor(gate, face):
    block = face.signal_block({"google", "meta"}, consent(gate, services=["meta-pixel"]))
    assert google(block, "update") == []
    assert b'("consent","grant")' in block


@pytest.mark.parametrize("vendors", [(), ("nobody",)])
def test_no_vendor_no_block(gate, face, vendors):
    assert face.signal_block(vendors, consent(gate, *OPTIONAL)) == b""


def test_the_nonce_is_escaped(gate, face):
    assert face.signal_block({"google"}, consent(gate), nonce='"><b>').startswith(
        b'<script nonce="&#34;&gt;&lt;b&gt;">'
    )
    assert face.referrer_block("abc").startswith(b'<script nonce="abc">')


def test_tiktok_is_held_and_then_granted(gate, face):
    block = face.signal_block({"tiktok"}, consent(gate, "marketing")).decode()
    assert block.index('["holdConsent"]') < block.index('["grantConsent"]')
    assert "grantConsent" not in face.signal_block({"tiktok"}, consent(gate, "analytics")).decode()


def test_pinterest_is_met_as_it_makes_its_queue(gate, face):
    block = face.signal_block({"pinterest"}, consent(gate, "marketing")).decode()
    assert 'q.push(["setconsent",false],["setconsent",true])' in block
    assert "pintrk" not in face.signal_block({"meta"}, consent(gate, "marketing")).decode()
