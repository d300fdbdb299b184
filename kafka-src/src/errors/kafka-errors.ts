/** An error of KafkaJS and everything that has caused it, outermost first. */
export const causesOf = (error: unknown, known: readonly Error[] = []): readonly Error[] => {
  if (!(error instanceof Error) || known.includes(error)) return known
  const several: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  return [error.cause, ...several].reduce<readonly Error[]>((all, cause) => causesOf(cause, all), [...known, error])
}

/** The name that Kafka's protocol gives to an error, such as `UNKNOWN_TOPIC_OR_PARTITION`; empty for others. */
export const typeOf = (error: unknown): string =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : ''

/** Whether the error, or one of those that have caused it, is of one of these types. */
export const hasType = (error: unknown, types: readonly string[]): boolean =>
  causesOf(error).some((cause) => types.includes(typeOf(cause)))

/** `timezone1: Topic authorization failed`, each sentence once. */
export const textOf = (error: unknown): string => {
  const sentences = causesOf(error).map((cause) => {
    return whereOf(cause) + cause.message.replace(/; if the root CA is installed locally.*/, '')
  })
  return [...new Set(sentences)].join('; ')
}

const whereOf = (cause: Error): string => {
  if ('topic' in cause && typeof cause.topic === 'string') return `topic ${cause.topic}: `
  // Where coordinators are looked for, KafkaJS calls a transactional id a group, too.
  return 'groupId' in cause && typeof cause.groupId === 'string' ? `group or transactional id ${cause.groupId}: ` : ''
}
