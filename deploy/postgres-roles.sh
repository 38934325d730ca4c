#!/bin/sh
# Makes Assay's roles and database in a fresh PostgreSQL container (see compose.yaml).
set -eu
exec psql -v ON_ERROR_STOP=1 --username postgres \
  -v owner="$ASSAY_OWNER_PASSWORD" -v app="$ASSAY_APP_PASSWORD" -v sealer="$ASSAY_SEALER_PASSWORD" -f /roles.sql
