import { describe, expect, it } from '@jest/globals'
import { loadStackSettings } from '../src/stack-settings.js'

describe('loadStackSettings', () => {
  it('has the documented defaults', () => {
    expect(loadStackSettings({})).toEqual({
      ok: true,
      settings: {
        runtime: 'auto',
        pipeline: 'timestamps',
        kafkaPort: 29_092,
        zookeeperPort: 22_181,
        producerHttpPort: 9_464,
        etlHttpPort: 9_465,
        readerHttpPort: 9_466,
        engine: 'auto',
        engineHttpPort: 9_481,
        enginePort: 8_081,
        registry: 'auto',
        registryPort: 8_085,
        taskManagers: 1,
        consoleHttpPort: 9_480,
        console: true,
        dataDir: '.data',
        resultsDir: 'results',
        etlInstances: 1,
        upSeconds: 120,
        secure: false,
        monitoring: false,
        browser: false,
        prometheusPort: 9_090,
        grafanaPort: 3_000,
        browserPort: 8_080,
        service: '',
      },
    })
  })

  it('names all faults at once, misspelt settings of the services included', () => {
    const loaded = loadStackSettings({ KAFKA_PORT: '99999', ETL: 'many', PRODUCER_COUNTT: '5' })
    expect(loaded).toEqual({
      ok: false,
      faults: [
        'PRODUCER_COUNTT: no such setting; did you mean PRODUCER_COUNT?',
        'KAFKA_PORT: expected an integer from 1 to 65535, got "99999"',
        'ETL: expected an integer from 1 to 32, got "many"',
      ],
    })
  })

  it('refuses one port for two parts', () => {
    expect(loadStackSettings({ READER_HTTP_PORT: '9464' })).toEqual({
      ok: false,
      faults: ["READER_HTTP_PORT: expected a port of its own, got 9464, which is PRODUCER_HTTP_PORT's"],
    })
  })
})
