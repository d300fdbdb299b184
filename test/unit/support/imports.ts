import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot } from '../../support/repository.js'

/** What a source file imports, including types: files of the repository by their path in it, packages by their name. */
export type Imports = ReadonlyMap<string, readonly string[]>

const statement =
  /^(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)|= require\('([^']+)'\)/gm

/** Reads the imports of the files that match the patterns. */
export const readImports = (patterns: readonly string[]): Imports => {
  const files = globSync([...patterns], { cwd: repositoryRoot, exclude: ['**/node_modules/**', '**/dist/**'] })
  const known = new Set(files)
  return new Map(
    files.toSorted().map((file) => {
      const text = readFileSync(join(repositoryRoot, file), 'utf8')
      const names = [...text.matchAll(statement)].map((match) => match.slice(1).find(Boolean) ?? '')
      return [file, names.map((name) => (name.startsWith('.') ? resolve(file, name, known) : name))] as const
    }),
  )
}

const resolve = (from: string, name: string, known: ReadonlySet<string>): string => {
  const path = join(dirname(from), name)
  const candidates = [path.replace(/\.js$/, '.ts'), path]
  return candidates.find((candidate) => known.has(candidate)) ?? path
}

/** A cycle, from a file back to itself; empty if there is none. */
export const findCircle = (imports: Imports): readonly string[] => {
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]): readonly string[] => {
    const start = way.indexOf(file)
    if (start >= 0) return [...way.slice(start), file]
    if (done.has(file)) return []
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...way, file])
      if (circle.length > 0) return circle
    }
    done.add(file)
    return []
  }
  for (const file of imports.keys()) {
    const circle = visit(file, [])
    if (circle.length > 0) return circle
  }
  return []
}
