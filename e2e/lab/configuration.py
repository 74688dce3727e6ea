"""The `cookiegate.toml` of each gated site of the lab."""

from __future__ import annotations

from pathlib import Path

SECRET = "a-secret-of-the-lab-alone-0123456789"

COMMON = """
secret_keys = ["{secret}"]
services = [{services}]

[site]
name = "The Lab Shop"
public_url = "https://{host}"

[controller]
name = "Lab Shop Ltd"
registration = "Company 1234567"
address = "1 Test Street, Leeds"
contact = "privacy@{host}"
complaint_url = "https://ico.example/complaints"
complaint_name = "The Information Office"
"""

SERVICES = """
[service.labmaps]
name = "Lab Maps"
hosts = ["*.labmaps.example"]
category = "preferences"
purpose = "Shows where the shop is."

[service.labvideo]
name = "Lab Video"
hosts = ["*.labvideo.example"]
category = "preferences"
purpose = "Plays films about the shop."

[service.labstats]
name = "Lab Stats"
hosts = ["*.labstats.example"]
category = "analytics"
purpose = "Counts visits of the shop."

[service.labads]
name = "Lab Ads"
hosts = ["*.labads.example"]
category = "marketing"
purpose = "Shows advertisements elsewhere."
"""

COOKIES = """
[[cookie]]
name = "shop_pref"
category = "necessary"
purpose = "Remembers the currency that the visitor chose."
lifetime = "1 day"
"""

IN_USE = (
    "google-analytics",
    "google-tag-manager",
    "meta-pixel",
    "microsoft-ads",
    "microsoft-clarity",
    "hotjar",
)


def configuration(host: str) -> str:
    """The text of the settings of the site at `host`."""
    services = ", ".join(f'"{name}"' for name in IN_USE)
    text = COMMON.format(secret=SECRET, host=host, services=services) + SERVICES + COOKIES
    return ('cache = "shared"\n' if host == "same.test" else "") + text.lstrip()


def write_configurations(folder: Path) -> None:
    for host in ("site.test", "same.test", "django.test", "down.test", "broken.test"):
        home = folder / host
        home.mkdir()
        (home / "cookiegate.toml").write_text(configuration(host))
    # A folder where the ledger's file should be: no choice can be recorded.
    (folder / "down.test" / ".cookiegate" / "ledger.sqlite").mkdir(parents=True)
