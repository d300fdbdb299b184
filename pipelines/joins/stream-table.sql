-- A stream and a table: an event gets the value that its key had in the table at the time of the event.
SET 'pipeline.name' = 'join-stream-table';
SET 'table.local-time-zone' = 'UTC';

-- An event waits 2 s for the row of its key, which comes by another topic.
CREATE TEMPORARY TABLE left_stream (
  a STRING,
  b STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '2' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'st_left_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-table',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.fields' = 'a',
  'scan.watermark.idle-timeout' = '2 s',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE right_table (
  c STRING,
  d STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  WATERMARK FOR happened_at AS happened_at,
  PRIMARY KEY (c) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'st_right_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-table',
  'properties.isolation.level' = 'read_committed',
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
  'topic' = 'st_joined',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.fields' = 'a',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-join-stream-table',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- Event time goes on with events alone. A tick a second moves it on while the stream is silent; else its last events
-- would wait for the next one. Ticks join nothing.
CREATE TEMPORARY TABLE ticks (n BIGINT, happened_at AS CURRENT_TIMESTAMP, WATERMARK FOR happened_at AS happened_at - INTERVAL '2' SECOND) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1'
);

CREATE TEMPORARY VIEW left_with_ticks AS
SELECT a, b, happened_at FROM left_stream
UNION ALL
SELECT CAST(NULL AS STRING), CAST(NULL AS STRING), happened_at FROM ticks;

INSERT INTO joined
SELECT l.a, l.b, r.d
FROM left_with_ticks AS l
JOIN right_table FOR SYSTEM_TIME AS OF l.happened_at AS r ON l.a = r.c;
