/** A named place in the code where a test may kill the process with SIGKILL; does nothing in production. */
export type CrashPoint = (name: string) => void

/** The crash point of every process that no test kills. */
export const noCrash: CrashPoint = () => undefined

/**
 * `CRASH_AT=<name>:<n>` kills the process when it passes the point for the n-th time. Works only with `NODE_ENV=test`:
 * a variable left behind in an environment cannot kill a production process.
 */
export const createCrashPoint = (
  environment: { readonly CRASH_AT?: string | undefined; readonly NODE_ENV?: string | undefined },
  kill: () => void,
): CrashPoint => {
  const { CRASH_AT, NODE_ENV } = environment
  if (NODE_ENV !== 'test' || CRASH_AT === undefined) return noCrash
  const [wanted = '', count = '1'] = CRASH_AT.split(':')
  let remaining = Number(count)
  return (name) => {
    if (name === wanted && --remaining === 0) kill()
  }
}
