import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the page. */
export type Asset = { readonly path: string; readonly type: string; readonly bytes: Buffer; readonly tag: string }

const files = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/style.css', 'style.css', 'text/css; charset=utf-8'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
] as const

/** The page's files, held in memory: no request can reach another file. */
export const readAssets = (folder: string): readonly Asset[] =>
  files.map(([path, name, type]) => {
    const bytes = readFileSync(join(folder, name))
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    return { path, type, bytes, tag }
  })
