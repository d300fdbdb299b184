import { fastPathOf } from '@kafka-etl/pipeline'
import { describe, expect, it, jest } from '@jest/globals'
import { pipeline } from './pipeline.js'

describe('the pipeline timestamps', () => {
  it('reads no time zone before one is needed: reader and producer have no use for 6 MB of it', () => {
    const format = jest.spyOn(Intl, 'DateTimeFormat')
    try {
      const definition = pipeline.define({
        inputs: [
          { topic: 'new-york', zone: 'America/New_York' },
          { topic: 'paris', zone: 'Europe/Paris' },
        ],
        outputTopic: 'unified',
        localTime: 'reject',
        zoneCheck: 'warn',
        dates: 'strict',
      })
      expect(format).not.toHaveBeenCalled()
      const { logs } = definition.steps
      const fast = logs && fastPathOf(logs)
      fast?.prepare('paris')
      expect(format.mock.calls.map(([, options]) => options?.timeZone)).toEqual(['Europe/Paris'])
    } finally {
      format.mockRestore()
    }
  })
})
