const heartbeatEveryMs = 1_000

/**
 * Keeps the membership alive while `work` runs, since KafkaJS sends heartbeats only between batches. A heartbeat that
 * fails is no reason to stop: a rebalance waits for the work, and a member that was put out is fenced by the next
 * owner's init.
 */
export const withHeartbeats = async <T>(heartbeat: () => Promise<void>, work: () => Promise<T>): Promise<T> => {
  const timer = setInterval(() => void heartbeat().catch(() => undefined), heartbeatEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
