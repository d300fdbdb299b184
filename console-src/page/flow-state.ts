import type { LiveState } from '../src/protocol.js'
import type { FlowNode } from './flow-graph.js'
import { formatCount, formatDuration, formatRate, plural } from './format.js'

/** The state of a box: a word next to its colour. */
export const moods = [
  'moving',
  'at rest',
  'behind',
  'standing still',
  'failing',
  'not running',
  'missing',
  'unknown',
] as const
export type Mood = (typeof moods)[number]

export type BoxState = { readonly mood: Mood; readonly numbers: string; readonly note: string }

const movingRate = 0.05
const noticedSeconds = 5
/** If records wait and no output comes for longer than this, it is not just a pause. */
const stillSeconds = 15

export const describeBox = (node: FlowNode, state: LiveState): BoxState => {
  if (!state.kafka.ok) return { ...describeKnown(node, state), mood: 'unknown' }
  return describeKnown(node, state)
}

const describeKnown = (node: FlowNode, state: LiveState): BoxState => {
  switch (node.kind) {
    case 'producer':
      return describePart('producer', state, formatRate(rateOf(node.topics, state)), 'ended, or never started')
    case 'topic':
      return describeTopic(node, state)
    case 'step':
      return describeStep(node, state)
    case 'job':
      return describeJob(node, state)
    case 'results':
      return describeResults(node, state)
    case 'letters':
      return describeLetters(node, state)
  }
}

const rateOf = (topics: readonly string[], { topics: known }: LiveState): number =>
  known.filter(({ name }) => topics.includes(name)).reduce((sum, { rate }) => sum + rate, 0)

const moodOfRate = (rate: number): Mood => (rate > movingRate ? 'moving' : 'at rest')

const describeTopic = ({ topics }: FlowNode, state: LiveState): BoxState => {
  const topic = state.topics.find(({ name }) => topics.includes(name))
  if (!topic) return { mood: 'missing', numbers: '', note: 'not there yet' }
  const about = topic.isExact ? '' : 'about '
  return {
    mood: moodOfRate(topic.rate),
    numbers: `${about}${plural(topic.records, 'record')}`,
    note: plural(topic.partitions, 'partition'),
  }
}

const describePart = (name: string, state: LiveState, numbers: string, silence: string): BoxState => {
  const part = state.parts.find((candidate) => candidate.name === name)
  if (part?.state === 'failing') return { mood: 'failing', numbers, note: part.reason }
  if (part?.state === 'silent') return { mood: 'not running', numbers, note: silence }
  return { mood: 'moving', numbers, note: '' }
}

const describeStep = ({ topics }: FlowNode, state: LiveState): BoxState => {
  const { group } = state
  if (!group) return { mood: 'unknown', numbers: '', note: '' }
  const lag = topics.reduce((sum, topic) => sum + (group.lag[topic] ?? 0), 0)
  const numbers = lag === 0 ? 'lag 0' : `lag ${formatCount(lag)}, ${formatDuration(group.lagSeconds * 1_000)}`
  const part = state.parts.find(({ name }) => name.startsWith('etl'))
  if (part?.state === 'failing') return { mood: 'failing', numbers, note: part.reason }
  if (group.members === 0) return { mood: 'not running', numbers, note: 'no member in its group' }
  const note = plural(group.members, 'instance')
  if (lag > 0 && group.lagSeconds > stillSeconds && rateOf(topics, state) < movingRate) {
    return { mood: 'standing still', numbers, note }
  }
  if (lag > 0 && group.lagSeconds > noticedSeconds) return { mood: 'behind', numbers, note }
  return { mood: moodOfRate(rateOf(topics, state)), numbers, note }
}

const describeResults = ({ topics }: FlowNode, state: LiveState): BoxState => {
  const reader = state.parts.find(({ name }) => name === 'reader')
  const numbers = reader?.rows === undefined ? '' : plural(reader.rows, 'row')
  const base = describePart('reader', state, numbers, 'the reader does not answer')
  return base.mood === 'moving'
    ? { ...base, mood: moodOfRate(rateOf(topics, state)), note: 'since the reader started' }
    : base
}

const describeLetters = ({ topics }: FlowNode, state: LiveState): BoxState => {
  const rate = rateOf(topics, state)
  const known = state.topics.some(({ name }) => topics.includes(name))
  if (!known) return { mood: 'missing', numbers: '', note: 'not there yet' }
  const [first] = Object.entries(state.letters.byReason).toSorted(([, one], [, other]) => other - one)
  return { mood: moodOfRate(rate), numbers: plural(state.letters.total, 'dead letter'), note: first?.[0] ?? '' }
}

const describeJob = ({ title, topics }: FlowNode, state: LiveState): BoxState => {
  const { engine } = state
  if (!engine?.ok) return { mood: 'not running', numbers: '', note: engine ? 'Flink does not answer' : '' }
  const job = engine.jobs.find(({ name }) => name === title)
  if (!job) return { mood: 'not running', numbers: '', note: 'not submitted yet' }
  const numbers = job.restarts === 0 ? 'no restart' : plural(job.restarts, 'restart')
  const note =
    job.checkpointAgeMs === undefined ? 'no checkpoint yet' : `checkpoint ${formatDuration(job.checkpointAgeMs)} old`
  if (!job.isWorking) return { mood: 'failing', numbers, note: job.state.toLowerCase() }
  return { mood: moodOfRate(rateOf(topics, state)), numbers, note }
}
