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

/** Said at the start of a stack that leaves jobs out unasked; undefined where nothing is left out. */
export const describeLeftOut = (
  { engine, secure }: Pick<StackSettings, 'engine' | 'secure'>,
  pipeline: Pick<StackPipeline, 'name' | 'sqlFiles'>,
): string | undefined =>
  engine === 'auto' && secure && needsEngine(pipeline)
    ? `The jobs of ${pipeline.name} do not run with SECURE=1: Flink has no user of its own.`
    : undefined
