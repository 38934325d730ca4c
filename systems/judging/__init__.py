"""Systems judged by policies: results as dated, attributed evidence."""
