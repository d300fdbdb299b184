import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { identifyProcess, isAlive, parseStat, signalProcess } from '../src/process-identity.js'

const startSleeper = (): { pid: number; ended: Promise<unknown> } => {
  const child = spawn('sleep', ['60'])
  if (child.pid === undefined) throw new Error('expected sleep to start')
  return { pid: child.pid, ended: once(child, 'exit') }
}

describe('parseStat', () => {
  it('reads state and start time behind a name with spaces and brackets', () => {
    const fields = Array.from({ length: 20 }, (_, index) => (index === 0 ? 'S' : String(index + 3)))
    expect(parseStat(`42 (a) b (c) ${fields.join(' ')}`)).toEqual({ state: 'S', startTicks: '22' })
  })

  it('is undefined for anything else', () => expect(parseStat('')).toBeUndefined())
})

describe('a process identity', () => {
  it('tells a process from a later one with the same number, and never signals that', async () => {
    const { pid, ended } = startSleeper()
    const identity = identifyProcess(pid)
    if (!identity) throw new Error('expected the sleeper to live')
    const earlier = { pid, startedAt: 'before' }
    expect(isAlive(identity)).toBe(true)
    expect(isAlive(earlier)).toBe(false)
    signalProcess(earlier, 'SIGKILL')
    expect(isAlive(identity)).toBe(true)
    signalProcess(identity, 'SIGKILL')
    await ended
    expect(isAlive(identity)).toBe(false)
    signalProcess(identity, 'SIGKILL')
  })
})
