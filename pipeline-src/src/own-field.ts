/** The field with this name. Inherited names such as `constructor` do not count. */
export const ownField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

/** The same properties in an object without a prototype: a name that it lacks gives undefined. */
export const withoutPrototype = <Named extends object>(named: Named): Named =>
  Object.assign(Object.create(null), named) as Named
