"""What a visitor sent to the consent address, validated: nothing else of the request decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from flask import Request
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField, StringField  # type: ignore[import-untyped]
from wtforms.validators import (  # type: ignore[import-untyped]
    AnyOf,
    Length,
    Optional,
    Regexp,
    ValidationError,
)

from ..core.consent import OPTIONAL
from ..core.consent_cookie import SERVICE
from ..errors import BadRequest

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


UNREADABLE = _("This form could not be read, so nothing was changed.")
Source = Literal["banner", "settings", "placeholder", "api"]


class NamesField(SelectMultipleField):  # type: ignore[misc]
    """Any number of identifiers: of services, or hosts of embeds that nobody has named."""

    def pre_validate(self, form: object) -> None:
        if len(self.data or ()) > 200:
            raise ValidationError("too many")
        for name in self.data or ():
            if len(name) > 91 or not SERVICE.fullmatch(name):
                raise ValidationError("not an identifier")


class ConsentForm(FlaskForm):  # type: ignore[misc]
    """The fields of the banner, the settings page and the placeholders."""

    class Meta:
        # Cross-site posts are refused by their headers before this form is read: see `origin`.
        csrf = False

    choice = StringField(validators=[Optional(), AnyOf(("accept", "reject", "save"))])
    category = SelectMultipleField(choices=[*OPTIONAL])
    was = SelectMultipleField(choices=[*OPTIONAL])
    service = NamesField()
    withdraw = NamesField()
    once = StringField(validators=[Optional(), Length(max=91), Regexp(SERVICE.pattern + r"\Z")])
    always = StringField(validators=[Optional(), Length(max=91), Regexp(SERVICE.pattern + r"\Z")])
    statistics = StringField(validators=[Optional(), AnyOf(("on", "off"))])
    override = StringField(validators=[Optional(), AnyOf(("1",))])
    later = StringField(validators=[Optional(), AnyOf(("1",))])
    worker = StringField(validators=[Optional(), AnyOf(("1",))])
    source = StringField(validators=[Optional(), AnyOf(("banner", "settings", "placeholder"))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One act of a visitor; exactly one of `choice`, `once`, `always`, `statistics`, `withdraw` is given."""

    choice: str = ""
    categories: frozenset[str] = frozenset()
    was: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    withdraw: frozenset[str] = frozenset()
    once: str = ""
    always: str = ""
    statistics: str = ""
    override: bool = False
    later: bool = False
    worker: bool = False
    source: Source = "banner"
    question: str = ""
    return_to: str = ""
    back: str = ""
    referrer: str = ""


def read_submission(request: Request) -> Submission:
    """Raises BadRequest for whatever our own forms would not send."""
    if request.mimetype not in FORM_TYPES or request.files:
        raise BadRequest(400, UNREADABLE)
    fields = request.form
    form = ConsentForm(formdata=MultiDict(fields))
    if not form.validate():
        raise BadRequest(400, UNREADABLE)
    acts = [form.choice.data, form.once.data, form.always.data, form.statistics.data, form.withdraw.data]
    if sum(1 for act in acts if act) != 1:
        raise BadRequest(400, UNREADABLE)
    return Submission(
        choice=form.choice.data or "",
        categories=frozenset(form.category.data or ()),
        was=frozenset(form.was.data or ()),
        services=frozenset(form.service.data or ()),
        withdraw=frozenset(form.withdraw.data or ()),
        once=form.once.data or "",
        always=form.always.data or "",
        statistics=form.statistics.data or "",
        override=bool(form.override.data),
        later=bool(form.later.data),
        worker=bool(form.worker.data),
        source=cast(Source, form.source.data or "banner"),
        question=fields.get("question", ""),
        return_to=fields.get("return", ""),
        back=fields.get("back", ""),
        referrer=fields.get("referrer", ""),
    )
