import type { Job } from './candidate.js'

/** What each peer is told of its job. */
export const peerEnvironment = ({ id, bootstrap, inputs, output }: Job): Record<string, string> => ({
  KAFKA_BROKERS: bootstrap,
  GROUP_ID: id,
  INPUT_TOPICS: inputs.join(','),
  OUTPUT_TOPIC: output,
})

/** Why a command failed, in a line. */
export const describeFailure = (error: unknown): string =>
  String(error instanceof Error && 'stderr' in error ? error.stderr : error)
    .trim()
    .split('\n')
    .slice(-1)
    .join('')
