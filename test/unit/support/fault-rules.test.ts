import { describe, expect, it } from '@jest/globals'
import { armRule } from '../../support/fault-rules.js'
import { apiKeys, type ApiName, type RequestFrame } from '../../support/kafka-frame.js'

const request = (api: ApiName, clientId = 'etl', body = ''): RequestFrame => ({
  apiKey: apiKeys[api],
  apiVersion: 1,
  correlationId: 1,
  clientId,
  frame: Buffer.from(body),
})
const ignore = (): void => undefined

describe('armRule', () => {
  it('meets the n-th request of its API, and only that', () => {
    const armed = armRule('dropRequest', { api: 'endTxn', nth: 2 }, ignore)
    const met = [request('produce'), request('endTxn'), request('endTxn'), request('endTxn')].map(armed.matches)
    expect(met).toEqual([false, false, true, false])
  })

  it('meets as many as told from there on', () => {
    const armed = armRule('dropRequest', { api: 'produce', count: Number.POSITIVE_INFINITY }, ignore)
    expect([1, 2, 3].map(() => armed.matches(request('produce')))).toEqual([true, true, true])
  })

  it('looks at the client and at texts in the request', () => {
    const armed = armRule('dropRequest', { api: 'produce', clientId: 'etl', body: 'timezone1-0', count: 9 }, ignore)
    expect(armed.matches(request('produce', 'reader', 'timezone1-0'))).toBe(false)
    expect(armed.matches(request('produce', 'etl-7', 'timezone2-0'))).toBe(false)
    expect(armed.matches(request('produce', 'etl-7', 'etl-timezone1-0'))).toBe(true)
  })

  it('keeps held frames until its release, and sends at once after that', () => {
    const sent: number[] = []
    const armed = armRule('holdRequest', { api: 'endTxn' }, ignore)
    armed.hold(() => sent.push(1))
    armed.hold(() => sent.push(2))
    expect(sent).toEqual([])
    armed.rule.release()
    armed.hold(() => sent.push(3))
    expect(sent).toEqual([1, 2, 3])
  })

  it('tells when it has fired', async () => {
    const armed = armRule('dropRequest', { api: 'endTxn' }, ignore)
    armed.fire()
    await armed.rule.fired
    expect(armed.rule.firedCount()).toBe(1)
  })
})
