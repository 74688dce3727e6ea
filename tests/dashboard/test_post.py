"""A report goes over a protected connection, with a sign-in, to a server whose certificate is vouched for."""

from __future__ import annotations

import socket
from contextlib import closing
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cookiegate.config import Config
from cookiegate.dashboard.post import send
from cookiegate.errors import MailError
from e2e.lab.certificate import make_certificate

NAME, PASSWORD = "reports", "swordfish-and-chips"


class Box:
    """Takes messages of whoever signed in over TLS."""

    def __init__(self):
        self.taken = []
        self.tried = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        protected = server.transport.get_extra_info("ssl_object") is not None
        self.taken.append((protected, session.authenticated, envelope.rcpt_tos, envelope.content))
        return "250 taken"

    def authenticator(self, server, session, envelope, mechanism, data):
        self.tried.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.tried[-1] == (NAME, PASSWORD), handled=False)


@pytest.fixture(params=["starttls", "tls"])
def mail_server(request, tmp_path, monkeypatch):
    """(its messages, the settings of a client). The machine trusts its certificate, as it would a real one's."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.cert))
    box, context = Box(), certificate.server_context()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    kind = (
        {"tls_context": context, "require_starttls": True, "auth_required": True}
        if request.param == "starttls"
        else {"ssl_context": context, "auth_require_tls": False}  # it knows of TLS by its own command alone
    )
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=box.authenticator,
                            **kind)  # fmt: skip
    controller.start()
    mail = {"host": "localhost", "port": port, "security": request.param, "sender": "a@site.test",
            "to": ("b@site.test", "c@site.test"), "username": NAME, "password": PASSWORD}  # fmt: skip
    yield box, mail
    controller.stop()


@pytest.fixture
def message():
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = "a@site.test", "b@site.test, c@site.test", "A week"
    found.set_content("Figures: 12")
    return found


def test_a_message_goes_protected_and_signed_in(mail_server, message):
    box, mail = mail_server
    send(message, Config(mail=mail).mail)
    ((protected, signed_in, to, content),) = box.taken
    assert (protected, signed_in) == (True, True)
    assert to == ["b@site.test", "c@site.test"]
    assert b"Figures: 12" in content


def test_a_wrong_password_is_one_sentence_without_it(mail_server, message):
    box, mail = mail_server
    with pytest.raises(MailError, match="did not take the message") as found:
        send(message, Config(mail=mail | {"password": "salmon-and-chips"}).mail)
    assert "salmon" not in str(found.value)
    assert box.tried[0] == (NAME, "salmon-and-chips")
    assert box.taken == []


def test_a_server_that_nobody_vouches_for_gets_no_password(mail_server, message, monkeypatch):
    box, mail = mail_server
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailError, match="SSLCertVerificationError"):
        send(message, Config(mail=mail).mail)
    assert box.tried == []
