import avsc from 'avsc'

/*
 * avsc with what it leaves open: longs are bigints, decimals are text, and bytes that no writer of the schema can have
 * produced are refused before they take memory or time. This extends avsc by overriding methods of its own types, which
 * its declarations do not list.
 */
export type Tap = {
  pos: number
  readonly buf: Buffer
  readLong: () => number
  skipLong: () => void
  readString: () => string | undefined
}
export type Read = (tap: Tap) => unknown
export type Resolver = { _read: Read }
export type Internal = avsc.Type & {
  _read: Read
  readonly _branchConstructor: (new (value: unknown) => unknown) | null
}
export type Options = { readonly registry?: Readonly<Record<string, unknown>> }

export type AvroType = avsc.Type

export const isLogical = (type: avsc.Type): boolean => avsc.Type.isType(type, 'logical')
