"""Sends a message to the operator's mail server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from ..config.dashboard import Mail
from ..errors import MailError

PATIENCE = 30.0


def send(message: EmailMessage, mail: Mail) -> None:
    """Raises MailError in one sentence, without the password. A password goes over a protected connection alone."""
    if not (mail.host and mail.sender and mail.to):
        raise MailError("[mail] lacks host, sender or to: set them, or leave --send out")
    if mail.username and mail.security == "none":
        raise MailError('mail.security = "none" would send the password in the clear: use starttls or tls')
    try:
        with _connected(mail) as server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.username:
                server.login(mail.username, mail.password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            f"{mail.host}:{mail.port} did not take the message ({type(error).__name__})"
        ) from error


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
