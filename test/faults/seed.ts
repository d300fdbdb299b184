/** The seed of this run: `FAULTS_SEED`, or a random one. It is printed, to allow repeating a failed run. */
export const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1_000_000))

if (!Number.isSafeInteger(seed))
  throw new Error(`FAULTS_SEED: expected a whole number, got ${String(process.env.FAULTS_SEED)}`)

process.stdout.write(`FAULTS_SEED=${seed}\n`)
