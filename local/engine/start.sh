#!/bin/bash
# Starts a part of Flink in a container with the image's own entry point, which edits the configuration.
set -eu
cp -R /opt/flink/conf.shipped/. /opt/flink/conf/
# If ZooKeeper requires a password, it is in this file, and only Flink may read and write its nodes.
jaas=/secure/zookeeper.jaas
if [ -e "$jaas" ]; then
  export JAVA_TOOL_OPTIONS="-Djava.security.auth.login.config=$jaas"
  export FLINK_PROPERTIES="$FLINK_PROPERTIES"$'\n''high-availability.zookeeper.client.acl: creator'
fi
# A restarted TaskManager replaces the previous one at once, without waiting for the heartbeat timeout.
[ "$1" != taskmanager ] || set -- "$@" "-Dtaskmanager.resource-id=$(hostname)"
exec /docker-entrypoint.sh "$@"
