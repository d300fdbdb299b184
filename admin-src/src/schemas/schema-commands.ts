import { Argument, type Command } from 'commander'
import { compatibilityModes } from '@kafka-etl/pipeline/registry'
import type { Execute, OutputOptions } from '../report.js'
import { reportCheck } from './check-schemas.js'
import { reportCompatibility } from './compatibility.js'
import { withRegistry } from './connect-registry.js'
import { reportSchema, reportSchemas } from './list-schemas.js'
import { reportRegistration } from './register-schemas.js'

type AddCommand = (parent: Command, nameAndArguments: string, description: string) => Command

/** Commands for the Schema Registry. None of them needs Kafka. */
export const addSchemaCommands = (program: Command, execute: Execute, addCommand: AddCommand): void => {
  const schemas = program.command('schemas').description('the schemas of the Schema Registry').helpCommand(false)
  addCommand(schemas, 'list', 'the latest version of each subject').action((options: OutputOptions) =>
    execute(options, (context) => withRegistry(context, reportSchemas)),
  )
  addCommand(schemas, 'show', 'the latest schema of a subject')
    .argument('<subject>', 'such as users-value')
    .action((subject: string, options: OutputOptions) =>
      execute(options, (context) => withRegistry(context, (client) => reportSchema(client, subject))),
    )
  addCommand(
    schemas,
    'check',
    "checks that a pipeline's schemas are compatible with the registered ones; changes nothing",
  )
    .argument('<pipeline>', 'the pipeline')
    .action((name: string, options: OutputOptions) =>
      execute(options, (context) =>
        withRegistry(context, (client) => reportCheck(client, context.definitions.find(name))),
      ),
    )
  addCommand(schemas, 'register', "registers a pipeline's schemas")
    .argument('<pipeline>', 'the pipeline')
    .action((name: string, options: OutputOptions) =>
      execute(options, (context) =>
        withRegistry(context, (client) => reportRegistration(client, context.definitions.find(name))),
      ),
    )
  addCommand(schemas, 'compatibility', "shows or sets a subject's compatibility mode")
    .argument('<subject>', 'such as users-value')
    .addArgument(new Argument('[mode]', 'the new mode').choices(compatibilityModes))
    .action((subject: string, mode: string | undefined, options: OutputOptions) =>
      execute(options, (context) => withRegistry(context, (client) => reportCompatibility(client, subject, mode))),
    )
}
