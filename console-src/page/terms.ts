import { html } from './dom.js'

/** The words of the field, each in a sentence for whoever meets it for the first time. */
export const terms = {
  topic: 'A named stream of records that Kafka keeps, such as a log file that many may read and append to.',
  record: 'One message in a topic: a key, a value, headers and a timestamp.',
  partition: 'A part of a topic. Order is kept within a partition; several can be read at the same time.',
  offset: 'The place of a record in its partition, counted from 0. It never changes.',
  lag: 'Records that are there and not handled yet. It grows if they come faster than they are handled.',
  group: 'Programs that share the work of reading topics: each partition is read by one of them.',
  'dead letter': 'A record that could not be understood. It is kept with the reason, and can be sent again.',
  header: 'A named note on a record. “source” says of which record it was made.',
  delay:
    'From when a record came into Kafka until what was made of it was written. p50: half are faster; p99: all but one in a hundred.',
  step: 'The function of the pipeline that makes outputs of an input record, or rejects it.',
  committed: 'The place up to which a group has finished its work, kept by Kafka.',
  retention: 'How long, or up to which size, Kafka keeps records.',
  job: 'A query that the engine runs without end: it keeps counts, sums or joins up to date.',
  checkpoint: 'A saved state of a job of the engine, from which it goes on after a failure.',
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
