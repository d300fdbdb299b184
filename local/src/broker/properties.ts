/** Entries of a Java properties file. */
export type Properties = Readonly<Record<string, string | number | boolean>>

/**
 * The text of a Java properties file. Java reads it as ISO-8859-1 and interprets backslashes: everything but printable
 * ASCII is escaped. https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-
 */
export const formatProperties = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeValue(String(value))}\n`)
    .join('')

const escapeValue = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    // `\u` takes one UTF-16 unit. A leading blank would be skipped.
    .replaceAll(/[^ -~]|^ /g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
