"""The HTML door of single sign-on."""
