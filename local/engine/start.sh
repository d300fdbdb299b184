#!/bin/bash
# Starts a part of Flink in a container by the image's own entry point, which edits the configuration.
set -eu
cp -R /opt/flink/conf.shipped/. /opt/flink/conf/
# One that is started again takes the place of the one before at once, rather than after a heartbeat's time-out.
[ "$1" != taskmanager ] || set -- "$@" "-Dtaskmanager.resource-id=$(hostname)"
exec /docker-entrypoint.sh "$@"
