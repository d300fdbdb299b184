import { setTimeout as sleep } from 'node:timers/promises'
import type { TransactionCluster, TransactionCoordinator } from 'kafkajs'

const endingPauseMs = 1
const endingAttempts = 50

/**
 * The coordinators of one transactional producer (patches/README.md, `createCoordinators`). KafkaJS looks them up on
 * each call; this caches them until an error or until their connection ends. While the markers of the previous
 * transaction are being written, it retries after a moment. Additions that run in parallel wait for each other.
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
 * Retries while the markers of the previous transaction are being written, which takes a few milliseconds. This must
 * not drop the cached coordinators, and not reach the caller's retries, which start over (tulios/kafkajs#1068).
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
 * Partitions and offsets may be added to the transaction in parallel. While one is being added, the broker rejects
 * writes to the other (KIP-890: it verifies each first write). All additions therefore finish before any write.
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
