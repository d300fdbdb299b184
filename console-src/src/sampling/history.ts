import type { History, HistoryPoint } from '../protocol.js'

const keptMs = 600_000

/** The last ten minutes of all series, limited in points and in series. */
export const createHistory = (mostSeries = 200) => {
  let points: HistoryPoint[] = []
  return {
    add: (point: HistoryPoint): void => {
      const values = Object.fromEntries(Object.entries(point.values).slice(0, mostSeries))
      points.push({ atMs: point.atMs, values })
      const oldestMs = point.atMs - keptMs
      // A clock that was set back leaves points in the future, which would stay forever.
      points = points.filter(({ atMs }) => atMs >= oldestMs && atMs <= point.atMs)
    },
    read: (): History => {
      const names = new Set(points.flatMap(({ values }) => Object.keys(values)))
      return {
        times: points.map(({ atMs }) => atMs),
        series: Object.fromEntries([...names].map((name) => [name, points.map(({ values }) => values[name] ?? null)])),
      }
    },
  }
}
