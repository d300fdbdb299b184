import { describe, expect, it } from '@jest/globals'
import { splitStatements } from '../../src/sql/split-statements.js'
import { addKafkaOptions, findTopicTables } from '../../src/sql/tables.js'

describe('findTopicTables', () => {
  it('takes the options over that a table has by LIKE', () => {
    const sql = `CREATE TEMPORARY TABLE a (x INT) WITH ('connector' = 'upsert-kafka', 'topic' = 'one');
CREATE TABLE \`b\` WITH ('topic' = 'two') LIKE a (OVERWRITING OPTIONS);
INSERT INTO \`b\` SELECT * FROM a`
    expect(findTopicTables(splitStatements(sql))).toEqual([
      { name: 'a', topics: ['one'], isUpsert: true, isSink: false },
      { name: 'b', topics: ['two'], isUpsert: true, isSink: true },
    ])
  })

  it('knows no tables of other connectors', () => {
    const sql = "CREATE TEMPORARY TABLE ticks (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1')"
    expect(findTopicTables(splitStatements(sql))).toEqual([])
  })
})

describe('addKafkaOptions', () => {
  const options = { 'properties.security.protocol': 'SSL', 'properties.x': "it's" }
  const added = (sql: string): string | undefined =>
    splitStatements(sql).map((statement) => addKafkaOptions(statement, options))[0]?.text

  it('adds to tables on Kafka what they have not got, and moves no line', () => {
    expect(added("CREATE TABLE a (x INT)\nWITH (\n'connector' = 'kafka', 'properties.x' = 'own')")).toBe(
      "CREATE TABLE a (x INT)\nWITH ('properties.security.protocol' = 'SSL', \n'connector' = 'kafka', 'properties.x' = 'own')",
    )
    expect(added("CREATE TEMPORARY TABLE a (x INT) WITH ('connector' = 'upsert-kafka')")).toContain(
      "WITH ('properties.security.protocol' = 'SSL', 'properties.x' = 'it''s', 'connector'",
    )
  })

  it.each([
    "CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen')",
    "CREATE TABLE b WITH ('topic' = 'two') LIKE a (OVERWRITING OPTIONS)",
    'CREATE TEMPORARY VIEW v AS SELECT * FROM a',
    "SET 'connector' = 'kafka'",
  ])('leaves %s as it is', (sql) => {
    expect(added(sql)).toBe(sql)
  })
})
