"""Risk registers that people kept elsewhere: a file in, a verdict on every row out."""
