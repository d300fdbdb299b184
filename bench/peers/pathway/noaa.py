"""The noaa pipeline with Pathway: each step reads what the previous one wrote to Kafka. Public API, no licence key, no telemetry."""

import json
import os

import pathway as pw

settings = {
    "bootstrap.servers": os.environ["KAFKA_BROKERS"],
    "session.timeout.ms": "6000",
    "auto.offset.reset": "earliest",
}
group = os.environ["GROUP_ID"]
commit_ms = int(os.environ["COMMIT_MS"])
folder = os.environ["PIPELINE_FOLDER"]


class Flat(pw.Schema):
    station_id: str
    date: str
    AWND: float | None = pw.column_definition(default_value=None)
    PRCP: float | None = pw.column_definition(default_value=None)
    TMAX: float | None = pw.column_definition(default_value=None)
    TMIN: float | None = pw.column_definition(default_value=None)


class Reading(pw.Schema):
    station: pw.Json
    date: str
    AWND: float | None = pw.column_definition(default_value=None)
    PRCP: float | None = pw.column_definition(default_value=None)
    TMAX: float | None = pw.column_definition(default_value=None)
    TMIN: float | None = pw.column_definition(default_value=None)


class Station(pw.Schema):
    station_id: str = pw.column_definition(primary_key=True)
    station: pw.Json


def read(topic: str, schema: type[pw.Schema]) -> pw.Table:
    own = {**settings, "group.id": f"{group}-{topic}"}
    return pw.io.kafka.read(own, topic=topic, format="json", schema=schema, autocommit_duration_ms=commit_ms)


with open(f"{folder}/stations.jsonl") as lines:
    rows = [(station["id"], pw.Json(station)) for station in map(json.loads, lines)]
with open(f"{folder}/alerts.json") as rules:
    [rule] = json.load(rules)
stations = pw.debug.table_from_rows(Station, rows)

flat = read("noaa-flat", Flat)
enriched = flat.join(stations, flat.station_id == stations.station_id).select(
    stations.station, flat.date, flat.AWND, flat.PRCP, flat.TMAX, flat.TMIN
)
pw.io.kafka.write(enriched, settings, topic_name="noaa-json", format="json")

readings = read("noaa-json", Reading)
arizona = readings.filter(
    (readings.station["country_code"].as_str() == "US") & (readings.station.get("state_code").as_str() == "AZ")
)
pw.io.kafka.write(arizona, settings, topic_name="noaa-json-us-az", format="json")

kept = read("noaa-json-us-az", Reading)
measured = kept[rule["element"]]
met = kept.filter(
    (kept.station["id"].as_str() == rule["station_id"])
    & measured.is_not_none()
    & (pw.coalesce(measured, float("inf")) <= rule["at_most"])
)
pw.io.kafka.write(met.with_columns(email=rule["email"]), settings, topic_name="noaa-alerts", format="json")
pw.run(monitoring_level=pw.MonitoringLevel.NONE)
