import { describe, expect, it } from '@jest/globals'
import { createLogger } from '../../src/log/logger.js'
import { createSilenceLog } from '../../src/log/silence-log.js'
import { createMemoryStream } from '../memory-stream.js'

describe('the log of silence', () => {
  it('has one line when Kafka falls silent, and one when it answers again', () => {
    const stream = createMemoryStream()
    const logger = createLogger({ name: 'etl', settings: { logLevel: 'info', logFormat: 'json' }, stream })
    const tell = createSilenceLog(logger)
    for (const silentMs of [0, 2_000, 10_000, 10_600, 30_000, 0, 0, 9_000, 11_000]) tell(silentMs)
    const lines = stream.text().trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual([
      'no answer from Kafka for 11 s, still waiting',
      'Kafka answers again',
      'no answer from Kafka for 11 s, still waiting',
    ])
  })
})
