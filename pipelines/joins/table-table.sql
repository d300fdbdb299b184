-- Two tables: each change on either side changes the result of its key, and a tombstone takes it back.
SET 'pipeline.name' = 'join-table-table';
SET 'parallelism.default' = '${JOINS_PARALLELISM:-1}';

CREATE TEMPORARY TABLE left_table (
  a STRING,
  b STRING,
  PRIMARY KEY (a) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'tt_left_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-table-table',
  'properties.isolation.level' = 'read_committed',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE right_table (
  c STRING,
  d STRING,
  PRIMARY KEY (c) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'tt_right_valid',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.group.id' = 'engine-join-table-table',
  'properties.isolation.level' = 'read_committed',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

CREATE TEMPORARY TABLE joined (
  a STRING,
  b STRING,
  d STRING,
  PRIMARY KEY (a) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'tt_joined',
  'properties.bootstrap.servers' = '${KAFKA_BROKERS}',
  'properties.transaction.timeout.ms' = '${ENGINE_TRANSACTION_TIMEOUT_MS}',
  'key.format' = 'raw',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'engine-join-table-table',
  'sink.transaction-naming-strategy' = 'POOLING'
);

INSERT INTO joined
SELECT a, b, d FROM left_table JOIN right_table ON a = c;
