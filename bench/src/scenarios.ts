import { runBacklog } from './backlog-run.js'
import type { BenchContext } from './bench-context.js'
import { deleteTopics, writeInput } from './input.js'
import type { scenarioNames } from './settings.js'

export type Scenario = (context: BenchContext) => Promise<void>

const rounds = (context: BenchContext): readonly number[] =>
  Array.from({ length: context.settings.rounds }, (_, index) => index + 1)

const backlog: Scenario = async (context) => {
  const input = await writeInput(context, 'good', context.settings.logs)
  for (const round of rounds(context)) {
    for (const candidate of [...context.etl, ...context.peers]) {
      await runBacklog(context, candidate, input, { scenario: 'backlog', round })
    }
  }
  await deleteTopics(context, input.topics)
}

export const scenarios: Partial<Record<(typeof scenarioNames)[number], Scenario>> = { backlog }
