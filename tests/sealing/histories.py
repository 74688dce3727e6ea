"""Weeks of made-up visits: random sites of several sizes, and shapes that are meant to trip the sealing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from cookiegate.core.counts import label_of, prompt_cells, view_cells
from cookiegate.core.sealing import Count
from cookiegate.device import Device

Cells = dict[tuple[str, str], Count]
DEVICES = ("desktop", "mobile", "tablet", "other", "(unknown)")
CHANNELS = ("direct", "search", "social", "ai", "email", "other")
STATES = ("undecided", "denied", "partial", "granted", "signal")
REGIONS = tuple(
    f"{c}-{s}"
    for c, some in (("GB", "ENG SCT WLS"), ("DE", "BE BY HH"), ("US", "CA NY TX"))
    for s in some.split()
)
REGIONS += ("FR-IDF", "LU-L", "AT-9", "NZ-", "GB-", "(unknown)")
PAGES = tuple(f"/page-{number}" for number in range(40))
K = 10

Visit = tuple[str, ...]
Making = Callable[[list[Visit], random.Random], Cells]
SIDES = (REGIONS, DEVICES, CHANNELS, STATES, PAGES)


def cells_of_day(visits: list[Visit], rng: random.Random) -> Cells:
    """The cells of a day's visits; some visits go on to more views."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for region, device, channel, state, page in visits:
        hour = f"{min(23, int(rng.gauss(14, 4)) % 24):02d}"
        for arrival in (True, *[False] * rng.choice((0, 0, 0, 1, 4))):
            found["hour", hour, arrival] += 1
            found["page", page if arrival else rng.choice(PAGES), arrival] += 1
            found["cube", label_of(region, device, channel if arrival else "internal", state), arrival] += 1
    cells: Cells = {}
    for (panel, label, arrival), number in found.items():
        old = cells.get((panel, label), Count())
        cells[panel, label] = old.plus(Count(number if arrival else 0, number))
    return cells


LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ar", "zh", "ja", "(unknown)")
SYSTEMS = ("Windows", "Android", "iOS", "Mac OS X", "Linux", "ChromeOS", "(unknown)")
ANSWERS = ("accept", "reject", "custom", "withdrawn", "signal")


def beside(visits: list[Visit], rng: random.Random) -> Cells:
    """What else is counted of these visits: prompts and their answers, languages, systems, campaigns, robots,
    goals with the channels and campaigns of those who opted in."""
    found: Counter[tuple[str, str]] = Counter()
    fields = random.Random(len(visits))
    tagged, whole = fields.choice((0.3, 0.8, 0.95)), fields.choice((0.6, 0.9, 0.98))
    opted, named = fields.choice((0.0, 0.5, 0.9)), fields.choice((0.6, 0.9))
    for region, device, channel, state, _ in visits:
        if fields.random() < tagged:
            found["utm_source", f"s{int(fields.random() ** 3 * 4)}"] += 1
            if fields.random() < whole:
                found["utm_medium", f"m{int(fields.random() ** 3 * 5)}"] += 1
            if fields.random() < whole:
                found["utm_campaign", f"c{int(fields.random() ** 3 * 12)}"] += 1
        language, system = (
            rng.choice(LANGUAGES[: rng.randint(1, 10)]),
            rng.choice(SYSTEMS[: rng.randint(1, 7)]),
        )
        found["language", language] += 1
        found["system", system] += 1
        events = {"undecided": ("shown", rng.choice(ANSWERS)), "signal": ("signal",)}.get(state, ())
        for event in events:
            sides = {"region": region, "device": device, "banner": rng.choice("ab"), "language": language}
            for side, label in sides.items():
                found[f"prompt:{event}:{side}", label] += 1
        if rng.random() < 0.1:
            found["bot", f"robot-{int(rng.random() ** 3 * 8)}"] += 1
        if rng.random() < 0.15:
            goal = rng.choice(("order", "enquiry"))
            found["goal", goal] += 1
            if state == "granted" or fields.random() < opted:
                found["goal:channel", label_of(goal, channel)] += 1
                if rng.random() < named:
                    found["goal:campaign", label_of(goal, f"c{int(rng.random() ** 3 * 6)}")] += 1
    return {cell: Count(number, number) for cell, number in found.items()}


def with_everything(days: list[Cells], size: int, seed: int) -> list[Cells]:
    """The same days with all that is counted beside visits; their visitors are drawn anew from the same sides."""
    rng = random.Random(f"{size}-{seed}")
    weights = [[rng.random() ** 4 + 0.002 for _ in side] for side in SIDES]
    whole = []
    for cells in days:
        number = sum(count.visits for (panel, _), count in cells.items() if panel == "hour")
        columns = [rng.choices(side, weight, k=number) for side, weight in zip(SIDES, weights, strict=True)]
        whole.append(cells | beside(list(zip(*columns, strict=True)), rng))
    return whole


