import type { Job } from './candidate.js'

/** The environment that describes a job to a peer. */
export const peerEnvironment = ({ id, bootstrap, inputs, output }: Job): Record<string, string> => ({
  KAFKA_BROKERS: bootstrap,
  GROUP_ID: id,
  INPUT_TOPICS: inputs.join(','),
  OUTPUT_TOPIC: output,
})

/** Why a command failed, in one line. */
export const describeFailure = (error: unknown): string =>
  String(error instanceof Error && 'stderr' in error ? error.stderr : error)
    .trim()
    .split('\n')
    .slice(-1)
    .join('')
