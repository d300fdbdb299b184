import type { StackPipeline } from '../stack-pipeline.js'
import type { StackSettings } from '../stack-settings.js'

const defaultPipeline = 'timestamps'

/** Whether Flink belongs to the stack: as ENGINE says, else if another pipeline than the default one has SQL. */
export const isEngineOn = (
  { engine }: Pick<StackSettings, 'engine'>,
  { name, sqlFiles }: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): boolean => (engine === 'auto' ? name !== defaultPipeline && sqlFiles.length > 0 : engine === 'on')