SYSTEMS_OF = {
    "desktop": ("Windows", "Mac OS X", "Linux", "Chrome OS"),
    "mobile": ("Android", "iOS"),
    "tablet": ("iOS", "Android"),
}
HOSTS_OF = {
    "direct": ("",),
    "search": ("google.com", "bing.com", "duckduckgo.com", "ecosia.org"),
    "social": ("facebook.com", "instagram.com", "reddit.com"),
    "ai": ("chatgpt.com", "perplexity.ai"),
    "email": ("mail.google.com", "outlook.live.com"),
    "other": ("example.org", "example.net", "news.example", "blog.example"),
}


def joint_day(visits: list[Visit], rng: random.Random) -> Cells:
    """The cells of a day as they are counted together: who is undecided is asked, a signal is one, a referrer's host
    belongs to its channel and a system to its devices."""
    undecided = rng.choice((0.0, 0.6, 0.9))
    found: Counter[tuple[str, str, bool]] = Counter()
    for region, kind, channel, state, page in visits:
        state = "undecided" if rng.random() < undecided else state
        language = _mostly_first(LANGUAGES, rng)
        system = _mostly_first(SYSTEMS_OF.get(kind, ("(unknown)",)), rng)
        device = Device(kind, "Chrome", system)
        event = {"undecided": "shown", "signal": "signal"}.get(state, "")
        prompts = prompt_cells(event, region, kind, "a", language) if event else []
        for arrival in (True, *[False] * rng.choice((0, 0, 0, 1, 4))):
            source = channel if arrival else "internal"
            cells = (
                view_cells(rng.choice((9, 12, 15)), page, region, device, source, state, language) + prompts
            )
            if arrival:
                cells.append(("referrer", _mostly_first(HOSTS_OF[channel], rng)))
            for panel, label in cells:
                found[panel, label, arrival] += 1
    cells_of: Cells = {}
    for (panel, label, arrival), number in found.items():
        old = cells_of.get((panel, label), Count())
        cells_of[panel, label] = old.plus(Count(number if arrival else 0, number))
    return cells_of


def _mostly_first(labels: tuple[str, ...], rng: random.Random) -> str:
    return labels[int(rng.random() ** 3 * len(labels))]


def random_week(size: int, seed: int, cells: Making = cells_of_day) -> list[Cells]:
    """Seven days of about `size` visits, with the long tails that sites have."""
    rng = random.Random(seed)
    weights = [[rng.random() ** 4 + 0.002 for _ in side] for side in SIDES]
    days = []
    for _ in range(7):
        number = max(0, int(rng.gauss(size, size / 4)))
        columns = [rng.choices(side, weight, k=number) for side, weight in zip(SIDES, weights, strict=True)]
        days.append(cells(list(zip(*columns, strict=True)), rng))
    return days


def adversarial_week(size: int, seed: int, cells: Making = cells_of_day) -> list[Cells]:
    """Cells at the edges of the rules: one below k and k itself, twos, one label beside a giant, a label that
    is hidden on two days alone, days too small to show, panels with one small cell."""
    rng = random.Random(seed)
    sizes = (1, 2, K - 1, K - 1, K, K + 1, 2 * K, 0, 0)
    days = []
    for day in range(7):
        visits: list[Visit] = []
        regions, pages = list(REGIONS), list(PAGES)
        rng.shuffle(regions)
        rng.shuffle(pages)
        devices = rng.sample(DEVICES, rng.choice((2, 2, 3, 5)))
        channels = rng.sample(CHANNELS, rng.choice((2, 3, 6)))
        states = rng.sample(STATES, rng.choice((2, 3, 5)))
        giant = (regions[0], devices[0], channels[0], states[0], pages[0])
        # Each side is dealt out on its own, in lots of an edge's size; the giant takes what is left.
        number = rng.choice((size, size, size // 2, 2 * K - 2, K, K - 1))
        sides = []
        for place, labels in enumerate((regions, devices, channels, states, pages)):
            deal: list[str] = []
            for label in labels[1:]:
                deal += [label] * rng.choice(sizes)
            deal = deal[:number]
            sides.append(deal + [giant[place]] * (number - len(deal)))
            rng.shuffle(sides[-1])
        visits = list(zip(*sides, strict=True))
        days.append(cells(visits, rng) if day != 3 or rng.random() < 0.7 else {})
    return days
