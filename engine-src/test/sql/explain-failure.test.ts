import { describe, expect, it } from '@jest/globals'
import { findCause, isRefusal } from '../../src/sql/explain-failure.js'

const trace = (...causes: readonly string[]): string =>
  [
    'Internal server error.',
    '<Exception on server side:',
    'org.apache.flink.table.gateway.api.utils.SqlGatewayException: org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetchResults.',
    ...causes.flatMap((cause) => [`Caused by: ${cause}`, '\tat org.apache.flink.Some.method(Some.java:1)']),
  ].join('\n')

describe('findCause', () => {
  it('takes the last cause, and the line that the validator names', () => {
    const text = trace(
      "org.apache.flink.table.api.ValidationException: SQL validation failed. From line 3, column 36 to line 3, column 39: Column 'nope' not found in any table",
      "org.apache.calcite.sql.validate.SqlValidatorException: Column 'nope' not found in any table",
    )
    expect(findCause(text)).toEqual({ cause: "Column 'nope' not found in any table", line: 3 })
    expect(isRefusal(text)).toBe(true)
  })

  it('takes the line that the parser names', () => {
    const message = 'Encountered "c" at line 2, column 9.'
    const text = trace(
      `org.apache.flink.table.api.SqlParserException: SQL parse failed. ${message}`,
      `org.apache.flink.sql.parser.impl.ParseException: ${message}`,
    )
    expect(findCause(text)).toEqual({ cause: message, line: 2 })
  })

  it('leaves out a last cause that says nothing by itself', () => {
    const text = trace(
      "java.lang.IllegalArgumentException: Could not parse value 'x' for key 'parallelism.default'.",
      'java.lang.NumberFormatException: For input string: "x"',
    )
    expect(findCause(text).cause).toBe("Could not parse value 'x' for key 'parallelism.default'.")
  })

  it('takes no failure on the way for a refusal of the statement', () => {
    const text = trace(
      'org.apache.flink.table.api.TableException: Failed to execute sql',
      'org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.',
      "java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory 'file:///nowhere' on file system 'file'.",
    )
    expect(isRefusal(text)).toBe(false)
    expect(findCause(text).cause).toContain('file:///nowhere')
  })
})
