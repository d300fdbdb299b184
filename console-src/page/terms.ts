import { html } from './dom.js'

/** The terms of the field, each explained in a sentence for newcomers. */
export const terms = {
  topic: 'A named stream of records that Kafka keeps, like a log file that many can read and append to.',
  record: 'One message in a topic: a key, a value, headers and a timestamp.',
  partition: 'A part of a topic. Order is kept within a partition; several can be read at the same time.',
  offset: 'The place of a record in its partition, counted from 0. It never changes.',
  lag: 'Records that are waiting to be handled. It grows if they arrive faster than they are handled.',
  group: 'Programs that share the work of reading topics: each partition is read by one of them.',
  'dead letter': 'A record that was rejected. It is kept with the reason, and can be sent again.',
  header: 'A named note on a record. “source” says which record it was made from.',
  delay:
    'The time from the arrival of a record in Kafka until its result was written. p50: half are faster; p99: all but one in a hundred.',
  step: 'The function of the pipeline that makes outputs from an input record, or rejects it.',
  committed: 'The place up to which a group has finished its work, kept by Kafka.',
  job: 'A query that the engine runs continuously: it keeps counts, sums or joins up to date.',
  checkpoint: 'The saved state of a job of the engine, from which it continues after a failure.',
  schema: 'The agreed shape of a topic’s values, kept in the registry, in versions.',
  state:
    'The state of a group. Stable: each partition has a member. Empty: no members, but its positions are kept. Otherwise its partitions are being shared out.',
  setting: 'How Kafka keeps the topic: for how long and up to what size (retention; -1: no limit), and in what form.',
  place: 'Partition and offset: the address of a record within its topic.',
  timestamp: 'When the record was made or arrived in Kafka; the settings of the topic say which.',
  key: 'What a record is about, such as the id of a customer. Records with the same key go to the same partition, in order.',
  value: 'The content of a record, in the format of its topic. “null” deletes what its key stood for.',
  member: 'One running program of a group. If it ends, the others take over its partitions.',
  reason: 'Why a record was rejected, as one code of a fixed list. The message says more.',
  restart: 'The engine starts a job again from its last checkpoint if something in it fails.',
  compatibility:
    'Which changes to a schema the registry accepts. BACKWARD: the new schema can still read older records.',
  subject: 'The name of a schema in the registry: a topic’s name, and “-value” or “-key”.',
  source: 'Each output says which record it was made from: topic, partition and offset.',
  moving: 'Records have arrived in the last few seconds.',
  'at rest': 'Nothing is wrong, and no records are arriving.',
  behind: 'Records have waited for more than five seconds, but they are being handled.',
  'standing still': 'Records have waited for more than fifteen seconds, and none are being handled.',
  failing: 'It runs, but reports that something is wrong; the reason is in its box.',
  'not running': 'It has ended, was not started, or cannot be reached.',
  missing: 'The topic does not exist yet. The services create their topics when they start.',
  unknown: 'Kafka does not answer: the numbers are the last known ones.',
} as const

export type Term = keyof typeof terms

let count = 0

/** The word, with an explanation on hover, on focus, and for screen readers. */
export const term = (name: Term, shown: string = name): HTMLElement => {
  const id = `term-${++count}`
  const explanation = html('span', { class: 'explanation', role: 'tooltip', id }, terms[name])
  const word = html('span', { class: 'term', tabindex: 0, 'aria-describedby': id }, shown, explanation)
  const show = (): void => {
    place(explanation, word)
  }
  word.addEventListener('pointerenter', show)
  word.addEventListener('focus', show)
  return word
}

const margin = 12

/** Places the explanation below the word and within the window: a scrolling table would cut it off otherwise. */
const place = (explanation: HTMLElement, word: HTMLElement): void => {
  const { left, bottom } = word.getBoundingClientRect()
  const widest = document.documentElement.clientWidth - explanation.offsetWidth - margin
  explanation.style.left = `${Math.max(margin, Math.min(left, widest))}px`
  explanation.style.top = `${bottom}px`
}
