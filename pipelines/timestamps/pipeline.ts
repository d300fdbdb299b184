import { bytes, definePipeline, fastThen, reject, rows } from '@kafka-etl/pipeline'
import { createWriteNormalized } from './fast-path.js'
import { createRules, normalize, type NormalizeRules } from './normalize.js'
import { rejectReasons } from './reasons.js'
import { sampleLogs } from './sample.js'
import { findTopicFaults, timestampsSettings } from './settings.js'
import { unifiedLog } from './unified-log.js'

/** Merges logs of several time zones into one stream of instants, exact to the microsecond. */
export const pipeline = definePipeline(
  { settings: timestampsSettings, findContradictions: findTopicFaults },
  ({ inputs, outputTopic, localTime, zoneCheck, dates }) => {
    const rules = new Map<string, NormalizeRules>()
    // Created on demand: the data of a time zone takes 6 MB, and the reader and the producer do not need it.
    const makeRules = (topic: string): NormalizeRules => {
      const input = inputs.find((each) => each.topic === topic)
      if (!input) throw new Error(`expected a topic of INPUTS, got ${topic}`)
      const made = createRules({ zone: input.zone, localTime, zoneCheck, dates })
      rules.set(topic, made)
      return made
    }
    const rulesOf = (topic: string): NormalizeRules => rules.get(topic) ?? makeRules(topic)
    return definePipeline({
      name: 'timestamps',
      topics: {
        logs: { name: inputs.map(({ topic }) => topic), value: bytes() },
        unified: { name: outputTopic, value: unifiedLog() },
      },
      reasons: rejectReasons,
      warnings: ['zone_mismatch'],
      steps: {
        logs: fastThen(
          { to: 'unified', prepare: (topic) => createWriteNormalized(rulesOf(topic)) },
          ({ value, topic, handledAtMs }, { to }) => {
            const outcome = normalize(value, handledAtMs, rulesOf(topic))
            if (!outcome.ok) return reject(outcome.reason, outcome.message)
            const { eventTimeMs, warning } = outcome
            return to.unified(outcome.value, warning ? { eventTimeMs, warning } : { eventTimeMs })
          },
        ),
      },
      sample: { logs: sampleLogs(inputs) },
      results: { unified: rows(['timestamp', 'message', 'time', 'diff'], { first: true, file: 'results.csv' }) },
    })
  },
)
