import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

export const defaultPipeline = 'timestamps'

/** Whether a pipeline has jobs that it is not whole without. */
export const needsEngine = ({ name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>): boolean =>
  name !== defaultPipeline && sqlFiles.length > 0

/** Whether Flink belongs to the stack: as ENGINE says, else if another pipeline than the default one has SQL. */
export const isEngineOn = (
  { engine, secure }: Pick<StackSettings, 'engine' | 'secure'>,
  { name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): boolean => (engine === 'auto' ? needsEngine({ name, sqlFiles }) && !secure : engine === 'on')
