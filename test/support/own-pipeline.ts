import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { repositoryRoot } from './repository.js'
import type { ServiceName } from './service-process.js'
import { makeTemporaryFolder } from './temporary-folder.js'

/** An installation in a folder of its own: a built service, and one pipeline, written by the test. Returns its root. */
export const installPipeline = async (service: ServiceName, name: string, source: string): Promise<string> => {
  const root = await makeTemporaryFolder('installation')
  const folder = join(root, 'pipelines', name)
  await mkdir(folder, { recursive: true })
  await symlink(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'))
  await cp(join(repositoryRoot, `${service}-src`, 'dist'), join(root, `${service}-src`, 'dist'), { recursive: true })
  await writeFile(join(folder, 'pipeline.ts'), source)
  await build({
    entryPoints: [join(folder, 'pipeline.ts')],
    outfile: join(folder, 'dist', 'pipeline.js'),
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' },
  })
  return root
}
