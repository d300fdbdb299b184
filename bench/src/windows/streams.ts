import { createStreamsContender } from '../pipelines/streams-contender.js'

/** Kafka Streams with as many threads as the engine's job has subtasks. */
export const windowsStreams = createStreamsContender('RideWindows', () => ({ THREADS: '2' }))
