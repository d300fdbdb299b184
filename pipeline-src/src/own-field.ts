/** The field of that name, whatever the name: `constructor` is none unless the object has one of its own. */
export const ownField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

/** The same properties in an object that inherits none, so that a name that it does not have is undefined. */
export const withoutPrototype = <Named extends object>(named: Named): Named =>
  Object.assign(Object.create(null), named) as Named
