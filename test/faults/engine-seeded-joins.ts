import type { NewRecord } from '../support/oracle-records.js'
import { createRandom, pick, randomInteger, type Random } from '../support/random.js'

export const roundCount = 40
/** The records of one round: changes of two tables, events that look up a table, events of two streams. */
const [changesOfRound, lookupsOfRound, eventsOfRound] = [1_500, 1_500, 2_000]
export const recordsOfRound = changesOfRound + lookupsOfRound + eventsOfRound

const startMs = Date.UTC(2024, 1, 5)
const [minuteMs, hourMs] = [60_000, 3_600_000]

export const joinPartitions = 2

/** Each value is unique: a joined record shows which records it comes from. */
const recordOf = (topic: string, key: number, value: string | null, eventMs: number): NewRecord => ({
  topic,
  key: String(key),
  value: value === null ? null : JSON.stringify(topic.includes('left') ? { b: value } : { d: value }),
  headers: [{ name: 'event_time', value: String(eventMs) }],
})

/** Changes of 300 keys on both sides, one in 20 a tombstone. */
const makeTableChanges = (random: Random, round: number): readonly NewRecord[] =>
  Array.from({ length: changesOfRound }, (_, index) => {
    const side = pick(random, ['left', 'right'])
    const value = random() < 0.05 ? null : `${side}-${round}-${index}`
    return recordOf(`tt_${side}_valid`, randomInteger(random, 0, 299), value, startMs + round)
  })

const lookupKeys = Array.from({ length: 100 }, (_, key) => key)
/** How far the time of the events advances in a round. */
const lookupStepMs = 10 * minuteMs

/**
 * Rows of the table in every eighth round, two for each key with the newer one first, one in ten a tombstone. They take
 * effect after all earlier events: it does not matter when an event looks them up.
 */
const makeTableRows = (random: Random, round: number): readonly NewRecord[] =>
  round % 8 !== 0
    ? []
    : [2_000, 1_000].flatMap((laterMs) =>
        lookupKeys.map((key) =>
          recordOf(
            'st_right_valid',
            key,
            random() < 0.1 ? null : `row-${round}-${laterMs}-${key}`,
            startMs + round * lookupStepMs + laterMs,
          ),
        ),
      )

/** One event in 20 is late, by up to the whole time so far; a few are older than the table. */
const makeLookups = (random: Random, round: number): readonly NewRecord[] =>
  Array.from({ length: lookupsOfRound }, (_, index) => {
    const latestMs = (round + 1) * lookupStepMs - 1
    const elapsedMs = randomInteger(random, random() < 0.05 ? -minuteMs : round * lookupStepMs, latestMs)
    return recordOf('st_left_valid', pick(random, lookupKeys), `event-${round}-${index}`, startMs + elapsedMs)
  })

/**
 * Events 3 s apart, in groups of two plus two with the same key and at most 90 s from each other: some pairs are more
 * than a minute apart. One in 50 is late by up to 23 h and belongs to such a pair; one in 200 is late by more than a
 * day.
 */
const makeEvents = (random: Random, round: number): readonly NewRecord[] =>
  Array.from({ length: eventsOfRound }, (_, index) => {
    const pair = Math.floor((round * eventsOfRound + index) / 2)
    const side = pick(random, ['left', 'right'])
    const kind = random()
    const behindPairs = kind < 0.02 ? randomInteger(random, 0, Math.min(pair, (23 * hourMs) / 6_000)) : 0
    const lateMs = kind > 0.995 ? 25 * hourMs : 0
    const own = pair - behindPairs
    const eventMs = startMs + own * 6_000 - lateMs + randomInteger(random, 0, 90_000)
    return recordOf(`ss_${side}_valid`, own % 1_000, `${side}-${round}-${index}`, eventMs)
  })

/** The records of a round, in a valid write order. */
export const makeJoinRound = (seed: number, round: number): readonly NewRecord[] => {
  const random = createRandom(seed * 1_000_003 + round)
  return [
    ...makeTableRows(random, round),
    ...makeTableChanges(random, round),
    ...makeLookups(random, round),
    ...makeEvents(random, round),
  ]
}
