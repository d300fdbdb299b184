import { Buffer } from 'node:buffer'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { requirePatchedDependencies } from './dependencies.js'
import { withoutUnusedLibraries } from './bundle-plugin.js'

/*
 * Bundles the modules that a service loads at every start into one file:
 *
 *   node bundle.js [WORKSPACE… | pipelines | image]
 *
 * Loading them one by one, about 300, takes most of a start (docs/benchmarks.md). TypeScript has checked the sources
 * before this, and has built common-src/dist. Rarely used modules stay in node_modules, and are loaded on demand.
 */
const workspaces = ['producer-src', 'etl-src', 'reader-src', 'engine-src', 'admin-src', 'console-src']
const loadedWhenNeeded = ['@opentelemetry/api']

// CommonJS: if an ES module imports one of Node's own modules, Node also loads everything that this one could use.
const outputPackage = { type: 'commonjs' }

/** Leaves an unchanged file untouched: its time would mark it as a new build. */
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
  // For `createRequire`, which accepts a path, too.
  define: { 'import.meta.url': '__filename', 'import.meta.dirname': '__dirname' },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  plugins: [withoutUnusedLibraries],
  write: false,
}

/**
 * Writes a workspace's `main.js`; `service.js`, which a service loads after some preparation; and `prepare-broker.js`,
 * which `make` loads.
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

/** Writes the files that the console serves to browsers: a script, a style sheet, and the files that reference them. */
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

/**
 * Large libraries of which a pipeline loads one function on demand, with that function. Whole, date-fns-tz loads the 300
 * modules of date-fns with it.
 */
const partsOfLibraries = new Map([
  ['@date-fns/utc', 'UTCDate'],
  ['date-fns-tz', 'format'],
])

/** Writes a library that is loaded on demand into `folder/node_modules`, as one file. */
const bundleLibrary = async (/** @type {string} */ name, /** @type {string} */ folder) => {
  const exports = partsOfLibraries.has(name) ? `{ ${partsOfLibraries.get(name)} }` : undefined
  const { outputFiles } = await build({
    ...options,
    sourcemap: false,
    ...(exports
      ? { stdin: { contents: `export ${exports} from '${name}'`, resolveDir: import.meta.dirname } }
      : { entryPoints: [name] }),
    outfile: join(folder, 'node_modules', name, 'index.js'),
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
}

/**
 * Writes `pipelines/<name>/dist/pipeline.js`, which services and commands load by the pipeline's name, and the parts of
 * libraries that it loads on demand.
 */
const bundlePipeline = async (/** @type {string} */ name) => {
  const folder = join(import.meta.dirname, 'pipelines', name)
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(folder, 'pipeline.ts')],
    outdir: join(folder, 'dist'),
    // A pipeline's own files are next to its source.
    banner: { js: "const pipelineFolder = require('node:path').dirname(__dirname)" },
    define: { ...options.define, 'import.meta.dirname': 'pipelineFolder' },
  })
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents)
  writeIfChanged(join(folder, 'dist', 'package.json'), Buffer.from(`${JSON.stringify(outputPackage)}\n`))
  const text = outputFiles.map((file) => file.text).join('')
  const parts = [...partsOfLibraries.keys()].filter((library) => text.includes(`load("${library}")`))
  await Promise.all(parts.map((library) => bundleLibrary(library, join(folder, 'dist'))))
}

/** The libraries that a service in a container loads on demand from `image/node_modules`. */
const lateLibraries = ['pino-pretty', 'cli-progress', ...partsOfLibraries.keys(), ...loadedWhenNeeded]

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
  ...(chosen.includes('image')
    ? lateLibraries.map((name) => bundleLibrary(name, join(import.meta.dirname, 'image')))
    : []),
  ...(isChosen('pipelines') ? listPipelines().map(bundlePipeline) : []),
])
