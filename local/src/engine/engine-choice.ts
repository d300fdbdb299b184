import { StackError } from '../stack-error.js'
import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

export const defaultPipeline = 'timestamps'

/** Whether a pipeline is incomplete without its jobs. */
export const needsEngine = ({ name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>): boolean =>
  name !== defaultPipeline && sqlFiles.length > 0

/**
 * The message at the start of containers with SECURE: their Flink has no user, and jobs are left out. Throws if the
 * user requests them. Undefined if nothing is left out.
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

/** Whether the stack includes Flink: as ENGINE says, otherwise if a pipeline other than the default one has SQL. */
export const isEngineOn = (
  { engine }: Pick<StackSettings, 'engine'>,
  { name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): boolean => (engine === 'auto' ? needsEngine({ name, sqlFiles }) : engine === 'on')
