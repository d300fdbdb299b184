import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

export const defaultPipeline = 'timestamps'

/** Whether a pipeline has jobs that it is not whole without. */
export const needsEngine = ({ name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>): boolean =>
  name !== defaultPipeline && sqlFiles.length > 0

/**
 * Said at the start of containers with SECURE: their Flink has no user of its own, and so the jobs are left out. Throws if
 * they are asked for. Undefined where nothing is left out.
 */
export const describeLeftOut = (
  settings: Pick<StackSettings, 'engine' | 'secure'>,
  pipeline: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): string | undefined => {
  if (!settings.secure || !isEngineOn(settings, pipeline)) return undefined
  if (settings.engine === 'on')
    throw new StackError('ENGINE: expected 0 with SECURE in Docker, where Flink has no user of its own, got 1')
  return `The jobs of ${pipeline.name} do not run with SECURE=1 in Docker, where Flink has no user of its own; they do with RUNTIME=local.`
}

/** Whether Flink belongs to the stack: as ENGINE says, else if another pipeline than the default one has SQL. */
export const isEngineOn = (
  { engine }: Pick<StackSettings, 'engine'>,
  { name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): boolean => (engine === 'auto' ? needsEngine({ name, sqlFiles }) : engine === 'on')
