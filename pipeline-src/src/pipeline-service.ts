import {
  messageOf,
  pipelineIn,
  presentText,
  readVariables,
  runService,
  type CommonSettings,
  type RunServiceOptions,
  type Service,
  type ServiceContext,
  type SettingsOf,
  type SettingsTable,
} from '@kafka-etl/common'
import type { Pipeline } from './define-pipeline.js'
import { besideService, ownSettings } from './own-settings.js'
import { loadPipeline, pipelineFolder, pipelinesFolder } from './loading.js'
import { defaultNames } from './names.js'
import { findPipelineFaults } from './pipeline-faults.js'
import { isPipelineSetting, type RunningPipeline } from './running-pipeline.js'

export type { RunningPipeline }

/** The context of a service, with the pipeline that it runs. */
export type PipelineContext<Settings> = ServiceContext<Settings> & { readonly pipeline: RunningPipeline }

export type RunPipelineServiceOptions<Table extends SettingsTable> = Pick<
  RunServiceOptions<Table>,
  'name' | 'httpPort' | 'table' | 'instance' | 'explainError'
> & { readonly create: (context: PipelineContext<SettingsOf<Table> & CommonSettings>) => Service }

/**
 * Runs a service for the pipeline that `PIPELINE` names. Adds the pipeline's own settings to those of the service. A
 * pipeline that does not exist or cannot work is a fault of the settings: all faults are reported at once, exit code 2.
 */
export const runPipelineService = <Table extends SettingsTable>(
  options: RunPipelineServiceOptions<Table>,
): Promise<void> => {
  const variables = readVariables(process.env)
  const name = pipelineIn(variables)
  const loaded = tryLoad(name)
  const pipeline: Pipeline = loaded.ok ? loaded.pipeline : nothing
  let running: RunningPipeline | undefined
  const define = (settings: object): RunningPipeline => {
    const definition = pipeline.define(ownSettings(settings))
    const { deadLetterTopic } = settings as CommonSettings
    const groupId = presentText(variables.ETL_GROUP_ID) ?? defaultNames(name).groupId
    return { definition, names: { groupId, deadLetterTopic }, folder: pipelineFolder(name) }
  }
  return runService<Table>({
    ...options,
    table: { ...besideService(pipeline.settings), ...options.table },
    faults: loaded.ok ? [] : [`PIPELINE: ${loaded.fault}`],
    isKnownElsewhere: (setting) => isPipelineSetting(pipelinesFolder, setting),
    findContradictions: (known) =>
      pipeline.findContradictions(ownSettings(known), { deadLetterTopic: known.deadLetterTopic }),
    findFaults: (settings) => {
      if (!loaded.ok) return []
      running = define(settings)
      const { definition, names } = running
      return findPipelineFaults(definition, names).map((fault) => `pipelines/${name}/pipeline.ts: ${fault}`)
    },
    create: (context) => options.create({ ...context, pipeline: running ?? define(context.settings) }),
  })
}

const nothing: Pipeline = {
  settings: {},
  findContradictions: () => [],
  define: () => ({ name: 'none', topics: {}, steps: {} }),
}

type Loaded = { readonly ok: true; readonly pipeline: Pipeline } | { readonly ok: false; readonly fault: string }

const tryLoad = (name: string): Loaded => {
  try {
    return { ok: true, pipeline: loadPipeline(pipelinesFolder, name) }
  } catch (error) {
    return { ok: false, fault: messageOf(error) }
  }
}
