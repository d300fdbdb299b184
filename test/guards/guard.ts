import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../support/repository.js'

/** A guard that can be switched off: the patch that does so, and the test that must fail because of it. */
export type Guard = {
  /** The file's name, without `.patch`. */
  readonly name: string
  readonly patchFile: string
  /** What the guard ensures, in the words of docs/guarantees.md. */
  readonly guard: string
  /** The jest project of the test, and a pattern for its path. */
  readonly lane: string
  readonly test: string
  /** A pattern for the titles of the tests that must fail; by default all of the file. */
  readonly titles: string | undefined
  /** A text that the failing test must print. */
  readonly says: string
  /** The files that the patch changes. */
  readonly files: readonly string[]
}

const folder = join(repositoryRoot, 'test', 'guards', 'patches')

/**
 * Parses a patch: lines `Guard: …`, `Lane: …`, `Test: …`, `Says: …` and optionally `Titles: …`, then the diff in the
 * format of `git diff`. A patch of node_modules reverts a fix of patches/.
 */
export const parseGuard = (name: string, text: string): Guard => {
  const head = text.slice(0, text.search(/^diff --git /m))
  const find = (field: string): string | undefined => new RegExp(`^${field}: (.+)$`, 'm').exec(head)?.[1]?.trim()
  const need = (field: string): string => {
    const value = find(field)
    if (value === undefined) throw new Error(`Expected a line "${field}: …" in ${name}.patch, got none`)
    return value
  }
  return {
    name,
    patchFile: join(folder, `${name}.patch`),
    guard: need('Guard'),
    lane: need('Lane'),
    test: need('Test'),
    titles: find('Titles'),
    says: need('Says'),
    files: [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file = '']) => file),
  }
}

/** All guards, by name. */
export const readGuards = (): readonly Guard[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .toSorted()
    .map((file) => parseGuard(file.replace(/\.patch$/, ''), readFileSync(join(folder, file), 'utf8')))
