import { describe, expect, it } from '@jest/globals'
import { chooseRuntime, requireDocker } from '../src/choose-runtime.js'
import { parseJavaVersion } from '../src/broker/java-version.js'

const docker = { ok: true, engine: '28.0.1', compose: '2.39.4' } as const
const none = { ok: false, why: 'no Docker engine answers' } as const

describe('chooseRuntime', () => {
  it('takes docker where it answers, else local, and says why', () => {
    expect(chooseRuntime('auto', docker)).toEqual({
      runtime: 'docker',
      why: 'a Docker engine (28.0.1) with Compose 2.39.4 answers',
    })
    expect(chooseRuntime('auto', none)).toEqual({ runtime: 'local', why: 'no Docker engine answers' })
  })

  it('takes what was asked for', () => expect(chooseRuntime('local', docker).runtime).toBe('local'))

  it('says in one sentence that docker was asked for and is not there', () => {
    expect(() => requireDocker(chooseRuntime('docker', none), none)).toThrow(
      'RUNTIME=docker was asked for, but no Docker engine answers: start one, or use RUNTIME=local.',
    )
  })
})

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['no version at all', undefined],
  ])('%s', (output, expected) => expect(parseJavaVersion(output)).toBe(expected))
})
