#!/usr/bin/env python
"""The command line's door: `python manage.py COMMAND`."""

import os
import runpy
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["check_systems"]:
        del sys.argv[1]
        runpy.run_module("systems.check", run_name="__main__")
    execute_from_command_line(sys.argv)
