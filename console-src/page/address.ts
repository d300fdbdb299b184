/** The decoded parts of `#/topic/orders`. A part with an invalid encoding stays as it is. */
export const parseAddress = (hash: string): readonly string[] => hash.split('/').slice(1).map(decode)

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
