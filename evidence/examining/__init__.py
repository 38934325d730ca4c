"""What is done with a file after it came: held against a scanner, and read for its words, both outside the request."""
