/** A value that must be rejected, with the expected reason. */
export type BadRecord = { readonly name: string; readonly value: Buffer | null; readonly reason: string }

const date = '2024-02-05 10:01:52.884548 -0500'
const bad = (name: string, reason: string, value: string | Buffer | null): BadRecord => ({
  name,
  reason,
  value: value === null ? null : Buffer.from(value),
})
const withDate = (name: string, reason: string, text: string): BadRecord =>
  bad(name, reason, JSON.stringify({ date: text, message: name }))
const withoutFormat = (text: string): BadRecord => withDate(`date ${text}`, 'date_not_in_format', text)
const impossible = (text: string): BadRecord => withDate(`date ${text}`, 'date_does_not_exist', text)

/** B1 to B5: values that are not logs at all. */
const noLogs: readonly BadRecord[] = [
  bad('tombstone', 'value_empty', null),
  bad('empty', 'value_empty', ''),
  bad('whitespace', 'value_not_json', ' \t\n'),
  bad('no JSON', 'value_not_json', 'Feb 5 10:01:52 host sshd[1]: accepted'),
  bad('truncated', 'value_not_json', `{"date":"${date}","mess`),
  bad('two values', 'value_not_json', '{}{}'),
  bad('NaN', 'value_not_json', '{"date":NaN,"message":"1"}'),
  bad('byte order mark', 'value_not_json', `\ufeff{"date":"${date}","message":"1"}`),
  bad('NUL', 'value_not_json', Buffer.from([0])),
  bad('not UTF-8', 'value_not_utf8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])),
  bad('Latin-1', 'value_not_utf8', Buffer.from(`{"date":"${date}","message":"caf\u00e9"}`, 'latin1')),
  bad('half a surrogate pair', 'value_not_utf8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  bad('null', 'value_not_object', 'null'),
  bad('array', 'value_not_object', '[]'),
  bad('number', 'value_not_object', '42'),
  bad('1e999', 'value_not_object', '1e999'),
  bad('text', 'value_not_object', '"text"'),
  bad('1,000 brackets', 'value_not_object', `${'['.repeat(1_000)}${']'.repeat(1_000)}`),
  bad('200,000 open brackets', 'value_not_json', '['.repeat(200_000)),
]

/** B4 and B7: fields that are missing or of another type. */
const badFields: readonly BadRecord[] = [
  bad('no field', 'field_missing', '{}'),
  bad('no date', 'field_missing', '{"message":"1"}'),
  bad('no message', 'field_missing', `{"date":"${date}"}`),
  bad('inherited date', 'field_missing', `{"__proto__":{"date":"${date}","polluted":true},"message":"1"}`),
  bad('constructor', 'field_missing', '{"constructor":{"prototype":{"polluted":true}},"message":"1"}'),
  ...['null', '-1', '1e999', '9007199254740993', '8640000000000001', '[]', '{}', 'true'].map((value) =>
    bad(`date ${value}`, 'field_not_text', `{"date":${value},"message":"1"}`),
  ),
  bad('message 11', 'field_not_text', `{"date":"${date}","message":11}`),
  bad('message null', 'field_not_text', `{"date":"${date}","message":null}`),
]

/** B8: invalid dates. */
const badDates: readonly BadRecord[] = [
  ...[
    '',
    'NaN',
    '1707145312884',
    '2024-02-05',
    '24-02-05 10:01:52.884548 -0500',
    '2024-02-05T10:01:52.884548 -0500',
  ].map(withoutFormat),
  ...[
    `${date} `,
    ` ${date}`,
    `${date} EST`,
    `${date}x`,
    '2024-02-05 10:01:52.884 -0500',
    '10000-01-01 00:00:00.000000 +0000',
  ].map(withoutFormat),
  ...[
    '2024-02-05 10:01:52.884548 est',
    '2024-02-05 10:01:52.884548 Europe/Paris',
    '2024-02-05 10:01:52.884548 -05:00',
  ].map(withoutFormat),
  ...['2024-02-30 10:00:00.000000 -0500', '2023-02-29 10:00:00.000000 -0500', '2024-13-01 10:00:00.000000 -0500'].map(
    impossible,
  ),
  ...['2024-01-01 24:00:00.000000 +0000', '2016-12-31 23:59:60.000000 +0000', '0000-01-01 00:00:00.000000 +0000'].map(
    impossible,
  ),
  withDate('offset of 24 hours', 'offset_out_of_range', '2024-02-05 10:01:52.884548 +2400'),
  withDate('offset of 60 minutes', 'offset_out_of_range', '2024-02-05 10:01:52.884548 +0060'),
]

/** Every kind of record that must be rejected, small and large. */
export const badRecords: readonly BadRecord[] = [...noLogs, ...badFields, ...badDates]

/** The kinds that are small enough to scatter into a large load. */
export const smallBadRecords: readonly BadRecord[] = badRecords.filter(({ value }) => (value?.length ?? 0) < 10_000)
