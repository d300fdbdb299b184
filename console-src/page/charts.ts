import uPlot from 'uplot'
import type { History } from '../src/protocol.js'
import { html } from './dom.js'
import { shorten } from './format.js'
import { hear } from './store.js'

export type ChartOptions = {
  readonly title: string | Node
  /** The text for screen readers. */
  readonly label: string
  /** Selects the series to draw by name, with the label of each in the legend. */
  readonly pick: (names: readonly string[]) => readonly { readonly name: string; readonly label: string }[]
  readonly format: (value: number) => string
  /** How many names of series there is room for. */
  readonly room: 'few' | 'many'
}

const colours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6']
const height = 180
const mostSeries = colours.length
const longestLabel = 24
/** The distances between grid lines: 1, 2, 5, 10, 20, …. */
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()

const probe = html('span', { hidden: true })

/** A style sheet colour for a canvas: of a pair for light and dark, the one in use. */
const resolveColour = (name: string): string => {
  if (!probe.isConnected) document.body.append(probe)
  probe.style.color = `var(${name})`
  return getComputedStyle(probe).color
}

const colourOf = (index: number): string => resolveColour(colours[index % colours.length] ?? '--text')
const axisColour = (): string => resolveColour('--dim')
const gridColour = (): string => resolveColour('--grid')

/** A chart of the last ten minutes, in a place of fixed height: nothing below it moves. */
export const drawChart = (options: ChartOptions, until: AbortSignal): HTMLElement => {
  const canvas = html('div', { class: 'plot', role: 'img', 'aria-label': options.label })
  const legend = html('p', { class: `legend ${options.room}` })
  const element = html('section', { class: 'panel chart' }, html('h2', {}, options.title), canvas, legend)
  let plot: uPlot | undefined
  let drawn = ''
  let history: History = { times: [], series: {} }

  const draw = (): void => {
    if (!canvas.isConnected || canvas.clientWidth === 0) return
    const known = options.pick(Object.keys(history.series))
    const picked = chooseLargest(known, history)
    const times = history.times.map((time) => time / 1_000)
    const columns = picked.map(({ name }) => [...(history.series[name] ?? [])])
    const data: uPlot.AlignedData = [times, ...columns]
    const names = picked.map(({ name }) => name).join('\n')
    if (plot && names === drawn) plot.setData(data)
    else {
      plot?.destroy()
      drawn = names
      plot = new uPlot(plotOptions(options, picked, canvas.clientWidth), data, canvas)
    }
    const last = columns.map((column) => column.at(-1))
    legend.replaceChildren(
      ...picked.map(({ label }, index) => {
        const value = last[index]
        const text = `${shorten(label, longestLabel)} ${typeof value === 'number' ? options.format(value) : '–'}`
        return html('span', { class: `key key-${(index % mostSeries) + 1}`, title: text }, text)
      }),
    )
    const left = known.length - picked.length
    if (left > 0) legend.append(html('span', {}, `and ${left} smaller, which are not drawn`))
    if (picked.length === 0) legend.textContent = 'Nothing to draw yet.'
  }

  const take = (known: History): void => {
    history = known
    draw()
  }
  hear('history', take, until)
  const resize = new ResizeObserver(() => {
    if (canvas.clientWidth > 0) plot?.setSize({ width: canvas.clientWidth, height })
    if (!plot) draw()
  })
  resize.observe(canvas)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const drawAnew = (): void => {
    drawn = ''
    draw()
  }
  scheme.addEventListener('change', drawAnew, { signal: until })
  until.addEventListener('abort', () => {
    resize.disconnect()
    plot?.destroy()
  })
  return element
}

type Series = ReturnType<ChartOptions['pick']>[number]

/**
 * The series with the largest values in the last ten minutes, as many as there are colours, in their original order.
 */
const chooseLargest = (known: readonly Series[], { series }: History): readonly Series[] => {
  if (known.length <= mostSeries) return known
  const peakOf = ({ name }: Series): number => Math.max(0, ...(series[name] ?? []).map((value) => value ?? 0))
  const largest = new Set(known.toSorted((one, other) => peakOf(other) - peakOf(one)).slice(0, mostSeries))
  return known.filter((one) => largest.has(one))
}

const plotOptions = (
  { format }: ChartOptions,
  picked: readonly { readonly label: string }[],
  width: number,
): uPlot.Options => {
  const axis = { stroke: axisColour, grid: { stroke: gridColour, width: 1 }, ticks: { show: false } }
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, space: 90, values: '{HH}:{mm}:{ss}' },
      { ...axis, size: 64, incrs: wholeSteps, values: (_plot, values) => values.map(format) },
    ],
    series: [
      {},
      ...picked.map(({ label }, index) => ({
        label,
        stroke: () => colourOf(index),
        width: 1.5,
        points: { show: false },
      })),
    ],
  }
}
