"""The matrix: every address, method, role and kind of object, in an AIMS beside another that is full of canaries."""
