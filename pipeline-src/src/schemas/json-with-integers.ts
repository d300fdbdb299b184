type Context = { readonly source?: string }

const integerLiteral = /^-?\d+$/

/** Parses JSON and keeps integers beyond 2^53 exact, as bigints. Throws for invalid text. */
export const parseJsonWithIntegers = (text: string): unknown =>
  JSON.parse(text, (_name: string, value: unknown, context?: Context) => {
    const source = context?.source
    return typeof value === 'number' &&
      source !== undefined &&
      integerLiteral.test(source) &&
      !Number.isSafeInteger(value)
      ? BigInt(source)
      : value
  })

/** Writes JSON with bigints as numbers with all digits, and bytes as base64. */
export const stringifyWithIntegers = (value: unknown): string => JSON.stringify(value, printExactly)

// `this` holds the original value, before its `toJSON`, which Buffer has.
function printExactly(this: unknown, name: string, value: unknown): unknown {
  const original: unknown = (this as Readonly<Record<string, unknown>>)[name]
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64')
  return typeof value === 'bigint' ? rawJson(value.toString()) : value
}

// Node has had it since 22; TypeScript's library lacks it.
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }
