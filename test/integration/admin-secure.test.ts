import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { listAccessRules } from '@kafka-etl/kafka'
import { runAdmin, type AdminResult } from '../support/admin-process.js'
import { grant, startSecureKafka, type SecureKafka } from '../support/secure-kafka.js'

const inputs = ['timezone1', 'timezone2']
const written = ['unified_timestamps', 'dead_letters']
const names = { sent: inputs, read: inputs, written, results: ['unified_timestamps'], groupId: 'etl' }

describe('the admin commands on a broker with TLS, SCRAM and ACLs', () => {
  let secure: SecureKafka
  beforeAll(async () => {
    secure = await startSecureKafka()
    await secure.asAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [
          ...inputs.map((topic) => ({ topic, numPartitions: 1 })),
          ...written.map((topic) => ({ topic, numPartitions: 2 })),
        ],
      }),
    )
  }, 180_000)
  afterAll(() => secure.stop(), 60_000)

  const admin = (commandLine: string, environment: Readonly<Record<string, string>>): Promise<AdminResult> =>
    runAdmin(commandLine.split(' '), { bootstrap: secure.bootstrap, environment })

  it('say what the services lack, then that they lack nothing', async () => {
    const operator = secure.environmentOf('admin')
    const before = await admin('doctor', operator)
    expect(before.stdout).toMatch(/^ok {4}authentication: admin by scram-sha-512, over TLS$/m)
    expect(before.stdout).toMatch(/^warn {2}permissions: the ACLs do not give producer Describe on topic timezone1; /m)
    await grant(secure, listAccessRules(names))
    const after = await admin('doctor', operator)
    expect(after.stdout).toMatch(/^ok {4}permissions: the ACLs give producer, etl, reader, console what they need$/m)
    expect(after.stdout).toMatch(/^ok {4}reading: /m)
    expect(after.code).toBe(0)
    expect((await admin('lag', operator)).stdout).toMatch(/has caught up\.\n$/)
    expect((await admin('audit', operator)).code).toBe(0)
  }, 60_000)

  it('tell a service’s user what it may not do', async () => {
    const doctor = await admin('doctor', secure.environmentOf('etl'))
    expect(doctor.stdout).toMatch(/^ok {4}permissions: this user may not see the ACLs/m)
    expect(doctor.stdout).toMatch(/^warn {2}reading: cannot read the topics: .*ACL/m)
    expect(doctor.code).toBe(0)
  }, 120_000)

  it.each([
    ['a wrong password', { KAFKA_SASL_PASSWORD_FILE: '', KAFKA_SASL_PASSWORD: 'canary-6a2d' }, /refused the user name/],
    ['no CA', { KAFKA_SSL_CA_FILE: '' }, /check KAFKA_SSL_CA_FILE/],
    ['no TLS', { KAFKA_SSL: 'false' }, /KAFKA_SSL: expected true/],
  ])(
    '%s: a sentence, exit code 2, no secret',
    async (_name, wrong, sentence) => {
      for (const command of ['lag', 'lag --verbose']) {
        const result = await admin(command, { ...secure.environmentOf('admin'), ...wrong })
        expect(result.stderr).toMatch(sentence)
        expect(result.code).toBe(2)
        expect(result.stdout + result.stderr).not.toContain('canary-6a2d')
      }
      const doctor = await admin('doctor', { ...secure.environmentOf('admin'), ...wrong })
      expect(doctor.stdout).toMatch(/^fail {2}broker: /)
      expect(doctor.code).toBe(1)
    },
    60_000,
  )
})
