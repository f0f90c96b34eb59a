"""``voicecoach fmt``: scripts laid out to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from voicecoach.cli import failures, output
from voicecoach.cli.arguments import scripts_argument
from voicecoach.errors import ScriptError, VoicecoachError, counted
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.script.source import Source


@click.command("fmt")
@scripts_argument
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit code 1 where something would change.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the script laid out, and leave its file as it is.")
@click.pass_context
def command(context: click.Context, sources: tuple[str, ...], only_check: bool, to_stdout: bool) -> None:
    """Lay scripts out to be read: one step a line, equals signs in a column, no line over 120 where that can be.

    Comments stay, and so do the order of everything, line ends, and what the script says: that is compared before a
    file is replaced. Laid out once, a script is not changed by laying it out again. With "-" the script comes from
    standard input and goes to standard output.

    A script with mistakes is left as it is (exit code 2). So is a workout that ships and is named by its name: copy it
    first.
    """
    from voicecoach.script import source as opening
    from voicecoach.script.formatting import formatted

    printed = to_stdout or opening.STANDARD_INPUT in sources
    if printed and len(sources) > 1 and not only_check:
        raise click.UsageError("only one script can be printed at a time")
    changed = code = 0
    for name in sources:
        try:
            script = opening.opened(name)
            if not printed and not only_check and _ships(name, script):
                raise opening.refused(
                    name, f"it ships with voicecoach and stays as it is: copy it first ({script.path})"
                )
            content = formatted(script)
            changed += content != script.content
            if only_check:
                if content != script.content:
                    output.echo(output.one_line(f"{name}: would be laid out otherwise"))
            elif printed:
                click.echo(content, nl=False)
            elif content != script.content:
                _write(script, content)
        except ScriptError as error:
            output.echo(failures.described(error, most=len(error.problems)), err=True)
            code = error.exit_code
    if not printed or only_check:
        would = "would be " if only_check else ""
        output.note(f"{counted(changed, 'script')} {would}laid out anew, of {len(sources)}")
    if code or (only_check and changed):
        context.exit(code or VoicecoachError.exit_code)


def _ships(name: str, script: Source) -> bool:
    from voicecoach.script.source import is_path

    return not is_path(name) and script.path is not None and script.path.parent == folders.shipped_scripts()


def _write(script: Source, content: bytes) -> None:
    from voicecoach.store import atomic

    if script.path is not None:
        with atomic.writing(script.path) as file:
            file.write(content)
