#!/bin/sh
# Makes the namespace, or gives an existing one its retention, and waits until every part of the server knows it. A closed
# case's history stays for ten years, for the auditor's replay reads it from the server. The address comes from
# TEMPORAL_ADDRESS.
set -eu

namespace=$SANTONG_TEMPORAL_NAMESPACE
retention=3650d

patiently() {
  tries=0
  until "$@" >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || exit 1
    sleep 1
  done
}

patiently temporal operator cluster health
if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$namespace" --retention "$retention"
else
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
fi
patiently temporal workflow list --namespace "$namespace" --limit 1
