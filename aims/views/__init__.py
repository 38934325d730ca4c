"""The settings pages, one module a tab, and the pages outside an AIMS: me, and the way in by invitation."""
