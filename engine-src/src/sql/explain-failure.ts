/** Why Flink does not accept a statement: the cause, and the line in the statement, if Flink names one. */
export type FlinkCause = { readonly cause: string; readonly line: number | undefined }

/** Errors of the statement itself, which recur however often it is submitted. */
const refusals =
  /\b(?:SqlParserException|SqlParserEOFException|ValidationException|TableException: (?!Failed to execute sql))/

/** Whether Flink rejects the statement itself, as opposed to a failure on the way. */
export const isRefusal = (stackTrace: string): boolean => refusals.test(stackTrace)

/** The root cause of a Java stack trace: its last `Caused by`, without the class. */
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
