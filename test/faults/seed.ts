/** The seed of this run: `FAULTS_SEED`, else a fresh one. It is printed, so that a run that failed can be run again. */
export const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1_000_000))

if (!Number.isSafeInteger(seed))
  throw new Error(`FAULTS_SEED: expected a whole number, got ${String(process.env.FAULTS_SEED)}`)

process.stdout.write(`FAULTS_SEED=${seed}\n`)
