import { describe, expect, it } from '@jest/globals'
import { parseComposeStatus } from '../src/compose-status.js'
import { sumGauge } from '../src/metrics-text.js'
import { formatStatusTable, isUp } from '../src/part-status.js'
import { findPending } from '../src/up.js'

const container = (fields: Record<string, unknown>): string =>
  JSON.stringify({
    ID: '0123456789abcdef',
    State: 'running',
    Health: 'healthy',
    ExitCode: 0,
    Publishers: [],
    ...fields,
  })

const published = [
  { PublishedPort: 0, TargetPort: 9_465 },
  { PublishedPort: 9_467, TargetPort: 9_465 },
]

describe('parseComposeStatus', () => {
  it('reads one container a line, in the order of the data, and leaves out what only prepares', () => {
    const output = [
      container({ Service: 'reader', Name: 'stack-reader-1' }),
      container({ Service: 'results-owner', Name: 'stack-results-owner-1', State: 'exited', Health: '' }),
      container({ Service: 'etl', Name: 'stack-etl-2', Publishers: published }),
      container({ Service: 'etl', Name: 'stack-etl-1', Health: 'starting' }),
      container({ Service: 'producer', Name: 'stack-producer-1', State: 'exited', Health: '' }),
    ].join('\n')
    expect(parseComposeStatus(output).map(({ name, state, health, port }) => [name, state, health, port])).toEqual([
      ['producer', 'done', '-', undefined],
      ['etl-1', 'running', 'starting', undefined],
      ['etl-2', 'running', 'healthy', 9_467],
      ['reader', 'running', 'healthy', undefined],
    ])
  })

  it('takes exit code 2 for failed even while Docker starts it again, and any other end for stopped', () => {
    const states = [
      container({ Service: 'etl', Name: 'stack-etl-1', State: 'restarting', ExitCode: 2 }),
      container({ Service: 'kafka', Name: 'stack-kafka-1', State: 'exited' }),
      container({ Service: 'reader', Name: 'stack-reader-1', State: 'restarting', ExitCode: 1 }),
    ].flatMap((line) => parseComposeStatus(line).map(({ state }) => state))
    expect(states).toEqual(['failed', 'stopped', 'restarting'])
  })

  it('is empty where nothing was started', () => expect(parseComposeStatus('')).toEqual([]))
})

describe('findPending', () => {
  it('counts a part that is not there, and not a producer that is done', () => {
    const healthy = { state: 'running', health: 'healthy', process: 'pid 1' } as const
    const parts = ['zookeeper', 'kafka', 'etl-1', 'etl-2'].map((name) => ({ ...healthy, name }))
    const producer = { name: 'producer', state: 'done', health: '-', process: '-' } as const
    expect(isUp(producer)).toBe(true)
    expect(findPending([...parts, producer]).map(({ name }) => name)).toEqual(['reader'])
  })
})

describe('formatStatusTable', () => {
  it('aligns its columns and shows what is not known as -', () => {
    expect(
      formatStatusTable([
        { name: 'kafka', state: 'running', health: 'healthy', port: 29_092, process: 'pid 7', restarts: 0 },
        { name: 'etl-1', state: 'running', health: 'unhealthy', process: 'pid 8', lag: 12, reason: 'not caught up' },
      ]),
    ).toBe(
      [
        'PART   STATE    HEALTH     PORT             PROCESS  RESTARTS  LAG',
        'kafka  running  healthy    127.0.0.1:29092  pid 7    0         -',
        'etl-1  running  unhealthy  -                pid 8    -         12   not caught up',
      ].join('\n'),
    )
  })
})

describe('sumGauge', () => {
  const page =
    '# TYPE lag gauge\nlag{topic="a b",partition="0"} 3\nlag{topic="}"} 4 1700000000000\nlag_seconds 9\nidle 0\n'

  it('adds up the labels of one name', () => expect(sumGauge(page, 'lag')).toBe(7))
  it('reads a gauge without labels', () => expect(sumGauge(page, 'idle')).toBe(0))
  it('is undefined for a name that is not there', () => expect(sumGauge(page, 'absent')).toBeUndefined())
})
