"""Registers that others keep as spreadsheets: any table with a row a system becomes records, and no row is lost."""
