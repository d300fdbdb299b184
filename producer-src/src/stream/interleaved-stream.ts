import { everyRecord, noPause, type Stream } from './stream.js'

/**
 * Merges several streams into one that takes a record of each in turn and skips those that have ended. It is as fast as
 * the fastest of them, and endless if one of them is.
 */
export const interleave = (streams: readonly Stream[]): Stream => {
  const [first] = streams
  if (!first) throw new Error('expected at least one stream, got none')
  if (streams.length === 1) return first
  const lengths = streams.map(({ count, recordsOf }) => (count === 0 ? Number.POSITIVE_INFINITY : recordsOf(count)))
  const placeOf = createPlaceOf(lengths)
  const bases = streams.map((_, at) => streams.slice(0, at).reduce((sum, { topics }) => sum + topics.length, 0))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  return {
    id: streams.map(({ id }) => id).join(''),
    topics: streams.flatMap(({ topics }) => topics),
    noun: streams.every(({ noun }) => noun === first.noun) ? first.noun : 'records',
    isOrdered: streams.every(({ isOrdered }) => isOrdered),
    rate: streams.some(({ rate }) => rate === 0) ? 0 : Math.max(...streams.map(({ rate }) => rate)),
    count: Number.isFinite(total) ? total : 0,
    recordsOf: everyRecord,
    topicAt: (index) => {
      const { member, at } = placeOf(index)
      return (bases[member] ?? 0) + (streams[member]?.topicAt(at) ?? 0)
    },
    afterMsAt: streams.every(({ afterMsAt }) => afterMsAt === noPause)
      ? noPause
      : (index) => {
          const { member, at } = placeOf(index)
          return streams[member]?.afterMsAt(at)
        },
    recordAt: (index, now) => {
      const { member, at } = placeOf(index)
      return (streams[member] ?? first).recordAt(at, now)
    },
  }
}

type Place = { readonly member: number; readonly at: number }

/**
 * Which record of which stream is record `index` of the whole. After the end of all streams, they start again together.
 */
const createPlaceOf = (lengths: readonly number[]): ((index: number) => Place) => {
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const ends = [...new Set(lengths)].sort((one, other) => one - other)
  return (whole) => {
    const round = Number.isFinite(total) ? Math.floor(whole / total) : 0
    let rest = round === 0 ? whole : whole - round * total
    let done = 0
    for (const end of ends) {
      const members = lengths.flatMap((length, member) => (length >= end && length > done ? [member] : []))
      const inStretch = (end - done) * members.length
      if (rest < inStretch) {
        const member = members[rest % members.length] ?? 0
        const at = done + Math.floor(rest / members.length)
        return { member, at: round === 0 ? at : round * (lengths[member] ?? 0) + at }
      }
      rest -= inStretch
      done = end
    }
    throw new Error(`expected a record ${whole} in streams of ${lengths.join(', ')}, found none`)
  }
}
