import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { formatFlinkConfig } from '../../src/engine/flink-config.js'

const composeFile = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url))

type Compose = { readonly services: Record<string, { readonly environment: Record<string, string> }> }

const readProperties = (): Map<string, string> => {
  const { services } = parse(readFileSync(composeFile, 'utf8'), { merge: true }) as Compose
  const text = services.jobmanager?.environment.FLINK_PROPERTIES ?? ''
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [, key = '', value = ''] = /^([^:]+): (\S+)$/.exec(line) ?? []
        return [key, value]
      }),
  )
}

/** Settings that name a location or a size: containers have their own. */
const ofTheMachine = /address|bind|host$|port$|quorum|storageDir|dir$|dirs$|cluster-id|memory|cpu/

describe('Flink in docker-compose.yml', () => {
  it('has the properties of Flink without Docker, without blanks in their values', () => {
    const [stateDir, temporaryDir] = ['/state', 'tmp']
    const local = parse(
      formatFlinkConfig({
        restPort: 8081,
        zookeeperPort: 22181,
        pipeline: 'rides',
        stateDir,
        temporaryDir,
        isZookeeperGuarded: false,
      }),
    ) as Record<string, unknown>
    const properties = readProperties()
    const expected = Object.entries(local).filter(([key]) => !ofTheMachine.test(key))
    expect(expected.length).toBeGreaterThan(20)
    for (const [key, value] of expected) {
      expect([key, properties.get(key)]).toEqual([key, String(value).replaceAll(' ', '')])
    }
  })
})
