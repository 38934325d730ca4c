"""Reading a statement kept in a spreadsheet: a file in, a verdict on every row out, nothing written."""
