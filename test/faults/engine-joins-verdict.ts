import type { TopicRecord } from '../support/oracle-records.js'
import { headerText } from '../support/oracle-records.js'
import type { Oracle } from '../support/oracle.js'
import { waitFor } from '../support/wait-for.js'
import { describeJoined } from './engine-joins.js'
import { judgeTables, latestPairs } from './engine-table-verdict.js'
import type { Verdict } from './engine-proof.js'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

type Event = { readonly key: string; readonly value: string | null; readonly eventMs: number; readonly isLate: boolean }

/** `value` is `b` or `d`. An event is late if it is more than a day older than an earlier event of its partition. */
const readEvents = (records: readonly TopicRecord[]): readonly Event[] => {
  const newest = new Map<number, number>()
  return records.map((record) => {
    const eventMs = Number(headerText(record, 'event_time'))
    const newestMs = Math.max(newest.get(record.partition) ?? -Infinity, eventMs)
    newest.set(record.partition, newestMs)
    const fields = JSON.parse(String(record.value)) as { readonly b?: string; readonly d?: string } | null
    const value = fields === null ? null : String(fields.b ?? fields.d)
    return { key: String(record.key), value, eventMs, isLate: eventMs < newestMs - dayMs }
  })
}

const groupByKey = (events: readonly Event[]): ReadonlyMap<string, readonly Event[]> =>
  Map.groupBy(events, ({ key }) => key)

const pairStreams = (left: readonly Event[], right: readonly Event[]): readonly string[] => {
  const rights = groupByKey(right.filter(({ isLate }) => !isLate))
  return left
    .filter(({ isLate }) => !isLate)
    .flatMap(({ key, value, eventMs }) =>
      (rights.get(key) ?? [])
        .filter((other) => Math.abs(other.eventMs - eventMs) <= minuteMs)
        .map((other) => `${key}:${value}+${other.value}`),
    )
}

/** The newest value that is not later than the event; of several with the same time, the last written. */
const lookUp = (left: readonly Event[], right: readonly Event[]): readonly string[] => {
  const histories = groupByKey(right)
  return left.flatMap(({ key, value, eventMs }) => {
    const known = (histories.get(key) ?? []).filter((row) => row.eventMs <= eventMs)
    const newestMs = Math.max(...known.map((row) => row.eventMs))
    const found = known.findLast((row) => row.eventMs === newestMs)?.value ?? null
    return found === null ? [] : [`${key}:${value}+${found}`]
  })
}

const judge = (expected: readonly string[], found: readonly string[]): Verdict => {
  const [wanted, got] = [new Set(expected), new Set(found)]
  return {
    lost: [...wanted].filter((text) => !got.has(text)).length,
    twice: found.length - got.size,
    wrong: [...got].filter((text) => !wanted.has(text)).length,
  }
}

export type JoinsVerdict = Readonly<Record<'tt' | 'st' | 'ss' | 'late', Verdict & { readonly expected: number }>>

/** Waits until the engine's topics contain as many records as the inputs produce, and judges them. */
export const awaitJoins = async (oracle: Oracle): Promise<JoinsVerdict> => {
  const events = async (topic: string): Promise<readonly Event[]> => readEvents(await oracle.readTopic(topic))
  const awaitTopic = async (topic: string, isEnough: (records: readonly TopicRecord[]) => boolean) =>
    waitFor(
      async () => {
        const records = await oracle.readTopic(topic)
        return isEnough(records) ? records : undefined
      },
      { what: `all records of ${topic}`, deadlineMs: 300_000, everyMs: 1_000 },
    )
  const judgeTopic = async (
    topic: string,
    expected: readonly string[],
    describe: (record: TopicRecord) => string,
  ): Promise<Verdict & { readonly expected: number }> => {
    const found = (await awaitTopic(topic, ({ length }) => length >= expected.length)).map(describe)
    return { expected: expected.length, ...judge(expected, found) }
  }
  const [ssLeft, ssRight] = [await events('ss_left_valid'), await events('ss_right_valid')]
  const late = [...ssLeft, ...ssRight].filter(({ isLate }) => isLate)
  const changes = { left: await events('tt_left_valid'), right: await events('tt_right_valid') }
  const latest = latestPairs(changes)
  const isWhole = (records: readonly TopicRecord[]): boolean => {
    const found = new Map(records.map((record) => [String(record.key), describeJoined(record)]))
    return [...latest].every(([key, text]) => (found.get(key) ?? `${key}:deleted`) === text)
  }
  const joined = (await awaitTopic('tt_joined', isWhole)).map(describeJoined)
  return {
    tt: { expected: latest.size, ...judgeTables(changes, joined) },
    st: await judgeTopic(
      'st_joined',
      lookUp(await events('st_left_valid'), await events('st_right_valid')),
      describeJoined,
    ),
    ss: await judgeTopic('ss_joined', pairStreams(ssLeft, ssRight), describeJoined),
    late: await judgeTopic(
      'ss_late',
      late.map(({ key, value, eventMs }) => `${key}:${value}@${eventMs}`),
      ({ key, value }) => {
        const { b, d, event_ms } = JSON.parse(String(value)) as { b?: string; d?: string; event_ms: number }
        return `${String(key)}:${b ?? d}@${event_ms}`
      },
    ),
  }
}
