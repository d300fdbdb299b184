import { Buffer } from 'node:buffer'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { requirePatchedDependencies } from './dependencies.js'

/*
 * Puts the modules that a service loads at every start into one file: node bundle.js [WORKSPACE…]
 * Loading them one by one, some 300, is most of a start (docs/benchmarks.md). TypeScript has checked the sources before
 * this, and made common-src/dist. What only few need stays in node_modules, and is loaded when it is needed.
 */
const workspaces = ['producer-src', 'etl-src', 'reader-src', 'admin-src']
const loadedWhenNeeded = ['lz4js', '@opentelemetry/api']

// CommonJS: an ES module that imports one of Node's own makes Node load all that this one could do.
const outputPackage = { type: 'commonjs' }

/** A file that is as it was keeps its time, so that nobody takes it for a new build. */
const writeIfChanged = (/** @type {string} */ path, /** @type {Uint8Array} */ contents) => {
  if (existsSync(path) && readFileSync(path).equals(contents)) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
}

/** Writes a workspace's `main.js`, and `service.js`, which a service loads when it has prepared for that. */
const bundle = async (/** @type {string} */ workspace) => {
  const sources = join(import.meta.dirname, workspace, 'src')
  const outputFolder = join(import.meta.dirname, workspace, 'dist')
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['main.ts', 'service.ts'].map((name) => join(sources, name)).filter((path) => existsSync(path)),
    outdir: outputFolder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    supported: { 'dynamic-import': false },
    external: ['./service.js', ...loadedWhenNeeded],
    // For `createRequire`, which takes a path as well.
    define: { 'import.meta.url': '__filename' },
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    write: false,
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
  writeIfChanged(join(outputFolder, 'package.json'), Buffer.from(`${JSON.stringify(outputPackage)}\n`))
}

requirePatchedDependencies()
const chosen = process.argv.slice(2)
await Promise.all((chosen.length > 0 ? chosen : workspaces).map(bundle))
