-- A stream and a table: an event gets the value that its key had in the table at the time of the event.
SET 'pipeline.name' = 'join-stream-table';
SET 'parallelism.default' = '${JOINS_PARALLELISM:-1}';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE left_stream (
  a STRING,
  b STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  event_ms AS CAST(CAST(headers['event_time'] AS STRING) AS BIGINT),
  -- When the ETL wrote it. An event waits 2 s for a row of the table that was written beside it.
  handled_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR handled_at AS handled_at - INTERVAL '2' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'st_left_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-table',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '2 s',
  'key.fields' = 'a',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

-- All of them bear the same time, 1970, so that no event is joined while the table is still being read: the join waits
-- until this topic has been silent for 2 s. A value is text, not columns, since Flink skips a tombstone that has columns.
CREATE TEMPORARY TABLE right_changes (
  c STRING,
  changed STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  `offset` BIGINT METADATA VIRTUAL,
  -- 19 digits of the time from which it counts, 19 of its offset, `+` and the value or `-`: text that sorts as they do.
  version AS LPAD(CAST(GREATEST(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 0) AS STRING), 19, '0')
    || LPAD(CAST(`offset` AS STRING), 19, '0') || COALESCE('+' || changed, '-'),
  seen_at AS PROCTIME(),
  loaded_at AS TO_TIMESTAMP_LTZ(0, 3),
  WATERMARK FOR loaded_at AS loaded_at
) WITH (
  'connector' = 'kafka',
  'topic' = 'st_right_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-table',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '2 s',
  'key.fields' = 'c',
  'key.format' = 'raw',
  'value.format' = 'raw',
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

-- All that a key has been, in the order in which it counts. Flink's own join by event time forgets what its watermark
-- has passed: an event that comes late would find a value that is newer than itself, or none.
CREATE TEMPORARY VIEW right_histories AS
SELECT
  c,
  loaded_at,
  ARRAY_SORT(ARRAY_AGG(version) OVER (
    PARTITION BY c ORDER BY seen_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )) AS versions
FROM right_changes;

CREATE TEMPORARY VIEW right_table AS
SELECT c, loaded_at, versions
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY c ORDER BY loaded_at DESC) AS place
  FROM right_histories
)
WHERE place = 1;

-- A tick a second moves the time on while no event comes: the last events would wait for the next one. Ticks join nothing.
CREATE TEMPORARY TABLE ticks (n INT, at_time AS CURRENT_TIMESTAMP, WATERMARK FOR at_time AS at_time - INTERVAL '2' SECOND) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1'
);

CREATE TEMPORARY VIEW left_and_ticks AS
SELECT a, b, event_ms, handled_at FROM left_stream
UNION ALL
SELECT CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS BIGINT), at_time FROM ticks;

CREATE TEMPORARY VIEW left_with_histories AS
SELECT l.a, l.b, l.event_ms, r.versions
FROM left_and_ticks AS l
JOIN right_table FOR SYSTEM_TIME AS OF l.handled_at AS r ON l.a = r.c;

-- A tombstone takes the value back: from then on there is nothing to join.
INSERT INTO joined
SELECT a, b, JSON_VALUE(SUBSTRING(version FROM 40), '$.d')
FROM left_with_histories
CROSS JOIN UNNEST(versions) WITH ORDINALITY AS v (version, place)
WHERE event_ms >= CAST(SUBSTRING(version FROM 1 FOR 19) AS BIGINT)
  AND (versions[place + 1] IS NULL OR event_ms < CAST(SUBSTRING(versions[place + 1] FROM 1 FOR 19) AS BIGINT))
  AND SUBSTRING(version FROM 39 FOR 1) = '+';
