import { messageOf, SettingsError, tlsOptions, type RegistrySettings } from '@kafka-etl/common'
import type { ReferencedSchema, RegisteredSchema } from '../schemas/registered-schema.js'
import { answers, type ReferenceAnswer, type SchemaAnswer } from './answers.js'
import { createSendHttp, type HttpAnswer, type SendHttp } from './http-request.js'

/** The registry responded and refused the request. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal'

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** No response, or one that only reports a problem in the registry: a retry may help. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable'
}

export const compatibilityModes = ['BACKWARD', 'FORWARD', 'FULL', 'NONE'] as const

export type RegistryClient = {
  /** Undefined if there is no schema with this id. */
  readonly fetchSchema: (schemaId: number) => Promise<RegisteredSchema | undefined>
  /**
   * The highest id among the latest versions of all subjects. Undefined if that takes too many requests, or is not
   * permitted.
   */
  readonly fetchHighestId: () => Promise<number | undefined>
  readonly listSubjects: () => Promise<readonly string[]>
  /** The latest version; undefined if there is no such subject. */
  readonly fetchLatest: (subject: string) => Promise<SubjectVersion | undefined>
  /** The id of a schema that is registered under the subject. */
  readonly findId: (subject: string, schema: RegisteredSchema) => Promise<number | undefined>
  /**
   * Registers a schema after the schemas that it references, and returns its id. A refusal of 409 means that it is
   * incompatible.
   */
  readonly register: (subject: string, schema: RegisteredSchema) => Promise<number>
  /** Whether the schema is compatible with the latest one of its subject; the messages say why not. */
  readonly checkCompatible: (
    subject: string,
    schema: RegisteredSchema,
  ) => Promise<{ readonly isCompatible: boolean; readonly messages: readonly string[] }>
  /** The compatibility mode of the subject, or else of the whole registry. */
  readonly fetchCompatibility: (subject: string) => Promise<string>
  readonly setCompatibility: (subject: string, mode: string) => Promise<void>
}

export type SubjectVersion = { readonly id: number; readonly version: number; readonly schema: RegisteredSchema }

const timeoutMs = 10_000
/** The most subjects whose latest versions are requested, one after the other. */
const mostSubjects = 200

/**
 * A client for registries with Confluent's API (v1 of its REST interface). Throws RegistryRefusal and
 * RegistryUnavailable.
 */
