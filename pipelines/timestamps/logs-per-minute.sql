-- Logs a minute and input topic, from the clean stream: once a minute is over, and as they grow.
-- The input topic is the first part of the header `source`: timezone1/0/4711.
SET 'pipeline.name' = 'logs-per-minute';
-- Minutes are those of UTC, in whatever zone the machine is.
SET 'table.local-time-zone' = 'UTC';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '500 ms';
SET 'table.exec.mini-batch.size' = '5000';

-- An input that is silent for 30 s holds no window open. If it then goes on with logs of minutes that are over, these
-- are in logs_per_minute_live alone.
CREATE TEMPORARY TABLE unified (
  `timestamp` DOUBLE,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  zone AS COALESCE(SPLIT_INDEX(DECODE(headers['source'], 'UTF-8'), '/', 0), ''),
  minute_ms AS CAST(FLOOR(`timestamp` / 60000) AS BIGINT) * 60000,
  logged_at AS TO_TIMESTAMP_LTZ(CAST(FLOOR(`timestamp`) AS BIGINT), 3),
  WATERMARK FOR logged_at AS logged_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${OUTPUT_TOPIC:-unified_timestamps}',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-logs-per-minute',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '30 s',
  'format' = 'json'
);

-- A minute that is over never changes: it is appended, once.
CREATE TEMPORARY TABLE logs_per_minute (minute_ms BIGINT, zone STRING, logs BIGINT) WITH (
  'connector' = 'kafka',
  'topic' = 'logs_per_minute',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'json',
  'key.fields' = 'minute_ms;zone',
  'value.format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-logs-per-minute-closed',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- The same numbers as they grow, the latest of each key: nothing is ever too late here.
CREATE TEMPORARY TABLE logs_per_minute_live (
  minute_ms BIGINT,
  zone STRING,
  logs BIGINT,
  PRIMARY KEY (minute_ms, zone) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'logs_per_minute_live',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'json',
  'value.format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-logs-per-minute-live',
  'sink.transaction-naming-strategy' = 'POOLING'
);

EXECUTE STATEMENT SET BEGIN
  INSERT INTO logs_per_minute
  SELECT MIN(minute_ms), zone, COUNT(*)
  FROM TUMBLE(TABLE unified, DESCRIPTOR(logged_at), INTERVAL '1' MINUTE)
  GROUP BY window_start, window_end, window_time, zone;

  INSERT INTO logs_per_minute_live
  SELECT minute_ms, zone, COUNT(*)
  FROM unified
  GROUP BY minute_ms, zone;
END;
