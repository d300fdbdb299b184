import type { LettersState } from '../protocol.js'
import { withoutDeceit } from '../records/shown-bytes.js'

const mostReasons = 50
const others = '(others)'

/** Counts dead letters by reason. Anybody may write to the topic: reasons beyond the first fifty are counted as one. */
export const createLetterCounts = () => {
  const counts = new Map<string, number>()
  return {
    add: (reason: string | undefined): void => {
      const shown = withoutDeceit(reason ?? '(none)').slice(0, 60)
      const name = counts.has(shown) || counts.size < mostReasons ? shown : others
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    clear: (): void => counts.clear(),
    read: (): LettersState => ({
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
      byReason: Object.fromEntries(counts),
    }),
  }
}
