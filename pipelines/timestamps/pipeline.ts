import { bytes, definePipeline, fastThen, reject, rows } from '@kafka-etl/pipeline'
import { createWriteNormalized } from './fast-path.js'
import { createRules, normalize, type NormalizeRules } from './normalize.js'
import { rejectReasons } from './reasons.js'
import { sampleLogs } from './sample.js'
import { findTopicFaults, timestampsSettings } from './settings.js'
import { unifiedLog } from './unified-log.js'

/** Logs of several time zones become one stream of instants, exact to the microsecond. */
export const pipeline = definePipeline(
  { settings: timestampsSettings, findContradictions: findTopicFaults },
  ({ inputs, outputTopic, localTime, zoneCheck, dates }) => {
    const rules = new Map(inputs.map(({ topic, zone }) => [topic, createRules({ zone, localTime, zoneCheck, dates })]))
    const rulesOf = (topic: string): NormalizeRules => {
      const found = rules.get(topic)
      if (!found) throw new Error(`expected a topic of INPUTS, got ${topic}`)
      return found
    }
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
