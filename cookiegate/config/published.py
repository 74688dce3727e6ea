"""The published question: what visitors are asked, until the operator publishes another one.

The first start publishes what the configuration says, byte for byte the same on every node. From then on the
file alone counts: an upgrade, a new catalogue or an edited setting asks nobody again before `publish` does.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile

from ..core.consent import NECESSARY, OPTIONAL
from ..core.question import AskedService, Question
from ..errors import ConfigError
from .schema import Config
from .secrets import give_to_owner, sync_folder, write_new
from .validation import Known, KnownService


def question_from(config: Config, catalogue: Known) -> Question:
    """The question that the configuration makes: every enabled service that is not necessary, by name."""
    asked = (_asked(id, config, catalogue.service(id)) for id in config.enabled_services)
    purposes = tuple(sorted((name, text) for name, text in config.purposes.items() if name in OPTIONAL))
    return Question(
        categories=OPTIONAL,
        services=tuple(sorted(service for service in asked if service.category in OPTIONAL)),
        purposes=purposes,
        revision=config.revision,
    )


def published_question(config: Config, catalogue: Known) -> Question:
    """The question that visitors are asked now; published from the configuration where none was yet.

    Raises ConfigError where the file is damaged or none can be kept.
    """
    found = read_published(config)
    if found is None:
        try:
            write_new(config.question_path, question_from(config, catalogue).canonical() + "\n")
        except OSError as error:
            raise _unusable(config, error) from None
        found = read_published(config)
    if found is None:
        raise _unusable(config, FileNotFoundError(errno.ENOENT, "it was removed at once"))
    return found


def read_published(config: Config) -> Question | None:
    """The published question, None where none was yet. Raises ConfigError where the file is damaged."""
    path = config.question_path
    try:
        return Question.from_mapping(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(config, error) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        remedy = (
            "the published question is damaged; restore the file, or publish anew with `cookiegate publish`"
        )
        raise ConfigError("state_dir", str(path), config.source, remedy) from None


def publish(config: Config, question: Question) -> None:
    """Replace the published question: a reader sees the old file or the new one. Raises ConfigError."""
    folder = config.state_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".question-")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(question.canonical() + "\n")
                file.flush()
                give_to_owner(file.fileno(), folder)
                os.fsync(file.fileno())
            os.replace(name, config.question_path)
        except BaseException:
            os.unlink(name)
            raise
        sync_folder(folder)
    except OSError as error:
        raise _unusable(config, error) from None


def changes(old: Question, new: Question) -> list[str]:
    """What changes in substance, one sentence each; empty where the questions are the same."""
    lines = _category_changes(old, new)
    before = {service.id: service for service in old.services}
    after = {service.id: service for service in new.services}
    lines += [f"adds {id} ({after[id].category})" for id in sorted(after.keys() - before.keys())]
    lines += [f"removes {id} ({before[id].category})" for id in sorted(before.keys() - after.keys())]
    for id in sorted(before.keys() & after.keys()):
        if before[id].category != after[id].category:
            lines.append(f"moves {id} from {before[id].category} to {after[id].category}")
        if before[id].purpose != after[id].purpose:
            lines.append(f"purpose of {id}: {before[id].purpose!r} becomes {after[id].purpose!r}")
    if old.revision != new.revision:
        lines.append(f"revision {old.revision} becomes {new.revision}")
    return lines


def _unusable(config: Config, error: OSError) -> ConfigError:
    remedy = (
        f"the published question cannot be kept there ({error.strerror or error}); make the folder writable"
    )
    return ConfigError("state_dir", str(config.state_dir), config.source, remedy)


def _category_changes(old: Question, new: Question) -> list[str]:
    before, after = dict(old.purposes), dict(new.purposes)
    lines = [f"asks about {name}" for name in new.categories if name not in old.categories]
    lines += [f"no longer asks about {name}" for name in old.categories if name not in new.categories]
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            lines.append(
                f"purpose of {name}: {before.get(name, '(ours)')!r} becomes {after.get(name, '(ours)')!r}"
            )
    return lines


def _asked(id: str, config: Config, known: KnownService | None) -> AskedService:
    entry = config.service.get(id)
    category = (entry.category if entry else "") or (known.category if known else NECESSARY)
    purpose = (entry.purpose if entry else "") or (known.purpose if known else "")
    return AskedService(id, category, purpose)
