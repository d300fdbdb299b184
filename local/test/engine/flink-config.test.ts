import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { formatFlinkConfig } from '../../src/engine/flink-config.js'

describe('formatFlinkConfig', () => {
  it('is YAML, whatever the folder is called', () => {
    const stateDir = '/tmp/josé, a:b #%41-/engine'
    const config = parse(
      formatFlinkConfig({
        restPort: 8081,
        zookeeperPort: 22181,
        pipeline: 'rides',
        stateDir,
        temporaryDir: 'tmp',
        isZookeeperGuarded: false,
      }),
    ) as Record<string, unknown>
    expect(config).toMatchObject({
      'rest.port': 8081,
      'high-availability.cluster-id': '/rides',
      'execution.checkpointing.dir': `file://${stateDir}/checkpoints`,
      'web.submit.enable': false,
      'web.cancel.enable': false,
    })
  })
})
