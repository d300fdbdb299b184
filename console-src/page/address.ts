/** The parts of `#/topic/orders`, decoded: a part that is not encoded properly is taken as it stands. */
export const parseAddress = (hash: string): readonly string[] => hash.split('/').slice(1).map(decode)

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
