import { describe, expect, it } from '@jest/globals'
import { splitStatements } from '../../src/sql/split-statements.js'

describe('splitStatements', () => {
  it('splits at semicolons and says on which line a statement begins', () => {
    expect(splitStatements("SET 'a' = '1';\n\nSELECT 1\n  FROM t;\n")).toEqual([
      { text: "SET 'a' = '1'", line: 1 },
      { text: 'SELECT 1\n  FROM t', line: 3 },
    ])
  })

  it('leaves comments out, and semicolons in texts, quoted names and comments alone', () => {
    const sql = "-- one; two\nSELECT 'a;''b', `c;d` /* ; */ FROM t -- end;\n;SELECT 2"
    expect(splitStatements(sql)).toEqual([
      { text: "SELECT 'a;''b', `c;d`  FROM t", line: 2 },
      { text: 'SELECT 2', line: 3 },
    ])
  })

  it('keeps the line breaks of a comment within a statement', () => {
    expect(splitStatements('SELECT /* a\nb\n*/ 1')).toEqual([{ text: 'SELECT \n\n 1', line: 1 }])
  })

  it('takes a statement set for one statement, whatever CASE … END it holds', () => {
    const set =
      'EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t;\nINSERT INTO b SELECT 1;\nEND'
    expect(splitStatements(`${set};\nSELECT 1;`)).toEqual([
      { text: set, line: 1 },
      { text: 'SELECT 1', line: 5 },
    ])
  })

  it('finds nothing in comments and blanks', () => {
    expect(splitStatements(' -- nothing\n;\n/* nothing */ ;')).toEqual([])
  })
})
