import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createMakeStack, expectedMessages, runCommand, sortMessages, type MakeStack } from '../support/make.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(240_000)

const count = 30

describe('the stack with SECURE=1, without Docker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-stack-'))
  const secure = join(folder, 'data', 'secure')
  let stack: MakeStack
  beforeAll(async () => {
    stack = await createMakeStack(folder, { RUNTIME: 'local', PRODUCER_COUNT: String(count), PRODUCER_RATE: '50' })
  })
  afterAll(async () => {
    await stack.make('clean')
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up and writes every log once', async () => {
    const { code, stdout, stderr } = await stack.make('up', 'SECURE=1')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('\ntimestamp,message,time,diff\n')
    await waitFor(() => stack.readMessages().length >= count, { what: `${count} rows` })
    expect(sortMessages(stack.readMessages())).toEqual(expectedMessages(count))
  })

  it('keeps its secrets to their owner, and out of its logs', () => {
    expect(statSync(secure).mode & 0o777).toBe(0o700)
    const passwords = readdirSync(secure).filter((file) => file.endsWith('.password'))
    expect(passwords).toHaveLength(5)
    for (const file of passwords) {
      expect(statSync(join(secure, file)).mode & 0o777).toBe(0o600)
      const password = readFileSync(join(secure, file), 'utf8')
      for (const log of readdirSync(join(folder, 'data', 'log'))) {
        expect(readFileSync(join(folder, 'data', 'log', log), 'utf8')).not.toContain(password)
      }
    }
  })

  it('lets nobody in who has no user', async () => {
    const broker = { ...stack.environment, KAFKA_BROKERS: `localhost:${stack.environment.KAFKA_PORT}` }
    const { code, stderr } = await runCommand('npm', ['run', '--silent', 'admin', '--', 'lag'], broker)
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KAFKA_SSL: expected true') as unknown,
    })
  })

  it('takes a second `make`, and `make ps` without SECURE', async () => {
    expect(await stack.make('up', 'SECURE=1')).toMatchObject({ code: 0 })
    expect((await stack.make('ps')).stdout).toMatch(/^kafka +running +healthy/m)
  })
})
