"""``voicecoach schema``: what editors go by."""

from __future__ import annotations

import click

from voicecoach.cli import output


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scripts, for editors.

    With it an editor that knows tombi or taplo completes keys, tells what each means and marks what is wrong. It
    reads the file that the first line of a script names: #:schema voicecoach.schema.json
    """
    from voicecoach.authoring import schema_file

    output.echo(schema_file.text(), nl=False)
