import { StackError } from './stack-error.js'

/** Kafka's tools for `make kafka-tool`, with the main class of each. They connect to the broker. */
export const toolClasses: ReadonlyMap<string, string> = new Map([
  ['kafka-acls', 'kafka.admin.AclCommand'],
  ['kafka-broker-api-versions', 'kafka.admin.BrokerApiVersionsCommand'],
  ['kafka-configs', 'kafka.admin.ConfigCommand'],
  ['kafka-console-consumer', 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
  ['kafka-console-producer', 'kafka.tools.ConsoleProducer'],
  ['kafka-consumer-groups', 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'],
  ['kafka-delete-records', 'org.apache.kafka.tools.DeleteRecordsCommand'],
  ['kafka-get-offsets', 'org.apache.kafka.tools.GetOffsetShell'],
  ['kafka-leader-election', 'org.apache.kafka.tools.LeaderElectionCommand'],
  ['kafka-log-dirs', 'org.apache.kafka.tools.LogDirsCommand'],
  ['kafka-reassign-partitions', 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'],
  ['kafka-topics', 'org.apache.kafka.tools.TopicCommand'],
  ['kafka-transactions', 'org.apache.kafka.tools.TransactionsCommand'],
])

/** One call of a tool. */
export type ToolCall = { readonly name: string; readonly mainClass: string; readonly args: readonly string[] }

export type ToolSite = {
  /** host:port of the broker, as the tool reaches it. */
  readonly bootstrap: string
  /** The properties with which the tool logs in as the user `admin`; undefined if the broker requires no login. */
  readonly clientFile: string | undefined
}

/** Adds the arguments that are missing: the address of the broker, and the login. */
export const planToolCall = (name: string, args: readonly string[], { bootstrap, clientFile }: ToolSite): ToolCall => {
  const mainClass = toolClasses.get(name)
  if (mainClass === undefined) {
    throw new StackError(
      `TOOL: expected one of ${[...toolClasses.keys()].join(', ')}, got ${JSON.stringify(name)}; such as \`make kafka-tool TOOL=kafka-topics ARGS='--list'\`.`,
    )
  }
  const clientOption = clientOptions.get(name) ?? '--command-config'
  const isGiven = (option: string): boolean => args.some((arg) => arg === option || arg.startsWith(`${option}=`))
  return {
    name,
    mainClass,
    args: [
      ...(isGiven('--bootstrap-server') ? [] : ['--bootstrap-server', bootstrap]),
      ...(clientFile === undefined || isGiven(clientOption) ? [] : [clientOption, clientFile]),
      ...args,
    ],
  }
}

/** For tools with an option other than `--command-config`. */
const clientOptions: ReadonlyMap<string, string> = new Map([
  ['kafka-console-consumer', '--consumer.config'],
  ['kafka-console-producer', '--producer.config'],
  ['kafka-leader-election', '--admin.config'],
])
