"""The noaa pipeline as in the talk: aiokafka, one record at a time, a separate consumer for each step."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

brokers = os.environ["KAFKA_BROKERS"]
group = os.environ["GROUP_ID"]
folder = os.environ["PIPELINE_FOLDER"]

with open(f"{folder}/stations.jsonl") as lines:
    stations = {station["id"]: station for station in map(json.loads, lines)}
with open(f"{folder}/alerts.json") as text:
    rules = json.load(text)


def enrich(flat: dict) -> Iterator[dict]:
    yield {"station": stations[flat.pop("station_id")], **flat}


def keep_arizona(reading: dict) -> Iterator[dict]:
    station = reading["station"]
    if station["country_code"] == "US" and station.get("state_code") == "AZ":
        yield reading


def alert(reading: dict) -> Iterator[dict]:
    for rule in rules:
        measured = reading.get(rule["element"])
        if reading["station"]["id"] == rule["station_id"] and measured is not None and measured <= rule["at_most"]:
            yield {**reading, "email": rule["email"]}


async def run(source: str, target: str, step: Callable[[dict], Iterator[dict]]) -> None:
    consumer = AIOKafkaConsumer(source, bootstrap_servers=brokers, group_id=f"{group}-{target}", auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=brokers)
    await asyncio.gather(consumer.start(), producer.start())
    async for record in consumer:
        for output in step(json.loads(record.value)):
            key = output["station"]["id"].encode()
            await producer.send_and_wait(target, json.dumps(output).encode(), key=key)


async def main() -> None:
    await asyncio.gather(
        run("noaa-flat", "noaa-json", enrich),
        run("noaa-json", "noaa-json-us-az", keep_arizona),
        run("noaa-json-us-az", "noaa-alerts", alert),
    )


asyncio.run(main())
