import { setTimeout as sleep } from 'node:timers/promises'
import type { TransactionCluster, TransactionCoordinator } from 'kafkajs'

const endingPauseMs = 1
const endingAttempts = 50

/**
 * The coordinators of one transactional producer (patches/README.md, `createCoordinators`). They are remembered until an
 * error or the end of their connection: KafkaJS asks for them with each call. What follows a transaction whose markers
 * are still being written is asked again after a moment, and what is added side by side waits for all of it.
 */
export const createTransactionCoordinators = (cluster: TransactionCluster): TransactionCluster => {
  const known = new Map<string, TransactionCoordinator>()
  const forgetOnError = async <Answer>(request: Promise<Answer>): Promise<Answer> => {
    try {
      return await request
    } catch (error) {
      known.clear()
      throw error
    }
  }
  const add = createAdding()

  const remembered = (coordinator: TransactionCoordinator): TransactionCoordinator => ({
    isConnected: () => coordinator.isConnected(),
    initProducerId: (request) => forgetOnError(coordinator.initProducerId(request)),
    addPartitionsToTxn: (request) => add(() => forgetOnError(onceEnded(() => coordinator.addPartitionsToTxn(request)))),
    addOffsetsToTxn: (request) => add(() => forgetOnError(onceEnded(() => coordinator.addOffsetsToTxn(request)))),
    txnOffsetCommit: (request) => forgetOnError(coordinator.txnOffsetCommit(request)),
    endTxn: (request) => forgetOnError(coordinator.endTxn(request)),
  })

  return {
    refreshMetadataIfNecessary: () => cluster.refreshMetadataIfNecessary(),
    findControllerBroker: () => cluster.findControllerBroker(),
    findGroupCoordinator: async (options) => {
      const key = `${options.coordinatorType}/${options.groupId}`
      const before = known.get(key)
      if (before?.isConnected() === true) return before
      const found = remembered(await cluster.findGroupCoordinator(options))
      known.set(key, found)
      return found
    },
  }
}

/**
 * The markers of the transaction before are still being written, for a few milliseconds: no reason to forget the
 * coordinators, nor to leave it to the caller's retries, which begin from the very start (tulios/kafkajs#1068).
 */
const onceEnded = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      const isEnding = error instanceof Error && 'type' in error && error.type === 'CONCURRENT_TRANSACTIONS'
      if (!isEnding || attempt === endingAttempts) throw error
      await sleep(endingPauseMs)
    }
  }
}

/**
 * Partitions and offsets may be added to the transaction side by side. While one of them is being added, the broker
 * refuses what is written to the other (KIP-890: it verifies each first write), so all of them come first.
 */
const createAdding = () => {
  const adding = new Set<Promise<unknown>>()
  return async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    const added = request()
    adding.add(added)
    const answer = await added.finally(() => adding.delete(added))
    while (adding.size > 0) await Promise.allSettled(adding)
    return answer
  }
}
