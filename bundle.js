import { Buffer } from 'node:buffer'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { requirePatchedDependencies } from './dependencies.js'
import { withoutUnusedLibraries } from './bundle-plugin.js'

/*
 * Puts the modules that a service loads at every start into one file: node bundle.js [WORKSPACE… | pipelines | image]
 * Loading them one by one, some 300, is most of a start (docs/benchmarks.md). TypeScript has checked the sources before
 * this, and made common-src/dist. What only few need stays in node_modules, and is loaded when it is needed.
 */
const workspaces = ['producer-src', 'etl-src', 'reader-src', 'engine-src', 'admin-src', 'console-src']
const loadedWhenNeeded = ['@opentelemetry/api']

// CommonJS: an ES module that imports one of Node's own makes Node load all that this one could do.
const outputPackage = { type: 'commonjs' }

/** A file that is as it was keeps its time, so that nobody takes it for a new build. */
const writeIfChanged = (/** @type {string} */ path, /** @type {Uint8Array} */ contents) => {
  if (existsSync(path) && readFileSync(path).equals(contents)) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
}

/** @type {import('esbuild').BuildOptions & { write: false }} */
const options = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  supported: { 'dynamic-import': false },
  // For `createRequire`, which takes a path as well.
  define: { 'import.meta.url': '__filename', 'import.meta.dirname': '__dirname' },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  plugins: [withoutUnusedLibraries],
  write: false,
}

/**
 * Writes a workspace's `main.js`, `service.js`, which a service loads when it has prepared for that, and
 * `prepare-broker.js`, which `make` loads.
 */
const bundle = async (/** @type {string} */ workspace) => {
  const sources = join(import.meta.dirname, workspace, 'src')
  const outputFolder = join(import.meta.dirname, workspace, 'dist')
  const { outputFiles } = await build({
    ...options,
    entryPoints: ['main.ts', 'service.ts', 'prepare-broker.ts']
      .map((name) => join(sources, name))
      .filter((path) => existsSync(path)),
    outdir: outputFolder,
    external: ['./service.js', ...loadedWhenNeeded],
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
  writeIfChanged(join(outputFolder, 'package.json'), Buffer.from(`${JSON.stringify(outputPackage)}\n`))
}

/** Writes what the console serves to browsers: a script, a style sheet, and the files that name them. */
const bundlePage = async () => {
  const sources = join(import.meta.dirname, 'console-src', 'page')
  const outputFolder = join(import.meta.dirname, 'console-src', 'dist', 'page')
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2024',
    minify: true,
    logLevel: 'warning',
    write: false,
    entryPoints: { page: join(sources, 'main.ts'), style: join(sources, 'page.css') },
    outdir: outputFolder,
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
  for (const name of ['index.html', 'icon.svg'])
    writeIfChanged(join(outputFolder, name), readFileSync(join(sources, name)))
}

/** Writes `pipelines/<name>/dist/pipeline.js`, which services and commands load by the pipeline's name. */
const bundlePipeline = async (/** @type {string} */ name) => {
  const folder = join(import.meta.dirname, 'pipelines', name)
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(folder, 'pipeline.ts')],
    outdir: join(folder, 'dist'),
    // A pipeline's own files are beside its source.
    banner: { js: "const pipelineFolder = require('node:path').dirname(__dirname)" },
    define: { ...options.define, 'import.meta.dirname': 'pipelineFolder' },
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
  writeIfChanged(join(folder, 'dist', 'package.json'), Buffer.from(`${JSON.stringify(outputPackage)}\n`))
}

/** What a service loads when it is needed, as it is loaded. */
const lateLibraries = ['pino-pretty', 'cli-progress', '@date-fns/utc', 'date-fns-tz', ...loadedWhenNeeded]

/** Writes `image/node_modules`: all that a service in a container takes from there, a file for each library. */
const bundleLateLibrary = async (/** @type {string} */ name) => {
  const folder = join(import.meta.dirname, 'image', 'node_modules', name)
  const { outputFiles } = await build({
    ...options,
    sourcemap: false,
    entryPoints: [name],
    outfile: join(folder, 'index.js'),
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
}

const listPipelines = () =>
  readdirSync(join(import.meta.dirname, 'pipelines')).filter((name) =>
    existsSync(join(import.meta.dirname, 'pipelines', name, 'pipeline.ts')),
  )

requirePatchedDependencies()
const chosen = process.argv.slice(2)
const isChosen = (/** @type {string} */ name) => chosen.length === 0 || chosen.includes(name)
await Promise.all([
  ...workspaces.filter(isChosen).map(bundle),
  ...(isChosen('console-src') ? [bundlePage()] : []),
  ...(chosen.includes('image') ? lateLibraries.map(bundleLateLibrary) : []),
  ...(isChosen('pipelines') ? listPipelines().map(bundlePipeline) : []),
])
