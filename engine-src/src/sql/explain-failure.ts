/** What Flink says of a statement that it does not take: the cause, and where in the statement, if it says where. */
export type FlinkCause = { readonly cause: string; readonly line: number | undefined }

/** A refusal of the statement itself, which comes again however often the statement is submitted. */
const refusals =
  /\b(?:SqlParserException|SqlParserEOFException|ValidationException|TableException: (?!Failed to execute sql))/

/** Whether Flink refuses the statement, rather than that something failed on the way. */
export const isRefusal = (stackTrace: string): boolean => refusals.test(stackTrace)

/** The first cause of a Java stack trace: its last `Caused by`, without the class. */
export const findCause = (stackTrace: string): FlinkCause => {
  const lines = stackTrace.split('\n')
  const causes = lines.flatMap((line) => {
    const [, message] = /^(?:Caused by: )?(?:[\w$]+\.)+[\w$]+(?:Exception|Error): (.+)$/.exec(line) ?? []
    return message === undefined || /^(?:[\w$]+\.)+[\w$]+(?:Exception|Error)\b/.test(message) ? [] : [message]
  })
  const cause = causes.findLast((message) => !message.startsWith('For input string')) ?? lines[0] ?? ''
  const [, from, at] = /\bFrom line (\d+)|\bat line (\d+), column/i.exec(stackTrace) ?? []
  const line = from ?? at
  return { cause: cause.trim(), line: line === undefined ? undefined : Number(line) }
}
