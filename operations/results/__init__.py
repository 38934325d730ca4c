"""Result files of evaluations, read without a database: our JSON, CSV, and what promptfoo writes."""
