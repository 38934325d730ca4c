#!/bin/sh
# Become the first Python 3.11 or newer that this machine has, with the arguments given.
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$candidate" "$@"
    fi
done
echo "Assay needs Python 3.11 or newer: install it (apt-get install python3 python3-venv, or brew install python)." >&2
exit 1
