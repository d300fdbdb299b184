import type { FlowGraph, FlowNode } from './flow-graph.js'

export type Box = { readonly node: FlowNode; readonly x: number; readonly y: number }

export type Layout = { readonly boxes: readonly Box[]; readonly width: number; readonly height: number }

export const boxWidth = 168
export const boxHeight = 74
const narrowestGap = 40
const widestGap = 72
const gapDown = 22
const gapBeside = 12
const margin = 8

/** Columns from left to right on a wide screen; rows from top to bottom on a narrow one. */
export const layOut = (graph: FlowGraph, availableWidth: number): Layout => {
  const layers = toLayers(graph)
  const free = availableWidth - layers.length * boxWidth - 2 * margin
  const gap = Math.min(widestGap, free / Math.max(1, layers.length - 1))
  return gap >= narrowestGap ? layOutAcross(layers, gap) : layOutDown(layers, availableWidth)
}

/** Puts each box after everything that leads to it, and the dead letters last in the layer after the last step. */
const toLayers = ({ nodes, edges }: FlowGraph): readonly (readonly FlowNode[])[] => {
  const depths = new Map<string, number>()
  const depthOf = (id: string, path: readonly string[] = []): number => {
    const found = depths.get(id)
    if (found !== undefined) return found
    const before = edges.filter(({ to, from }) => to === id && !path.includes(from))
    const depth = Math.max(-1, ...before.map(({ from }) => depthOf(from, [...path, id]))) + 1
    depths.set(id, depth)
    return depth
  }
  const byDepth = Map.groupBy(nodes, ({ id }) => depthOf(id))
  const depth = Math.max(-1, ...byDepth.keys()) + 1
  return Array.from({ length: depth }, (_, index) => byDepth.get(index) ?? [])
}

const layOutAcross = (layers: readonly (readonly FlowNode[])[], gap: number): Layout => {
  const width = layers.length * (boxWidth + gap) - gap + 2 * margin
  const tallest = Math.max(1, ...layers.map(({ length }) => length))
  const height = tallest * boxHeight + (tallest - 1) * gapDown + 2 * margin
  const boxes = layers.flatMap((layer, column) => {
    const used = layer.length * boxHeight + (layer.length - 1) * gapDown
    const top = (height - used) / 2
    return layer.map((node, row) => ({
      node,
      x: margin + column * (boxWidth + gap),
      y: top + row * (boxHeight + gapDown),
    }))
  })
  return { boxes, width, height }
}

const layOutDown = (layers: readonly (readonly FlowNode[])[], availableWidth: number): Layout => {
  const perRow = Math.max(1, Math.floor((availableWidth - 2 * margin + gapBeside) / (boxWidth + gapBeside)))
  const width = Math.max(boxWidth + 2 * margin, availableWidth)
  const rows = layers.flatMap((layer) =>
    Array.from({ length: Math.ceil(layer.length / perRow) }, (_, index) =>
      layer.slice(index * perRow, (index + 1) * perRow),
    ),
  )
  const boxes = rows.flatMap((row, index) => {
    const used = row.length * boxWidth + (row.length - 1) * gapBeside
    const left = (width - used) / 2
    return row.map((node, column) => ({
      node,
      x: left + column * (boxWidth + gapBeside),
      y: margin + index * (boxHeight + 2 * gapDown),
    }))
  })
  return { boxes, width, height: rows.length * (boxHeight + 2 * gapDown) - 2 * gapDown + 2 * margin }
}
