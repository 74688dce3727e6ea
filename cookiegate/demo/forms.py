"""The forms of the demo site."""

from __future__ import annotations

from flask import request
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import (  # type: ignore[import-untyped]
    EmailField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError  # type: ignore[import-untyped]

MONTHS = ("March", "April", "May", "June", "July", "August", "September", "October")


class Press(FlaskForm):  # type: ignore[misc]
    """A button alone: nothing but its CSRF token."""


class SignIn(FlaskForm):  # type: ignore[misc]
    """The sign-in."""

    email = EmailField("Email", [InputRequired("Write your email address.")])
    password = PasswordField("Password", [InputRequired("Write your password.")])


class Enquiry(FlaskForm):  # type: ignore[misc]
    """The enquiry. A captcha or a plain question: where the captcha is held, the form still works."""

    name = StringField("Your name", [InputRequired("Write your name."), Length(max=80)])
    email = EmailField("Email", [InputRequired("Write your email address."), Length(max=120)])
    month = SelectField("When", choices=MONTHS, default="May")
    walkers = IntegerField("Walkers", [InputRequired("Write a number."), NumberRange(1, 12)], default=2)
    message = TextAreaField("Anything we should know", [Length(max=2000)])
    season = StringField("Or answer this: which season comes after winter?", [Length(max=40)])

    def validate_email(self, field: EmailField) -> None:
        name, at, host = (field.data or "").partition("@")
        if not (name and at and "." in host):
            raise ValidationError("Write an email address such as name@example.com.")

    def validate_season(self, field: StringField) -> None:
        if request.form.get("g-recaptcha-response") or (field.data or "").strip().lower() == "spring":
            return
        raise ValidationError("Tick the box above, or answer the question: which season comes after winter?")
