-- Rides in windows of event time: each pickup location in 10 s, each vendor in 10 min every 5 min. A window that is over
-- never changes; what comes later goes to rides_late, once for each window that it has missed.
SET 'pipeline.name' = 'ride-windows';
SET 'parallelism.default' = '${RIDES_PARALLELISM:-2}';
SET 'table.local-time-zone' = 'UTC';

-- A partition that is silent for 30 s holds no window open.
CREATE TEMPORARY TABLE rides (
  ride STRING,
  vendor_id STRING,
  pickup_ms BIGINT,
  pu_location_id INT,
  `partition` INT METADATA VIRTUAL,
  pickup AS TO_TIMESTAMP_LTZ(pickup_ms, 3),
  seen AS PROCTIME(),
  WATERMARK FOR pickup AS pickup - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'rides',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-ride-windows',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '${RIDES_IDLE:-30 s}',
  'format' = 'json'
);

-- A key is the text of the id: `raw` would write an INT as four bytes.
CREATE TEMPORARY TABLE rides_pulocation_window_count (
  location STRING,
  window_start BIGINT,
  window_end BIGINT,
  pu_location_id INT,
  rides BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'rides_pulocation_window_count',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'key.fields' = 'location',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-ride-windows-location',
  'sink.transaction-naming-strategy' = 'POOLING'
);

CREATE TEMPORARY TABLE vendor_counts_windowed (
  window_start BIGINT,
  window_end BIGINT,
  vendor_id STRING,
  rides BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'vendor_counts_windowed',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'key.fields' = 'vendor_id',
  'value.format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-ride-windows-vendor',
  'sink.transaction-naming-strategy' = 'POOLING'
);

CREATE TEMPORARY TABLE rides_late (
  missed STRING,
  window_start BIGINT,
  window_end BIGINT,
  ride STRING,
  vendor_id STRING,
  pu_location_id INT,
  pickup_ms BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'rides_late',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'key.fields' = 'ride',
  'value.format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-ride-windows-late',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- How far event time has gone for this ride: by the rides before it in its partition, and by Flink's watermark, which
-- has gone on without the partition if that was silent. The first is kept in state. A watermark is not: right after a
-- restart Flink has none, but its windows still know which of them are over, and would drop a late ride without a word.
CREATE TEMPORARY VIEW dated_rides AS
SELECT
  ride,
  vendor_id,
  pu_location_id,
  pickup_ms,
  pickup,
  MAX(pickup_ms) OVER (PARTITION BY `partition` ORDER BY seen ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS newest_ms
FROM rides;

CREATE TEMPORARY VIEW clocked_rides AS
SELECT
  ride,
  vendor_id,
  pu_location_id,
  pickup_ms,
  pickup,
  TO_TIMESTAMP_LTZ(newest_ms - 5000, 3) AS reached,
  CURRENT_WATERMARK(pickup) AS flink_reached
FROM dated_rides
WHERE newest_ms >= pickup_ms;

CREATE TEMPORARY VIEW location_windows AS
SELECT
  *,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')) AS start_ms,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')) AS end_ms,
  reached >= window_time OR COALESCE(flink_reached >= window_time, FALSE) AS is_over
FROM TUMBLE(TABLE clocked_rides, DESCRIPTOR(pickup), INTERVAL '10' SECOND);

CREATE TEMPORARY VIEW vendor_windows AS
SELECT
  *,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')) AS start_ms,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')) AS end_ms,
  reached >= window_time OR COALESCE(flink_reached >= window_time, FALSE) AS is_over
FROM HOP(TABLE clocked_rides, DESCRIPTOR(pickup), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE);

EXECUTE STATEMENT SET BEGIN
  INSERT INTO rides_pulocation_window_count
  SELECT CAST(pu_location_id AS STRING), MIN(start_ms), MIN(end_ms), pu_location_id, COUNT(*)
  FROM location_windows
  WHERE NOT is_over
  GROUP BY window_start, window_end, window_time, pu_location_id;

  INSERT INTO vendor_counts_windowed
  SELECT MIN(start_ms), MIN(end_ms), vendor_id, COUNT(*)
  FROM vendor_windows
  WHERE NOT is_over
  GROUP BY window_start, window_end, window_time, vendor_id;

  -- One sink: two of one transactional id would hinder each other.
  INSERT INTO rides_late
  SELECT 'rides_pulocation_window_count', start_ms, end_ms, ride, vendor_id, pu_location_id, pickup_ms
  FROM location_windows
  WHERE is_over
  UNION ALL
  SELECT 'vendor_counts_windowed', start_ms, end_ms, ride, vendor_id, pu_location_id, pickup_ms
  FROM vendor_windows
  WHERE is_over;
END;
