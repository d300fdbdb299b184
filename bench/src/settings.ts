/** What the environment may choose. */
export type BenchSettings = {
  readonly peers: readonly string[]
  readonly scenarios: readonly string[]
  readonly logs: number
  readonly rounds: number
  readonly seed: number
}

export const peerNames = [
  'pathway',
  'streams-exactly-once',
  'streams-at-least-once',
  'naive',
  'copy',
  'aiokafka',
] as const
/** The scenarios of the default pipeline. */
export const timestampsScenarios = [
  'backlog',
  'live',
  'sizes',
  'instances',
  'start',
  'idle',
  'producer',
  'reader',
  'bad',
] as const
export const scenarioNames = [...timestampsScenarios, 'noaa', 'connector', 'rides', 'windows'] as const

type Parsed =
  { readonly ok: true; readonly settings: BenchSettings } | { readonly ok: false; readonly faults: readonly string[] }

const listOf = (text: string | undefined, all: readonly string[]): readonly string[] =>
  text === undefined ? all : text.split(/[\s,]+/).filter((name) => name !== '')

/** PEERS and SCENARIOS (lists; empty: none), LOGS, ROUNDS, SEED. */
export const parseBenchSettings = (environment: Readonly<Record<string, string | undefined>>): Parsed => {
  const faults: string[] = []
  const namesOf = (name: string, all: readonly string[]): readonly string[] => {
    const names = listOf(environment[name], all)
    for (const wrong of names.filter((one) => !all.includes(one))) {
      faults.push(`${name}: expected some of ${all.join(', ')}, got ${wrong}`)
    }
    return names
  }
  const integerOf = (name: string, standard: number): number => {
    const value = Number(environment[name] ?? standard)
    if (!Number.isSafeInteger(value) || value < 0)
      faults.push(`${name}: expected a whole number, got ${environment[name]}`)
    return value
  }
  const settings = {
    peers: namesOf('PEERS', peerNames),
    scenarios: namesOf('SCENARIOS', scenarioNames),
    logs: integerOf('LOGS', 1_000_000),
    rounds: integerOf('ROUNDS', 3),
    seed: integerOf('SEED', 42),
  }
  return faults.length === 0 ? { ok: true, settings } : { ok: false, faults }
}
