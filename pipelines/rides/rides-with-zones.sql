-- Each ride with the borough and the zone of its pickup, as they were at the pickup.
SET 'pipeline.name' = 'rides-with-zones';
SET 'parallelism.default' = '${RIDES_PARALLELISM:-2}';
SET 'table.local-time-zone' = 'UTC';

CREATE TEMPORARY TABLE rides (
  ride STRING,
  vendor_id STRING,
  pickup_ms BIGINT,
  dropoff_ms BIGINT,
  passenger_count INT,
  trip_distance DOUBLE,
  pu_location_id INT,
  do_location_id INT,
  payment_type STRING,
  fare_amount STRING,
  total_amount STRING,
  -- When the ETL wrote it. A ride waits 2 s for a zone that was written beside it.
  handled_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR handled_at AS handled_at - INTERVAL '2' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'rides',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-rides-with-zones',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '2 s',
  'format' = 'json'
);

-- All of them bear the same time, 1970, so that no ride is joined while zones are still being read: the join waits until
-- this topic has been silent for 5 s. A value is text, not columns, since Flink skips a tombstone that has columns.
CREATE TEMPORARY TABLE zone_changes (
  location_id STRING,
  zone STRING,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  `offset` BIGINT METADATA VIRTUAL,
  -- 19 digits of the time from which it counts, 19 of its offset, `+` and the value or `-`: text that sorts as they do.
  version AS LPAD(CAST(GREATEST(CAST(CAST(headers['event_time'] AS STRING) AS BIGINT), 0) AS STRING), 19, '0')
    || LPAD(CAST(`offset` AS STRING), 19, '0') || COALESCE('+' || zone, '-'),
  seen_at AS PROCTIME(),
  loaded_at AS TO_TIMESTAMP_LTZ(0, 3),
  WATERMARK FOR loaded_at AS loaded_at
) WITH (
  'connector' = 'kafka',
  'topic' = 'zones_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-rides-with-zones',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '5 s',
  'key.fields' = 'location_id',
  'key.format' = 'raw',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE rides_with_zones (
  location_id STRING,
  ride STRING,
  vendor_id STRING,
  pickup_ms BIGINT,
  dropoff_ms BIGINT,
  passenger_count INT,
  trip_distance DOUBLE,
  pu_location_id INT,
  do_location_id INT,
  payment_type STRING,
  fare_amount STRING,
  total_amount STRING,
  borough STRING,
  zone STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'rides_with_zones',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'key.fields' = 'location_id',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-rides-with-zones',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- All that a zone has been, in the order in which it counts. Flink's own join by event time forgets what its watermark
-- has passed, and a late ride with it.
CREATE TEMPORARY VIEW zone_histories AS
SELECT
  location_id,
  loaded_at,
  ARRAY_SORT(ARRAY_AGG(version) OVER (
    PARTITION BY location_id ORDER BY seen_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )) AS versions
FROM zone_changes;

CREATE TEMPORARY VIEW zones AS
SELECT location_id, loaded_at, versions
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY location_id ORDER BY loaded_at DESC) AS place
  FROM zone_histories
)
WHERE place = 1;

-- A tick a second moves the time on while no ride comes: the last rides would wait for the next one. Ticks join nothing.
CREATE TEMPORARY TABLE ticks (n INT, at_time AS CURRENT_TIMESTAMP, WATERMARK FOR at_time AS at_time - INTERVAL '2' SECOND) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1'
);

CREATE TEMPORARY VIEW rides_and_ticks AS
SELECT *, CAST(pu_location_id AS STRING) AS location_id
FROM rides
UNION ALL
SELECT
  CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS INT),
  CAST(NULL AS DOUBLE), n, CAST(NULL AS INT), CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS STRING),
  at_time, 'tick ' || CAST(n AS STRING)
FROM ticks;

CREATE TEMPORARY VIEW rides_with_histories AS
SELECT r.*, z.versions
FROM rides_and_ticks AS r
LEFT JOIN zones FOR SYSTEM_TIME AS OF r.handled_at AS z ON r.location_id = z.location_id
WHERE r.location_id NOT LIKE 'tick %';

-- The first version of a zone counts for all rides before the second one. A ride whose zone is not known, or was taken
-- away, has none.
INSERT INTO rides_with_zones
SELECT
  location_id, ride, vendor_id, pickup_ms, dropoff_ms, passenger_count, trip_distance, pu_location_id, do_location_id,
  payment_type,
  fare_amount, total_amount, JSON_VALUE(NULLIF(SUBSTRING(version FROM 40), ''), '$.borough'),
  JSON_VALUE(NULLIF(SUBSTRING(version FROM 40), ''), '$.zone')
FROM rides_with_histories
CROSS JOIN UNNEST(COALESCE(versions, ARRAY[CAST('' AS STRING)])) WITH ORDINALITY AS v (version, place)
WHERE (place = 1 OR pickup_ms >= TRY_CAST(SUBSTRING(version FROM 1 FOR 19) AS BIGINT))
  AND (versions[place + 1] IS NULL OR pickup_ms < CAST(SUBSTRING(versions[place + 1] FROM 1 FOR 19) AS BIGINT));
