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
  retention: 'How long, or up to what size, Kafka keeps records.',
  job: 'A query that the engine runs continuously: it keeps counts, sums or joins up to date.',
  checkpoint: 'The saved state of a job of the engine, from which it continues after a failure.',
  schema: 'The agreed shape of a topic’s values, kept in the registry, in versions.',
} as const

export type Term = keyof typeof terms

let count = 0

/** The word, explained on hover, on focus and to screen readers. */
export const term = (name: Term, shown: string = name): HTMLElement => {
  const id = `term-${++count}`
  return html(
    'span',
    { class: 'term', tabindex: 0, 'aria-describedby': id },
    shown,
    html('span', { class: 'explanation', role: 'tooltip', id }, terms[name]),
  )
}
