import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { repositoryRoot } from './repository.js'
import type { ServiceOptions } from './service-process.js'
import { makeTemporaryFolder } from './temporary-folder.js'

/**
 * Creates an installation without any pipeline in a new folder, from the build outputs of these parts. Returns its
 * root.
 */
export const makeInstallation = async (...parts: readonly (ServiceOptions['service'] | 'admin')[]): Promise<string> => {
  const root = await makeTemporaryFolder('installation')
  await mkdir(join(root, 'pipelines'))
  await symlink(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'))
  for (const part of parts) {
    await cp(join(repositoryRoot, `${part}-src`, 'dist'), join(root, `${part}-src`, 'dist'), { recursive: true })
  }
  return root
}

/** Builds a pipeline of an installation. */
export const buildPipeline = async (root: string, name: string): Promise<void> => {
  const folder = join(root, 'pipelines', name)
  await build({
    entryPoints: [join(folder, 'pipeline.ts')],
    outfile: join(folder, 'dist', 'pipeline.js'),
    // A pipeline's own files are next to its source.
    define: { 'import.meta.dirname': JSON.stringify(folder) },
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' },
  })
}

/** Creates an installation with a built service and one pipeline, which the test writes. Returns its root. */
export const installPipeline = async (
  service: ServiceOptions['service'],
  name: string,
  source: string,
): Promise<string> => {
  const root = await makeInstallation(service)
  await mkdir(join(root, 'pipelines', name))
  await writeFile(join(root, 'pipelines', name, 'pipeline.ts'), source)
  await buildPipeline(root, name)
  return root
}
