"""Set-up and running: plain Python on the bare interpreter, before a virtual environment exists."""
