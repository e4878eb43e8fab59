#!/bin/sh
# Makes the namespace, or gives an existing one its retention. A closed case's history stays for ten years, for the auditor's
# replay reads it from the server. The address comes from TEMPORAL_ADDRESS.
set -eu

namespace=$SANTONG_TEMPORAL_NAMESPACE
retention=3650d

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 2
done

if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$namespace" --retention "$retention"
else
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
fi
