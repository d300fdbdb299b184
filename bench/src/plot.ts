import { formatNumber } from './report.js'

export type Bar = {
  readonly label: string
  readonly value: number
  readonly lowest: number
  readonly highest: number
  readonly isOurs: boolean
}

const [width, labelWidth, valueWidth, barHeight, gap, top] = [860, 300, 90, 24, 12, 46]

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Horizontal bars from the fastest down, each with its median and, as a thin line, its lowest and highest round. */
export const plotBars = (title: string, bars: readonly Bar[]): string => {
  const sorted = bars.toSorted((one, other) => other.value - one.value)
  const longest = Math.max(1, ...sorted.map(({ highest }) => highest))
  const lengthOf = (value: number): number => Math.round((value / longest) * (width - labelWidth - valueWidth))
  const height = top + sorted.length * (barHeight + gap)
  const rows = sorted.map(({ label, value, lowest, highest, isOurs }, index) => {
    const y = top + index * (barHeight + gap)
    const middle = y + barHeight / 2
    const textAt = labelWidth + Math.max(lengthOf(value), lengthOf(highest)) + 8
    return [
      `<text x="${labelWidth - 10}" y="${middle}" text-anchor="end" dominant-baseline="central">${escapeXml(label)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${Math.max(1, lengthOf(value))}" height="${barHeight}" rx="3" fill="${isOurs ? '#1f7a4d' : '#9aa5b1'}"/>`,
      `<line x1="${labelWidth + lengthOf(lowest)}" x2="${labelWidth + lengthOf(highest)}" y1="${middle}" y2="${middle}" stroke="#111" stroke-width="1.5"/>`,
      `<text x="${textAt}" y="${middle}" dominant-baseline="central" font-weight="${isOurs ? 'bold' : 'normal'}">${formatNumber(value)}</text>`,
    ].join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-label="${escapeXml(title)}">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="26" font-size="17" font-weight="bold">${escapeXml(title)}</text>
${rows.join('\n')}
</svg>
`
}
