/**
 * The sum of a gauge over its labels in Prometheus text format; undefined if the page lacks it.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const sumGauge = (page: string, name: string): number | undefined => {
  const values = page.split('\n').flatMap((line) => {
    if (!line.startsWith(name)) return []
    const match = /^(?:\{.*\})?[ \t]+(\S+)/.exec(line.slice(name.length))
    return match?.[1] === undefined ? [] : [Number(match[1])]
  })
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** The samples of one metric, by their labels. */
export const readSamples = (page: string, name: string): readonly Sample[] =>
  page.split('\n').flatMap((line) => {
    const match = line.startsWith(name) ? /^(?:\{(.*)\})?[ \t]+(\S+)/.exec(line.slice(name.length)) : null
    if (match?.[2] === undefined) return []
    const labels = [...(match[1] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    return [
      { labels: Object.fromEntries(labels.map(([, key = '', value = '']) => [key, value])), value: Number(match[2]) },
    ]
  })
