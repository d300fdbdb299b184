"""Confluent's own serializers for Python. A JSON object on stdin says what to read and write; one goes to stdout."""

import base64
import datetime
import decimal
import json
import sys

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pool, json_format, message_factory

task = json.load(sys.stdin)
registry = SchemaRegistryClient(task["registry"])


def context(topic):
    return SerializationContext(topic, MessageField.VALUE)


def plain(value):
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (decimal.Decimal, datetime.date, datetime.datetime)):
        return str(value)
    return value


def message_class(name):
    import google.protobuf.timestamp_pb2  # noqa: F401, its file is in the pool by this

    pool = descriptor_pool.Default()
    for text in task["files"]:
        pool.AddSerializedFile(base64.b64decode(text))
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


avro, schema, message = task["avro"], task["json"], message_class(task["protobuf"]["message"])
no_old_format = {"use.deprecated.format": False}
read = {
    "avro": plain(AvroDeserializer(registry)(bytes.fromhex(avro["frame"]), context(avro["topic"]))),
    "json": JSONDeserializer(schema["schema"])(bytes.fromhex(schema["frame"]), context(schema["topic"])),
    "protobuf": json_format.MessageToDict(
        ProtobufDeserializer(message, no_old_format)(bytes.fromhex(task["protobuf"]["frame"]), context("t")),
        preserving_proto_field_name=True,
    ),
}


def avro_value(value):
    value = dict(value, amount=decimal.Decimal(value["amount"]))
    return dict(value, at=datetime.datetime.fromisoformat(value["at"]), raw=bytes.fromhex(value["raw"]))


wrote = {
    "avro": AvroSerializer(registry, avro["schema"])(avro_value(avro["value"]), context(avro["topic"])).hex(),
    "json": JSONSerializer(schema["schema"], registry)(schema["value"], context(schema["topic"])).hex(),
    "protobuf": ProtobufSerializer(message, registry, no_old_format)(
        json_format.ParseDict(task["protobuf"]["value"], message()), context(task["protobuf"]["topic"])
    ).hex(),
}
json.dump({"read": read, "wrote": wrote}, sys.stdout)
