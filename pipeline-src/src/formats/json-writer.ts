/** What JSON escapes: quotes, backslashes, control characters, and unpaired surrogates. */
const neverPlain = /[^ !#-[\]-\ud7ff\ue000-\uffff]/
const mostKeys = 1_000

/**
 * Creates a function that writes exactly the bytes of JSON.stringify. It is faster for objects with deeply frozen parts,
 * such as reference data, among primitive fields: it caches the text of those parts.
 */
export const createJsonWriter = (): ((value: unknown) => string) => {
  const keyTexts = new Map<string, string>()
  const frozenTexts = new WeakMap<object, string>()

  const keyOf = (key: string): string => {
    const known = keyTexts.get(key)
    if (known !== undefined) return known
    const text = `${JSON.stringify(key)}:`
    if (keyTexts.size < mostKeys) keyTexts.set(key, text)
    return text
  }

  const textOfFrozen = (part: object): string | undefined => {
    const known = frozenTexts.get(part)
    if (known !== undefined || !isFrozenThrough(part)) return known
    const text = JSON.stringify(part)
    frozenTexts.set(part, text)
    return text
  }

  return (value) => {
    if (!isPlain(value) || !hasFrozenPart(value)) return JSON.stringify(value)
    let text = ''
    for (const key of Object.keys(value)) {
      const field = value[key]
      if (field === undefined) continue
      const written =
        writePrimitive(field) ?? (typeof field === 'object' && field !== null ? textOfFrozen(field) : undefined)
      if (written === undefined) return JSON.stringify(value)
      text += text === '' ? keyOf(key) + written : `,${keyOf(key)}${written}`
    }
    return `{${text}}`
  }
}

type Fields = Readonly<Record<string, unknown>>

/** JSON.stringify writes any value with a prototype or a `toJSON`. */
const isPlain = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !('toJSON' in value)

const hasFrozenPart = (value: Fields): boolean => {
  for (const key of Object.keys(value)) {
    const field = value[key]
    if (typeof field === 'object' && field !== null && Object.isFrozen(field)) return true
  }
  return false
}

const writePrimitive = (field: unknown): string | undefined => {
  if (typeof field === 'string') return neverPlain.test(field) ? JSON.stringify(field) : `"${field}"`
  if (typeof field === 'number') return Number.isFinite(field) ? String(field) : 'null'
  if (typeof field === 'boolean') return field ? 'true' : 'false'
  return field === null ? 'null' : undefined
}

/** Whether a part can never change: it holds only data, deeply frozen. */
const isFrozenThrough = (part: object): boolean => {
  if (!Object.isFrozen(part) || !(Array.isArray(part) || isPlain(part))) return false
  return Object.values(Object.getOwnPropertyDescriptors(part)).every(({ value }: PropertyDescriptor) => {
    if (typeof value === 'object' && value !== null) return isFrozenThrough(value as object)
    return value !== undefined && writePrimitive(value) !== undefined
  })
}
