#!/bin/sh
# Brings both databases of the Temporal server to the schema of this version. Safe to run at every start: what is there
# already is left alone. The host comes from SQL_HOST; the tool itself reads SQL_PORT, SQL_USER and SQL_PASSWORD.
set -eu

versions=/etc/temporal/schema/postgresql/v12

for store in temporal:temporal temporal_visibility:visibility; do
  database=${store%%:*}
  folder=${store##*:}
  set -- temporal-sql-tool --plugin postgres12 --endpoint "$SQL_HOST" --database "$database"
  "$@" setup-schema --version 0.0
  "$@" update-schema --schema-dir "$versions/$folder/versioned"
done
