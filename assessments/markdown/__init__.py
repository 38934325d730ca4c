"""One impact assessment as a Markdown file of six sections, which teams may keep in git: written, read, compared."""
