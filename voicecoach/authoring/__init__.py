"""Writing scripts: starters, what people type made a script, and what tells others and editors the format."""
