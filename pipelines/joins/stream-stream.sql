-- Two streams: events of one key are joined if they happened within a minute of each other, whichever came first.
SET 'pipeline.name' = 'join-stream-stream';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE left_stream (
  a STRING,
  b STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '24' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_left_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-stream',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.fields' = 'a',
  'scan.watermark.idle-timeout' = '2 s',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE right_stream (
  c STRING,
  d STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '24' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_right_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-stream',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.fields' = 'c',
  'scan.watermark.idle-timeout' = '2 s',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE joined (
  a STRING,
  b STRING,
  d STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_joined',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.fields' = 'a',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-join-stream-stream',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- Both ends of the minute count.
INSERT INTO joined
SELECT l.a, l.b, r.d
FROM left_stream AS l
JOIN right_stream AS r
ON l.a = r.c AND r.happened_at BETWEEN l.happened_at - INTERVAL '1' MINUTE AND l.happened_at + INTERVAL '1' MINUTE;
