-- Two streams: events of one key are joined if they happened within a minute of each other, whichever came first. An event
-- more than 24 h behind one before it in its partition may have missed those it belongs to: it goes to ss_late instead.
SET 'pipeline.name' = 'join-stream-stream';
SET 'parallelism.default' = '${JOINS_PARALLELISM:-1}';
SET 'table.local-time-zone' = 'UTC';

-- Watermarks only say what the join may forget: they are never ahead of what a partition has seen, less 24 h. A silent
-- partition holds them back, so that its events find all that they belong to when it speaks again.
CREATE TEMPORARY TABLE left_stream (
  a STRING,
  b STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  `partition` INT METADATA VIRTUAL,
  event_ms AS CAST(CAST(headers['event_time'] AS STRING) AS BIGINT),
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  seen_at AS PROCTIME(),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '24' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_left_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-stream',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.fields' = 'a',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE right_stream (
  c STRING,
  d STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  `partition` INT METADATA VIRTUAL,
  event_ms AS CAST(CAST(headers['event_time'] AS STRING) AS BIGINT),
  happened_at AS TO_TIMESTAMP_LTZ(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 3),
  seen_at AS PROCTIME(),
  WATERMARK FOR happened_at AS happened_at - INTERVAL '24' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_right_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-stream-stream',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.fields' = 'c',
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

CREATE TEMPORARY TABLE late (
  a STRING,
  missed STRING,
  event_ms BIGINT,
  b STRING,
  d STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'ss_late',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.fields' = 'a',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.json.encode.ignore-null-fields' = 'true',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-join-stream-stream-late',
  'sink.transaction-naming-strategy' = 'POOLING'
);

CREATE TEMPORARY VIEW left_events AS
SELECT *, MAX(event_ms) OVER (PARTITION BY `partition` ORDER BY seen_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS newest_ms
FROM left_stream;

CREATE TEMPORARY VIEW right_events AS
SELECT *, MAX(event_ms) OVER (PARTITION BY `partition` ORDER BY seen_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS newest_ms
FROM right_stream;

EXECUTE STATEMENT SET BEGIN
  -- Both ends of the minute count.
  INSERT INTO joined
  SELECT l.a, l.b, r.d
  FROM (SELECT * FROM left_events WHERE event_ms >= newest_ms - 86400000) AS l
  JOIN (SELECT * FROM right_events WHERE event_ms >= newest_ms - 86400000) AS r
  ON l.a = r.c AND r.happened_at BETWEEN l.happened_at - INTERVAL '1' MINUTE AND l.happened_at + INTERVAL '1' MINUTE;

  INSERT INTO late
  SELECT a, 'ss_joined', event_ms, b, CAST(NULL AS STRING) FROM left_events WHERE event_ms < newest_ms - 86400000
  UNION ALL
  SELECT c, 'ss_joined', event_ms, CAST(NULL AS STRING), d FROM right_events WHERE event_ms < newest_ms - 86400000;
END;
