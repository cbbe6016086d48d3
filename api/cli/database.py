"""`allmende migrate` and `allmende rebuild`: what is done to the database as a whole."""

from api.cli.options import AsJson, Config


def migrate(*, config: Config = None, as_json: AsJson = False) -> None:
    """Bring the database to this version's schema."""
    from aggregator.commands.migrate import migrate as bring_up
    from api.cli.printing import answers, print_json
    from api.cli.running import explained, load, run_to_end

    with explained(as_json=as_json):
        _, settings = load(config)
        migrated = run_to_end(bring_up(settings))
    if as_json:
        print_json({"ok": True, "migrated": migrated})
    else:
        answers().print("The schema is new." if migrated else "The schema was current already.")


def rebuild(*, config: Config = None, as_json: AsJson = False) -> None:
    """Make everything anew that is derived from records."""
    from dataclasses import asdict

    from aggregator.commands.rebuild import Rebuilt
    from aggregator.commands.rebuild import rebuild as make_anew
    from aggregator.house import open_house
    from api.cli.printing import answers, bars, print_json
    from api.cli.running import explained, load, run_to_end

    with explained(as_json=as_json):
        _, settings = load(config)

        async def work() -> Rebuilt:
            async with open_house(settings) as house:
                with bars() as shown:
                    task = shown.add_task("rebuilding", total=None)
                    return await make_anew(house, lambda done: shown.update(task, completed=done))

        rebuilt = run_to_end(work())
    if as_json:
        print_json({"ok": True, **asdict(rebuilt)})
    else:
        answers().print(f"{rebuilt.documents} documents rebuilt, {rebuilt.differing} differed.")
