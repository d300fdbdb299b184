-- The running sum of the values of all commits, one change for each commit that changes it.
SET 'pipeline.name' = 'running-sum';
SET 'table.local-time-zone' = 'UTC';
-- The rows of a commit are one record, and pass as one bundle, which no barrier and no watermark can cut: no sum of
-- half a commit is ever seen.
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '100 ms';
SET 'table.exec.mini-batch.size' = '10000000';

-- TO_CHANGELOG makes a bundle last until event time has gone on by the latency above. So each record is a second of
-- its own, counted by its offset, and its watermark follows it at once.
CREATE TEMPORARY TABLE commits (
  `commit` BIGINT,
  `rows` ARRAY<ROW<`value` BIGINT>>,
  source STRING METADATA FROM 'topic' VIRTUAL,
  record BIGINT METADATA FROM 'offset' VIRTUAL,
  counted AS TO_TIMESTAMP_LTZ(record + 1, 0),
  WATERMARK FOR counted AS counted
) WITH (
  'connector' = 'kafka',
  'topic' = 'connector_updates',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-running-sum',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.emit.strategy' = 'on-event',
  'format' = 'json'
);

-- Each change takes the sum of before back (diff -1) and adds the new one (diff 1).
CREATE TEMPORARY TABLE sum_changes (`sum` BIGINT, `time` BIGINT, diff INT) WITH (
  'connector' = 'kafka',
  'topic' = 'sum',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'format' = 'json',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-running-sum-changes',
  'sink.transaction-naming-strategy' = 'POOLING'
);

-- The latest sum. Its key is the input's topic: Flink would take a constant for no key, and write a tombstone between.
CREATE TEMPORARY TABLE sum_latest (source STRING, `sum` BIGINT, PRIMARY KEY (source) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'sum_latest',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-running-sum-latest',
  'sink.transaction-naming-strategy' = 'POOLING'
);

CREATE TEMPORARY VIEW total AS
SELECT source, SUM(r.`value`) AS `sum`
FROM commits CROSS JOIN UNNEST(`rows`) AS r (`value`)
GROUP BY source;

-- Without a uid, Flink numbers TO_CHANGELOG by what the gateway has planned before it, and a later job cannot find its state.
EXECUTE STATEMENT SET BEGIN
  INSERT INTO sum_changes
  SELECT `sum`, 1000 * UNIX_TIMESTAMP(), CASE WHEN op IN ('INSERT', 'UPDATE_AFTER') THEN 1 ELSE -1 END
  FROM TO_CHANGELOG(input => TABLE total, uid => 'sum-changes');

  INSERT INTO sum_latest SELECT source, `sum` FROM total;
END;
