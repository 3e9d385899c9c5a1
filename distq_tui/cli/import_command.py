"""`distq-tui import FILE`: other tools' answers as a session."""

from __future__ import annotations

import argparse

from distq_tui.cli.common import put, say, settings_of
from distq_tui.cli.exits import DONE
from distq_tui.config.models import Role
from distq_tui.errors import InputError
from distq_tui.events import COMPLETE
from distq_tui.state import shortfall


def import_file(arguments: argparse.Namespace) -> int:
    """Store the files' answers as a new session, scored, and say which.

    Raises:
        InputError: a file or a row is wrong, or the database can't be written; nothing is stored then.
    """
    from distq_tui.cli.importing import import_answers
    from distq_tui.engine.session import Options
    from distq_tui.store import Store

    roles: dict[str, Role] = dict.fromkeys(arguments.reference, "reference")
    for name in arguments.control:
        if name in roles:
            raise InputError(f"{name} is a reference already", field="--control")
        roles[name] = "control"
    options = Options()
    session = options.new_id(options.clock.now())
    store = Store(settings_of(arguments).paths.database)
    try:
        classes = import_answers(
            store,
            arguments.file,
            session=session,
            model=arguments.model,
            family=arguments.family,
            roles=roles,
            warn=say,
            clock=options.clock,
        )
    finally:
        store.close()
    put(session)
    names = ", ".join(path.name for path in arguments.file)
    failed = classes.total() - sum(classes[name] for name in COMPLETE)
    missed = ", ".join(shortfall(failed, classes["cancelled"]))
    say(f"imported {classes.total()} answers of {names} ({missed}) as session {session}")
    return DONE
