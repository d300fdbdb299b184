import { describe, expect, it } from '@jest/globals'
import { splitStatements } from '../../src/sql/split-statements.js'
import { findTopicTables } from '../../src/sql/tables.js'

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
