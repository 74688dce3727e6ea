"""The campaign: hostile pages, gated, in a real browser, by the thousand."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from ..browser import MISSING, find
from . import grammar
from .campaign import ALONE_EVERY, FRAMES, Campaign, Mode, running_campaign
from .minimise import minimised

EXAMPLES = """examples:
  python -m e2e.hostile --pages 30000 --seed 7        the rewriter alone must hold: the policy is taken away
  python -m e2e.hostile --pages 5000 --policy         all of the gate, and the site's own scripts call too
  python -m e2e.hostile --pages 500 --open            no gate: how many of the pages reach a host at all
  python -m e2e.hostile --show 1234 --seed 7          print one page
"""


def main() -> int:
    options = _parser().parse_args()
    mode: Mode = "policy" if options.policy else "open" if options.open else "rewriter"
    if options.show is not None:
        headers, body = grammar.page(options.seed, options.show, beyond=options.policy)
        print(headers)
        sys.stdout.buffer.write(body + b"\n")
        return 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = find(Path(playwright.chromium.executable_path))
        if browser is None:
            print(MISSING)
            return 2
        with running_campaign(playwright, browser, Path(folder), seed=options.seed, mode=mode) as campaign:
            return _run(campaign, options, mode)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m e2e.hostile",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, default=2000, metavar="N", help="pages to try (2000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which pages (1)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first page (0)")
    parser.add_argument("--policy", action="store_true", help="leave the Content-Security-Policy on")
    parser.add_argument("--open", action="store_true", help="without the gate, as a control")
    parser.add_argument("--most", type=int, default=10, metavar="N", help="pages to minimise at most (10)")
    parser.add_argument("--show", type=int, metavar="NUMBER", help="print one page and end")
    return parser


def batches(first: int, pages: int) -> Iterator[tuple[range, bool, bool]]:
    """Numbers of pages, with or without script, in frames or alone."""
    for index, at in enumerate(range(first, first + pages, FRAMES)):
        yield (
            range(at, min(at + FRAMES, first + pages)),
            index % 2 == 0,
            index // 2 % ALONE_EVERY == ALONE_EVERY - 1,
        )


def _run(campaign: Campaign, options: argparse.Namespace, mode: Mode) -> int:
    report = campaign.report
    start = said = time.monotonic()
    how: dict[int, tuple[bool, bool]] = {}
    for numbers, script, alone in batches(options.first, options.pages):
        campaign.batch(numbers, script=script, alone=alone)
        how.update(dict.fromkeys(numbers, (script, alone)))
        if time.monotonic() - said > 10:
            said = time.monotonic()
            print(
                f"{report.tried} pages, {len(report.reached)} reached a host, {said - start:.0f} s",
                flush=True,
            )
    campaign.finish()
    took = time.monotonic() - start
    print(f"{report.tried} pages in {took:.0f} s ({mode}): {len(report.reached)} reached a host")
    if report.strange:
        print("calls that name no page:", *sorted(report.strange)[:20], sep="\n  ")
    if mode != "open":
        print("reached by:", *sorted(report.reached))
        for number, calls in sorted(report.reached.copy().items())[: options.most]:
            _explain(campaign, options, number, calls, how.get(number, (True, False)))
    return 1 if report.reached and mode != "open" else 0


def _explain(
    campaign: Campaign, options: argparse.Namespace, number: int, calls: set[str], how: tuple[bool, bool]
) -> None:
    script, alone = how
    page = grammar.page(options.seed, number, beyond=options.policy)
    small = minimised(page, lambda some: campaign.reaching(some, number, script=script, alone=alone))
    where = f"{'with' if script else 'without'} script, {'alone' if alone else 'in a frame'}"
    print(f"\npage {number} ({where}): {', '.join(sorted(calls)[:3])}")
    print(f"  {small.headers}\n  {small.body!r}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
