import { closest, distance } from 'fastest-levenshtein'

/** The result of parsing a setting: the value, or what the parser expected instead. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly expected: string }

/** A setting: its name in the environment, its parser, its default text, and its description. */
export type Setting<T> = {
  readonly name: string
  readonly parse: (text: string) => Parsed<T>
  readonly default: string
  /** The default text, if it depends on other settings. */
  readonly defaultIn?: (environment: Environment) => string
  readonly doc: string
  /** The value is masked wherever settings are shown. `NAME_FILE` may name a file that holds it. */
  readonly secret?: true
}

/** Creates a row of a {@link SettingsTable}. */
export const setting = <T>(
  name: string,
  parse: Setting<T>['parse'],
  defaultText: string,
  doc: string,
  more: Pick<Setting<T>, 'secret' | 'defaultIn'> = {},
): Setting<T> => ({ name, parse, default: defaultText, doc, ...more })

/** The settings of a service, by property name. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>

/** The values of a table, by property name. */
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Property in keyof Table]: Table[Property] extends Setting<infer Value> ? Value : never
}

/** Texts by name: `process.env`, or a parsed `.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

export type LoadedSettings<Table extends SettingsTable> =
  | { readonly ok: true; readonly settings: SettingsOf<Table> }
  | { readonly ok: false; readonly faults: readonly string[] }

/**
 * A setting that is well-formed but cannot work, such as a wrong password: exit code 2, since a restart does not help.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

export type LoadOptions<Table extends SettingsTable> = {
  readonly prefixes: readonly string[]
  readonly knownNames: readonly string[]
  /** Whether something other than this table has this name under one of `prefixes`. Called only for unknown names. */
  readonly isKnownElsewhere?: ((name: string) => boolean) | undefined
  /** The contradictions between the values that parsed, by property name; one sentence each. */
  readonly findContradictions?: ((values: Partial<SettingsOf<Table>>) => readonly string[]) | undefined
}

/**
 * Reads every setting of `table` and reports all faults at once: unknown names under one of `prefixes`, values that do
 * not parse, and values that contradict each other. An empty text counts as not set.
 */
export const loadSettings = <Table extends SettingsTable>(
  table: Table,
  environment: Environment,
  { prefixes, knownNames, isKnownElsewhere = () => false, findContradictions = () => [] }: LoadOptions<Table>,
): LoadedSettings<Table> => {
  const faults = Object.keys(environment)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !knownNames.includes(name))
    .filter((name) => !isKnownElsewhere(name))
    .map((name) => `${name}: no such setting${suggest(name, knownNames)}`)
  const values: Record<string, unknown> = {}
  for (const [property, row] of Object.entries(table)) {
    const { name, parse, secret, defaultIn } = row
    const text = presentText(environment[name]) ?? defaultIn?.(environment) ?? row.default
    const parsed = parse(text)
    if (parsed.ok) values[property] = parsed.value
    else faults.push(`${name}: expected ${parsed.expected}, got ${secret ? '(secret)' : quote(text)}`)
  }
  faults.push(...findContradictions(values as Partial<SettingsOf<Table>>))
  return faults.length > 0 ? { ok: false, faults } : { ok: true, settings: values as SettingsOf<Table> }
}

/** The text, or undefined if it is empty. */
export const presentText = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

const suggest = (name: string, knownNames: readonly string[]): string => {
  if (knownNames.length === 0) return ''
  const nearest = closest(name, knownNames)
  return distance(name, nearest) <= name.length / 2 ? `; did you mean ${nearest}?` : ''
}

const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** The settings for a log line, with secrets masked. */
export const describeSettings = <Table extends SettingsTable>(
  table: Table,
  settings: SettingsOf<Table>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(table).map(([property, { name, secret }]) => {
      const value: unknown = settings[property as keyof Table]
      return [name, secret && value !== '' ? '(secret)' : value]
    }),
  )

/** The settings that differ from their defaults, for people: ` with NAME=value, …`; empty if none differs. */
export const describeChanges = <Table extends SettingsTable>(table: Table, settings: SettingsOf<Table>): string => {
  const shown = describeSettings(table, settings)
  const changes = Object.values(table)
    .filter(({ parse, default: text, name }) => {
      const standard = parse(text)
      return !standard.ok || JSON.stringify(standard.value) !== JSON.stringify(shown[name])
    })
    .map(({ name }) => `${name}=${showValue(shown[name])}`)
  return changes.length === 0 ? '' : ` with ${changes.join(', ')}`
}

const showValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
