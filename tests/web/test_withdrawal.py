from cookiegate.web import build
from tests.web.standing import StandingGate
from tests.web.visits import accept, post, set_cookies

OWN = ("__Host-gate", "__Host-gate-once")


def expired(answer):
    return {line for line in set_cookies(answer) if "Max-Age=0" in line and not line.startswith(OWN)}


def with_cookies(client, *names):
    for name in names:
        client.set_cookie(name, "1", domain="shop.site.test")


def test_withdrawing_expires_catalogued_cookies_on_the_host_and_its_parents(gate, client):
    accept(gate, client)
    with_cookies(client, "_ga", "_ga_ABC", "session")
    assert expired(post(client, choice="reject")) == {
        f"{name}=; Max-Age=0; Path=/{domain}"
        for name in ("_ga", "_ga_ABC")
        for domain in ("", "; Domain=shop.site.test", "; Domain=site.test")
    }


def test_a_partial_withdrawal_expires_that_category_alone(gate, client):
    accept(gate, client)
    with_cookies(client, "_ga", "_fbp")
    answer = post(
        client,
        choice="save",
        category="analytics",
        was="analytics",
        question=gate.question.hash,
        service=["google-analytics", "hotjar"],
    )
    assert {line.split("=")[0] for line in expired(answer)} == {"_fbp"}


def test_a_refusal_expires_what_was_there_before(client):
    with_cookies(client, "_fbp")
    assert expired(post(client, choice="reject"))


def test_accepting_expires_nothing(gate, client):
    with_cookies(client, "_fbp")
    assert not expired(accept(gate, client))


def test_withdrawing_clears_the_cache(gate, client):
    assert "Clear-Site-Data" not in accept(gate, client).headers
    assert post(client, choice="reject").headers["Clear-Site-Data"] == '"cache"'


def test_a_refusal_of_someone_new_clears_nothing(client):
    assert "Clear-Site-Data" not in post(client, choice="reject").headers


def test_storage_goes_where_a_service_worker_was_seen(gate, client):
    accept(gate, client)
    answer = post(client, choice="reject", worker="1", source="settings")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_storage_goes_always_or_never_as_set(tmp_path):
    for rule, expected in (("always", '"cache", "storage"'), ("never", '"cache"')):
        gate = StandingGate(tmp_path, clear_storage=rule)
        client = build(gate).test_client()
        accept(gate, client)
        assert post(client, choice="reject", worker="1").headers["Clear-Site-Data"] == expected


def test_the_answer_stays_small_however_many_cookies_there_are(gate, client):
    accept(gate, client)
    with_cookies(client, *(f"_ga_{number}" for number in range(60)))
    answer = post(client, choice="reject")
    assert len(str(answer.headers)) < 2_500
    assert expired(answer)


def test_withdrawing_a_single_service(gate, client):
    post(client, always="youtube")
    answer = post(client, withdraw="youtube")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