export const createRegistryClient = (
  settings: RegistrySettings,
  send: SendHttp = createSendHttp(timeoutMs, tlsOptions(settings.registryCaFile, 'SCHEMA_REGISTRY_CA_FILE')),
): RegistryClient => {
  const ask = createAsk(settings, send)
  const pathOf = (subject: string): string => `/subjects/${encodeURIComponent(subject)}`

  const follow = async (answer: SchemaAnswer): Promise<RegisteredSchema> => {
    const found = new Map<string, ReferencedSchema>()
    const visit = async (references: readonly ReferenceAnswer[]): Promise<void> => {
      for (const { name, subject, version } of references) {
        if (found.has(name)) continue
        const path = `${pathOf(subject)}/versions/${version}`
        const referenced = await ask('GET', path, answers.schema)
        if (!referenced) throw new RegistryUnavailable(`expected ${path} of a reference, found none`)
        await visit(referenced.references ?? [])
        found.set(name, { name, text: referenced.schema })
      }
    }
    await visit(answer.references ?? [])
    return { type: answer.schemaType ?? 'AVRO', text: answer.schema, references: [...found.values()] }
  }

  const registerReferences = async ({ type, references }: RegisteredSchema): Promise<readonly ReferenceAnswer[]> => {
    const registered: ReferenceAnswer[] = []
    for (const { name, text } of references) {
      const body = { schema: text, schemaType: type, references: [...registered] }
      await ask('POST', `${pathOf(name)}/versions`, answers.id, body)
      const version = await ask('POST', pathOf(name), answers.version, body)
      if (!version) throw new RegistryUnavailable(`expected ${name} to be registered, found none`)
      registered.push({ name, subject: name, version: version.version })
    }
    return registered
  }

  /**
   * The request body for a schema. References point to the latest versions of their subjects, which are registered
   * already.
   */
  const bodyOf = async (schema: RegisteredSchema): Promise<object> => {
    const references: ReferenceAnswer[] = []
    for (const { name } of schema.references) {
      const latest = await ask('GET', `${pathOf(name)}/versions/latest`, answers.version)
      if (latest) references.push({ name, subject: name, version: latest.version })
    }
    return { schema: schema.text, schemaType: schema.type, ...(references.length > 0 ? { references } : {}) }
  }

  const listSubjects = async (): Promise<readonly string[]> => (await ask('GET', '/subjects', answers.subjects)) ?? []
  const askLatest = (subject: string) => ask('GET', `${pathOf(subject)}/versions/latest`, answers.version)

  const fetchHighestId = async (): Promise<number | undefined> => {
    try {
      const subjects = await listSubjects()
      if (subjects.length > mostSubjects) return undefined
      let highest = 0
      for (const subject of subjects) highest = Math.max(highest, (await askLatest(subject))?.id ?? 0)
      return highest
    } catch (error) {
      // A user who may read schemas may not be allowed to list subjects.
      if (error instanceof RegistryUnavailable) throw error
      return undefined
    }
  }

  return {
    fetchSchema: async (schemaId) => {
      const answer = await ask('GET', `/schemas/ids/${schemaId}`, answers.schema)
      return answer && follow(answer)
    },
    fetchHighestId,
    listSubjects,
    fetchLatest: async (subject) => {
      const answer = await askLatest(subject)
      return answer && { id: answer.id, version: answer.version, schema: await follow(answer) }
    },
    findId: async (subject, schema) => (await ask('POST', pathOf(subject), answers.id, await bodyOf(schema)))?.id,
    register: async (subject, schema) => {
      const references = await registerReferences(schema)
      const body = { schema: schema.text, schemaType: schema.type, ...(references.length > 0 ? { references } : {}) }
      const answer = await ask('POST', `${pathOf(subject)}/versions`, answers.id, body)
      if (!answer)
        throw new RegistryRefusal(404, `expected an API like Confluent's at ${settings.registryUrl}, found none`)
      return answer.id
    },
    checkCompatible: async (subject, schema) => {
      const path = `/compatibility${pathOf(subject)}/versions/latest?verbose=true`
      const answer = await ask('POST', path, answers.verdict, await bodyOf(schema))
      return { isCompatible: answer?.is_compatible ?? true, messages: answer?.messages ?? [] }
    },
    fetchCompatibility: async (subject) => {
      const path = `/config/${encodeURIComponent(subject)}`
      const level =
        (await ask('GET', `${path}?defaultToGlobal=true`, answers.level)) ??
        (await ask('GET', '/config', answers.level))
      if (!level) return 'unknown'
      return 'compatibilityLevel' in level ? level.compatibilityLevel : level.compatibility
    },
    setCompatibility: async (subject, compatibility) => {
      await ask('PUT', `/config/${encodeURIComponent(subject)}`, answers.level, { compatibility })
    },
  }
}

type Shape<Value> = (value: unknown) => value is Value

/** Undefined for 404: the requested resource does not exist. */
type Ask = <Value>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  shape: Shape<Value>,
  body?: object,
) => Promise<Value | undefined>

const contentType = 'application/vnd.schemaregistry.v1+json'

const createAsk = ({ registryUrl, registryUsername, registryPassword }: RegistrySettings, send: SendHttp): Ask => {
  const credentials = Buffer.from(`${registryUsername}:${registryPassword}`).toString('base64')
  const headers = {
    accept: `${contentType}, application/json`,
    'content-type': contentType,
    ...(registryUsername === '' ? {} : { authorization: `Basic ${credentials}` }),
  }
  return async (method, path, shape, body) => {
    const what = `${method} ${registryUrl}${path}`
    const url = `${registryUrl}${path}`
    const answer = await send({ method, url, headers, body: body && JSON.stringify(body) }).catch((error: unknown) => {
      throw new RegistryUnavailable(`expected an answer of the registry to ${what}, got ${messageOf(error) || 'none'}`)
    })
    if (answer.status === 404) return undefined
    const json = parse(answer)
    if (answer.status >= 200 && answer.status < 300) {
      if (shape(json)) return json
      throw new RegistryUnavailable(`expected an answer like Confluent's to ${what}, got ${answer.text.slice(0, 200)}`)
    }
    throw refusalOf(answer, json, what)
  }
}

const parse = ({ text }: HttpAnswer): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refusalOf = ({ status, text }: HttpAnswer, json: unknown, what: string): Error => {
  const said = typeof json === 'object' && json !== null && 'message' in json ? String(json.message) : text
  const sentence = `${status} ${said.slice(0, 1_000)} (${what})`
  if (status === 401 || status === 403) {
    return new SettingsError(
      `SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD: expected a user whom the registry lets in, got ${sentence}`,
    )
  }
  return status >= 500 || status === 429 || status === 408
    ? new RegistryUnavailable(`the registry answered ${sentence}`)
    : new RegistryRefusal(status, sentence)
}
