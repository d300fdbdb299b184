import { describe, expect, it } from '@jest/globals'
import { findSharedNames, parseJobFile, type JobFile } from '../../src/sql/job-file.js'

const sql = `SET 'pipeline.name' = 'running-sum';
SET 'parallelism.default' = '2';
CREATE TEMPORARY TABLE commits (x BIGINT) WITH ('connector' = 'kafka', 'topic' = '\${IN:-commits}');
CREATE TEMPORARY TABLE latest (x BIGINT) WITH ('connector' = 'upsert-kafka', 'topic' = 'latest');
INSERT INTO latest SELECT x FROM commits;`

const jobOf = (text: string, environment = {}): JobFile => {
  const result = parseJobFile('connector/sum.sql', text, environment)
  if (!result.ok) throw new Error(result.faults.join())
  return result.job
}

const faultsOf = (text: string): readonly string[] => {
  const result = parseJobFile('connector/sum.sql', text, {})
  return result.ok ? [] : result.faults
}

describe('parseJobFile', () => {
  it('finds the name, the parallelism and the topics of a job', () => {
    expect(jobOf(sql)).toMatchObject({
      name: 'running-sum',
      parallelism: 2,
      tables: [
        { name: 'commits', topics: ['commits'], isUpsert: false, isSink: false },
        { name: 'latest', topics: ['latest'], isUpsert: true, isSink: true },
      ],
    })
  })

  it('fills variables in, and takes an empty one for not set', () => {
    const topicsWith = (environment: Record<string, string>) => jobOf(sql, environment).tables[0]?.topics
    expect(topicsWith({ IN: 'a;b' })).toEqual(['a', 'b'])
    expect(topicsWith({ IN: '' })).toEqual(['commits'])
  })

  it('has another hash for another text, and the same for other comments and blanks', () => {
    const { textHash } = jobOf(sql)
    expect(jobOf(`-- why\n${sql}\n\n`).textHash).toBe(textHash)
    expect(jobOf(sql.replace('SELECT x', 'SELECT x + 0')).textHash).not.toBe(textHash)
    expect(jobOf(sql, { IN: 'other' }).textHash).not.toBe(textHash)
  })

  it('says what is missing, with file and line', () => {
    expect(faultsOf("SELECT 1;\nSELECT '${NOWHERE}'")).toEqual([
      'connector/sum.sql:2: expected NOWHERE to be set, or a default as in ${NOWHERE:-…}, got neither',
      "connector/sum.sql:1: expected SET 'pipeline.name' = '<name>' first, a name of a-z, A-Z, 0-9, '.', '_', '-', got SELECT 1",
    ])
    expect(faultsOf('-- nothing')).toHaveLength(1)
    expect(faultsOf("SET 'pipeline.name' = '../x'; SELECT 1")).toHaveLength(1)
  })
})

describe('findSharedNames', () => {
  it('names the file whose job another file has already', () => {
    const [one, other] = [jobOf(sql), { ...jobOf(sql), file: 'connector/other.sql' }]
    expect(findSharedNames([one, other])).toEqual([
      "connector/other.sql:1: expected a pipeline.name of its own, got running-sum, which is connector/sum.sql's",
    ])
    expect(findSharedNames([one])).toEqual([])
  })
})
