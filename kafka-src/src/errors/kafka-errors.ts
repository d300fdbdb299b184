/** A KafkaJS error and all its causes, outermost first. */
export const causesOf = (error: unknown, known: readonly Error[] = []): readonly Error[] => {
  if (!(error instanceof Error) || known.includes(error)) return known
  const several: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [error.cause, ...several].reduce<readonly Error[]>((all, cause) => causesOf(cause, all), [...known, error])
}

/** The error name in Kafka's protocol, such as `UNKNOWN_TOPIC_OR_PARTITION`; empty for other errors. */
export const typeOf = (error: unknown): string =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : ''

/** Whether this user lacks a permission on a topic, such as DescribeConfigs to read its settings. */
export const isTopicDenied = (error: unknown): boolean => typeOf(error) === 'TOPIC_AUTHORIZATION_FAILED'

/** Whether the error or one of its causes has one of these types. */
export const hasType = (error: unknown, types: readonly string[]): boolean =>
  causesOf(error).some((cause) => types.includes(typeOf(cause)))

/** The text of an error and its causes, such as `timezone1: Topic authorization failed`, with each sentence once. */
export const textOf = (error: unknown): string => {
  const sentences = causesOf(error).map((cause) => {
    return whereOf(cause) + cause.message.replace(/; if the root CA is installed locally.*/, '')
  })
  return [...new Set(sentences)].join('; ')
}

const whereOf = (cause: Error): string => {
  if ('topic' in cause && typeof cause.topic === 'string') return `topic ${cause.topic}: `
  // When KafkaJS looks for a coordinator, it also calls a transactional id a group id.
  return 'groupId' in cause && typeof cause.groupId === 'string' ? `group or transactional id ${cause.groupId}: ` : ''
}
