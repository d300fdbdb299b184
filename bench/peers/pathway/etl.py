"""The same transformation with Pathway, written like its Kafka ETL example: public API, no licence key, no telemetry."""

import os

import pathway as pw


class Log(pw.Schema):
    date: str
    message: str


def to_timestamps(table: pw.Table) -> pw.Table:
    instant = table.date.dt.strptime(fmt="%Y-%m-%d %H:%M:%S.%f %z", contains_timezone=True)
    return table.select(timestamp=instant.dt.timestamp(unit="ms"), message=table.message)


settings = {
    "bootstrap.servers": os.environ["KAFKA_BROKERS"],
    "group.id": os.environ["GROUP_ID"],
    "session.timeout.ms": "6000",
    "auto.offset.reset": "earliest",
}
commit_ms = int(os.environ["COMMIT_MS"])

logs = [
    pw.io.kafka.read(settings, topic=topic, format="json", schema=Log, autocommit_duration_ms=commit_ms)
    for topic in os.environ["INPUT_TOPICS"].split(",")
]
timestamps = [to_timestamps(table) for table in logs]
pw.io.kafka.write(
    timestamps[0].concat_reindex(*timestamps[1:]), settings, topic_name=os.environ["OUTPUT_TOPIC"], format="json"
)
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
