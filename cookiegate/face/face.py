"""Everything of ours that a visitor sees, for one site: banner, link, pages and signal block."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from ..config import Config
from ..core.consent import Consent, Signal
from ..core.question import Question
from .asked import CatalogueView, CategoryView, category_views, necessary_view
from .banner import KINDS, Banners
from .embeds import load_containers
from .environment import make_environment
from .facts import NO_POLICY, BannerFacts, HeldFacts, PagePolicy, SettingsFacts
from .held import render_held
from .link import embed_script, settings_link
from .settings import render_settings
from .shown import WORDS, words_of
from .signals import SignalBlocks, script
from .squeeze import squeeze_script
from .statics import Statics
from .texts import negotiate, translations


@dataclass(frozen=True)
class LanguageView:
    """What depends on the language alone: made once for each language that a visitor asks for."""

    language: str
    texts: gettext.NullTranslations
    environment: Environment
    necessary: CategoryView
    categories: tuple[CategoryView, ...]


class Face:
    """`catalogue` is the operator's: the shipped one with their own entries. `question` is the published one.

    `delivery` are the hosts of public libraries that pass, `cookie_names` those of the consent cookie and of
    the one-shot cookie, both for the settings page to name.
    """

    def __init__(
        self,
        config: Config,
        catalogue: CatalogueView,
        question: Question,
        *,
        delivery: Iterable[str] = (),
        cookie_names: tuple[str, str] = ("__Host-gate", "__Host-gate-once"),
    ) -> None:
        self.config = config
        self.catalogue = catalogue
        self.question = question
        self.delivery = tuple(sorted(delivery))
        self.cookie_names = cookie_names
        self.statics = Statics(config.theme)
        self._views: dict[str, LanguageView] = {}
        self._shown: dict[str, str] = {}
        self._fragments: dict[Hashable, bytes] = {}
        self._banners = Banners(self)
        self._signals = SignalBlocks(self)
        self._referrer = self.script_text("referrer.js")
        asked = (catalogue.service(id) for id in question.service_ids)
        self.asked_vendors = frozenset(service.signal for service in asked if service and service.signal)

    @property
    def controller_name(self) -> str:
        """Who asks: the controller, else the site's name, else nobody by name."""
        return self.config.controller.name or self.config.site.name

    def language(self, *wanted: str) -> str:
        """The language of a page or of a visitor's list of preferences, among those that the site offers."""
        return negotiate(filter(None, wanted), self.config.site.languages or ("en",))

    def view(self, language: str) -> LanguageView:
        """`language` must come from `language()`: the number of views is bounded by the configuration."""
        view = self._views.get(language)
        if view is None:
            texts = translations(language)
            view = self._views[language] = LanguageView(
                language,
                texts,
                make_environment(language, self.config.templates),
                necessary_view(self.config, self.catalogue, texts),
                category_views(self.question, self.config, self.catalogue, texts),
            )
        return view

    def banner(self, facts: BannerFacts) -> bytes:
        """The banner's markup, in microseconds once its kind of page has been seen."""
        return self._banners.render(facts)

    def link(
        self, language: str = "", *, policy: PagePolicy = NO_POLICY, signal: Signal | None = None
    ) -> bytes:
        """The "Cookie settings" link."""
        key = ("link", language, policy.style_attribute, signal)
        return self._made_once(key, lambda: settings_link(self, policy, signal, language))

    def embed_placeholder(
        self, services: Iterable[str], language: str = "", *, policy: PagePolicy = NO_POLICY
    ) -> bytes:
        """The script element that fills the containers of these held services; goes where the link goes."""
        shown = load_containers().keys() & services
        if not shown or not policy.own_script:
            return b""
        if policy.nonce:
            return embed_script(self, shown, policy, language)
        key = ("embeds", language, frozenset(shown))
        return self._made_once(key, lambda: embed_script(self, shown, policy, language))

    def _made_once(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """What most pages get alike. `key` may hold what a page says of itself: the memory is bounded."""
        made = self._fragments.get(key)
        if made is None:
            if len(self._fragments) >= KINDS:
                self._fragments.clear()
            made = self._fragments[key] = make()
        return made

    def signal_block(self, vendors: Iterable[str], consent: Consent, nonce: str = "") -> bytes:
        """Consent signals of `vendors` (`signals.VENDORS`) in a script element."""
        return self._signals.block(vendors, consent, nonce)

    def referrer_block(self, nonce: str = "") -> bytes:
        """The script element that hands the external referrer over to released tags."""
        return script(self._referrer, nonce)

    def script_text(self, template: str, **values: Any) -> str:
        """A script template, rendered and squeezed."""
        environment = self.view(self.language()).environment
        return squeeze_script(environment.get_template(template).render(values)).replace("\n", "")

    def placeholder_url(self, service: str | None, host: str, category: str) -> str:
        """The address of a held iframe's placeholder, to be escaped for where it is written."""
        return f"/_gate/held?{urlencode({'service': service or '', 'host': host, 'category': category})}"

    def settings_page(self, facts: SettingsFacts) -> str:
        return render_settings(self, facts)

    def held_page(self, facts: HeldFacts) -> str:
        return render_held(self, facts)

    def frame_page(
        self, name: str, sources: Iterable[str], script: str, style: str, language: str = ""
    ) -> str:
        """A page that shows one frame of the service `name`; `sources` are where it may come from."""
        template = self.view(self.language(language)).environment.get_template("frame.html")
        return template.render(name=name, sources=tuple(sources), script=script, style=style)

    def sentence_page(
        self, sentence: str, *, failed: bool = True, back: str = "/", language: str = ""
    ) -> str:
        """A page of one sentence; `sentence` is an English message id."""
        view = self.view(self.language(language))
        heading = view.texts.gettext("That did not work" if failed else "Done")
        return self.page(
            "sentence.html", view, back, {"heading": heading, "sentence": view.texts.gettext(sentence)}
        )

    def message(self, sentence: str, language: str = "") -> str:
        """One of our English texts in a visitor's language."""
        return self.view(self.language(language)).texts.gettext(sentence)

    def shown_text(self, language: str = "") -> str:
        """What the banner says in words, as the ledger keeps it: the same for every visitor of a language."""
        language = self.language(language)
        text = self._shown.get(language)
        if text is None:
            text = self._shown[language] = words_of(self.banner(BannerFacts(language=language, policy=WORDS)))
        return text

    def page(self, template: str, view: LanguageView, back: str, values: Mapping[str, Any]) -> str:
        """One of our own pages: every template below `page.html` has these four values beside its own."""
        return view.environment.get_template(template).render(
            statics=self.statics, site_name=self.config.site.name, back=back, **values
        )
