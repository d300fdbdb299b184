/** The first `$ref` of a JSON Schema that points outside the schema itself; undefined: none. */
export const findLostReference = (schema: unknown): string | undefined => {
  const ids = new Set<string>()
  const references: string[] = []
  const visit = (part: unknown): void => {
    if (!isObject(part)) return
    const { $id, $anchor, $dynamicAnchor, $ref } = part
    if (typeof $id === 'string') ids.add($id)
    for (const anchor of [$anchor, $dynamicAnchor]) if (typeof anchor === 'string') ids.add(`#${anchor}`)
    if (typeof $ref === 'string') references.push($ref)
    Object.values(part).forEach(visit)
  }
  visit(schema)
  return references.find((reference) => !ids.has(reference) && !isPointerInto(schema, reference))
}

/** Whether the reference is `#`, or a percent-encoded JSON Pointer after it (RFC 6901), to a part of the schema. */
const isPointerInto = (schema: unknown, reference: string): boolean => {
  if (reference !== '#' && !reference.startsWith('#/')) return false
  try {
    const segments = decodeURIComponent(reference).split('/').slice(1)
    return (
      segments
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<unknown>(
          (part, name) => (isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined),
          schema,
        ) !== undefined
    )
  } catch {
    return false
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
