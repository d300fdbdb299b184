import { describe, expect, it } from '@jest/globals'
import { createTransactionCoordinators } from '../src/transaction-coordinators.js'

const protocolError = (type: string): Error => Object.assign(new Error(type), { type })
const transaction = { groupId: 'id', coordinatorType: 1 }
const group = { groupId: 'id', coordinatorType: 0 }

/** Coordinators that give the given answers, and the names of the requests that they received. */
const createCase = (answers: Readonly<Record<string, () => Promise<object>>> = {}) => {
  const calls: string[] = []
  const call = (name: string) => async (): Promise<object> => {
    calls.push(name)
    return (await answers[name]?.()) ?? {}
  }
  const connection = { isConnected: true }
  const coordinator = {
    isConnected: () => connection.isConnected,
    initProducerId: call('initProducerId'),
    addPartitionsToTxn: call('addPartitionsToTxn'),
    addOffsetsToTxn: call('addOffsetsToTxn'),
    txnOffsetCommit: call('txnOffsetCommit'),
    endTxn: call('endTxn'),
  }
  const coordinators = createTransactionCoordinators({
    refreshMetadataIfNecessary: () => Promise.resolve(),
    findControllerBroker: () => Promise.resolve(coordinator),
    findGroupCoordinator: () => call('find')().then(() => coordinator),
  })
  return { calls, connection, coordinators }
}

describe('the coordinators of a producer', () => {
  it('are asked for once each', async () => {
    const { calls, coordinators } = createCase()
    for (let time = 0; time < 3; time++) {
      await coordinators.findGroupCoordinator(transaction)
      await coordinators.findGroupCoordinator(group)
    }
    expect(calls).toEqual(['find', 'find'])
  })

  it('are asked for again once their connection is gone', async () => {
    const { calls, connection, coordinators } = createCase()
    await coordinators.findGroupCoordinator(transaction)
    connection.isConnected = false
    await coordinators.findGroupCoordinator(transaction)
    expect(calls).toEqual(['find', 'find'])
  })

  it.each(['initProducerId', 'addPartitionsToTxn', 'addOffsetsToTxn', 'txnOffsetCommit', 'endTxn'] as const)(
    'are asked for again after %s has failed',
    async (name) => {
      const { calls, coordinators } = createCase({ [name]: () => Promise.reject(new Error('moved')) })
      const coordinator = await coordinators.findGroupCoordinator(transaction)
      await expect(coordinator[name]({})).rejects.toThrow('moved')
      await coordinators.findGroupCoordinator(transaction)
      expect(calls).toEqual(['find', name, 'find'])
    },
  )

  it.each(['addPartitionsToTxn', 'addOffsetsToTxn'] as const)(
    'are told %s again while the transaction before is being ended, and not asked for',
    async (name) => {
      let refusals = 2
      const refuse = (): Promise<object> =>
        refusals-- > 0 ? Promise.reject(protocolError('CONCURRENT_TRANSACTIONS')) : Promise.resolve({})
      const { calls, coordinators } = createCase({ [name]: refuse })
      const coordinator = await coordinators.findGroupCoordinator(transaction)
      await coordinator[name]({})
      await coordinators.findGroupCoordinator(transaction)
      expect(calls).toEqual(['find', name, name, name])
    },
  )

  it('have added all that is being added side by side before any of it is written', async () => {
    const { promise: added, resolve: add } = Promise.withResolvers<object>()
    const { coordinators } = createCase({ addPartitionsToTxn: () => added })
    const coordinator = await coordinators.findGroupCoordinator(transaction)
    const done: string[] = []
    const both = [
      coordinator.addPartitionsToTxn({}).then(() => done.push('partitions')),
      coordinator.addOffsetsToTxn({}).then(() => done.push('offsets')),
    ]
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual([])
    add({})
    await Promise.all(both)
    expect(done.sort()).toEqual(['offsets', 'partitions'])
  })
})
