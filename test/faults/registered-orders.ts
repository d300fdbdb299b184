import { join } from 'node:path'
import avsc from 'avsc'
import { repositoryRoot } from '../support/repository.js'

/** Orders in all three formats, from the producer, and in Avro also from others, become one topic of Avro. */
export const producedCount = 4_000

export const orderFields = [
  { name: 'id', type: 'long' },
  { name: 'note', type: 'string', default: '' },
] as const

export const orderSchema = { type: 'record', name: 'Order', fields: orderFields } as const

/** The source of a pipeline; the names of all its topics begin with its own. */
export const ordersPipeline = (name: string): string => `
  import { create } from '@bufbuild/protobuf'
  import { avro, definePipeline, generated, jsonSchema, protobuf, Type } from '@kafka-etl/pipeline'
  import { file_user, UserSchema } from ${JSON.stringify(join(repositoryRoot, 'pipelines', 'users', 'user_pb.js'))}
  const order = ${JSON.stringify(orderSchema)}
  const Order = Type.Object({ id: Type.Integer(), note: Type.String() })
  const send = (make) => generated((index) => ({ key: 'k' + (index % 10), value: make(index) }), { count: ${producedCount}, rate: 150 })
  export const pipeline = definePipeline({
    name: '${name}',
    topics: {
      avro: { name: '${name}-avro', value: avro(order) },
      json: { name: '${name}-json', value: jsonSchema(Order) },
      protobuf: { name: '${name}-protobuf', value: protobuf(file_user, UserSchema) },
      others: { name: '${name}-others', value: avro(order) },
      orders: { name: '${name}-orders', value: avro(order), key: ({ id }) => String(id % 10n), partitions: 3 },
    },
    steps: {
      avro: ({ value: { id } }, { to }) => to.orders({ id, note: 'avro' }),
      json: ({ value: { id } }, { to }) => to.orders({ id: BigInt(id), note: 'json' }),
      protobuf: ({ value: { favoriteNumber } }, { to }) => to.orders({ id: favoriteNumber, note: 'protobuf' }),
      others: ({ value: { id, note } }, { to }) => to.orders({ id, note: 'others' + note }),
    },
    sample: {
      avro: send((index) => ({ id: BigInt(index), note: '' })),
      json: send((index) => ({ id: index, note: '' })),
      protobuf: send((index) => create(UserSchema, { name: 'a', favoriteNumber: BigInt(index) })),
    },
  })`

/** Version `version` of the schema of other writers: one more field each time, and `note` from version 2 on. */
export const othersSchema = (version: number) => ({
  ...orderSchema,
  fields: [
    orderFields[0],
    { name: `since${version}`, type: 'int', default: version },
    ...(version === 1 ? [] : [orderFields[1]]),
  ],
})

/** A value in Confluent's frame, encoded only with avsc. */
export const frameOf = (schema: object, schemaId: number, value: object): Buffer => {
  const header = Buffer.alloc(5)
  header.writeInt32BE(schemaId, 1)
  return Buffer.concat([header, avsc.Type.forSchema(schema as avsc.Schema).toBuffer(value)])
}

const orderType = avsc.Type.forSchema(orderSchema as unknown as avsc.Schema)

/** An order from the topic of orders, as `note/id`. */
export const describeOrder = (value: Buffer | null): string => {
  if (value === null) throw new Error('expected an order, got none')
  const { id, note } = orderType.fromBuffer(value.subarray(5)) as { readonly id: number; readonly note: string }
  return `${note}/${id}`
}
