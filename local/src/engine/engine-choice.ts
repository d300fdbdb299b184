import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

export const defaultPipeline = 'timestamps'

/** Whether a pipeline is incomplete without its jobs. */
export const needsEngine = ({ name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>): boolean =>
  name !== defaultPipeline && sqlFiles.length > 0

/** Whether the stack includes Flink: as ENGINE says, otherwise if a pipeline other than the default one has SQL. */
export const isEngineOn = (
  { engine }: Pick<StackSettings, 'engine'>,
  { name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): boolean => (engine === 'auto' ? needsEngine({ name, sqlFiles }) : engine === 'on')
