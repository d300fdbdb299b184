-- How many rides each vendor has had so far: the latest count of each key, in a compacted topic.
SET 'pipeline.name' = 'rides-per-vendor';
SET 'parallelism.default' = '${RIDES_PARALLELISM:-2}';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '500 ms';
SET 'table.exec.mini-batch.size' = '5000';

CREATE TEMPORARY TABLE rides (vendor_id STRING) WITH (
  'connector' = 'kafka',
  'topic' = 'rides',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-rides-per-vendor',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TEMPORARY TABLE rides_per_vendor (vendor_id STRING, rides BIGINT, PRIMARY KEY (vendor_id) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'rides_per_vendor',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'value.format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-rides-per-vendor',
  'sink.transaction-naming-strategy' = 'POOLING'
);

INSERT INTO rides_per_vendor SELECT vendor_id, COUNT(*) FROM rides GROUP BY vendor_id;
