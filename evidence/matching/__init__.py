"""What a document may prove: requirements suggested from its own words, each with a passage and a confidence."""
