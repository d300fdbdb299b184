import { join, resolve } from 'node:path'

/** The folders of the benchmark. Everything it leaves behind, except results and docs, is below .data/bench. */
export type Folders = {
  readonly root: string
  readonly bench: string
  readonly data: string
  readonly broker: string
  readonly jars: string
  readonly logs: string
  /** What the readers of a run write. */
  readonly written: string
  readonly results: string
}

export const foldersOf = (root: string): Folders => {
  const bench = join(root, 'bench')
  const data = resolve(root, '.data', 'bench')
  return {
    root,
    bench,
    data,
    broker: join(data, 'broker'),
    jars: join(data, 'jars'),
    logs: join(data, 'logs'),
    written: join(data, 'written'),
    results: join(bench, 'results'),
  }
}
