"""Plan files: Markdown and tables are written and read, calendars only written. Text in, values out, no database."""
