#!/bin/bash
# Starts a part of Flink in a container with the image's own entry point, which edits the configuration.
set -eu
cp -R /opt/flink/conf.shipped/. /opt/flink/conf/
# A restarted TaskManager replaces the previous one at once, without waiting for the heartbeat timeout.
[ "$1" != taskmanager ] || set -- "$@" "-Dtaskmanager.resource-id=$(hostname)"
exec /docker-entrypoint.sh "$@"
