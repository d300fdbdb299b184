/** The transactional producer of a record, as its record batch names it. */
export type TransactionalWriter = { readonly producerId: bigint; readonly producerEpoch: number }

/** What one transactional producer has brought of one input partition: as much as it takes to recognize a repeat. */
export type SourceChain = {
  /** `timezone1/0` */
  readonly inputPartition: string
  /** The id of the input topic, for records that are marked with one. */
  readonly topicId?: string
  /** A 64-bit number as text; absent in positions of the first version, which did not keep it. */
  readonly producerId?: string
  readonly producerEpoch: number
  /** The highest offset that has come. */
  readonly offset: number
  /** Which of that input record's outputs was the last to come; absent: the first, 0. */
  readonly index?: number
  /** Offsets up to this one have come in an earlier epoch: in this one they are repeats. -1: none has. */
  readonly repeatsUpTo: number
  /** Of the input record at `repeatsUpTo`, outputs up to this one have come; absent: the first, 0. */
  readonly repeatsUpToIndex?: number
}

/** Where a record says that it comes from. */
export type RecordOrigin = {
  readonly inputPartition: string
  readonly offset: number
  /** Which of the input record's outputs for this topic it is, from 0. */
  readonly index: number
  readonly topicId: string | undefined
}

/** Beyond so many of an output partition the one that was used longest ago is forgotten: repeats of it may be written. */
const mostChains = 256

/** One of the outputs that an input record made for a topic. */
type Place = { offset: number; index: number }

type OpenChain = Pick<SourceChain, 'inputPartition' | 'topicId' | 'producerId'> & {
  producerEpoch: number
  readonly last: Place
  readonly repeatsUpTo: Place
}

/**
 * Recognizes records whose input record has a row already. A `source` header alone proves nothing, since any client may
 * write one. What proves a repeat is the ETL's way of working: the outputs of an input partition come from one
 * transactional producer, in order; after any failure it begins a new epoch (KIP-98) and continues from the committed
 * offset. So within an epoch there are no repeats, and in a new epoch exactly what earlier epochs of the same producer
 * have brought is one. An input record's outputs come in the order of their index. What other producers bring is never dropped for the ETL's sake, nor the ETL's for theirs.
 */
export const createSourceChains = (start: readonly SourceChain[]) => {
  const chains = new Map<string, OpenChain>(start.map((chain) => [keyOf(chain), toOpen(chain)]))
  let known: OpenChain | undefined
  let knownWriter: TransactionalWriter | undefined

  const open = (origin: RecordOrigin, { producerId, producerEpoch }: TransactionalWriter): OpenChain => {
    const { inputPartition, topicId } = origin
    const identity = { inputPartition, producerId: String(producerId), ...(topicId === undefined ? {} : { topicId }) }
    const key = keyOf(identity)
    const found = chains.get(key)
    chains.delete(key)
    const chain = found ?? { ...identity, producerEpoch, last: { ...nothing }, repeatsUpTo: inherited(chains, origin) }
    if (producerEpoch > chain.producerEpoch) {
      raise(chain.repeatsUpTo, chain.last)
      chain.producerEpoch = producerEpoch
    }
    chains.set(key, chain)
    for (const oldest of chains.keys()) {
      if (chains.size <= mostChains) break
      chains.delete(oldest)
    }
    return chain
  }

  return {
    /** Whether the record has a row already; takes note of it if it has none. */
    isRepeat: (origin: RecordOrigin, writer: TransactionalWriter): boolean => {
      const isKnown =
        writer === knownWriter && known?.inputPartition === origin.inputPartition && known.topicId === origin.topicId
      known = isKnown && known ? known : open(origin, writer)
      knownWriter = writer
      if (!isBehind(known.repeatsUpTo, origin)) return true
      raise(known.last, origin)
      return false
    },
    list: (): readonly SourceChain[] => [...chains.values()].map(toChain),
  }
}

const nothing: Readonly<Place> = { offset: -1, index: 0 }

/** Whether `other` comes after `place`. */
const isBehind = (place: Place, other: Readonly<Place>): boolean =>
  other.offset > place.offset || (other.offset === place.offset && other.index > place.index)

const raise = (place: Place, other: Readonly<Place>): void => {
  if (!isBehind(place, other)) return
  place.offset = other.offset
  place.index = other.index
}

const toOpen = ({ offset, index = 0, repeatsUpTo, repeatsUpToIndex = 0, ...chain }: SourceChain): OpenChain => ({
  ...chain,
  last: { offset, index },
  repeatsUpTo: { offset: repeatsUpTo, index: repeatsUpToIndex },
})

const toChain = ({ last, repeatsUpTo, ...chain }: OpenChain): SourceChain => ({
  ...chain,
  offset: last.offset,
  ...(last.index === 0 ? {} : { index: last.index }),
  repeatsUpTo: repeatsUpTo.offset,
  ...(repeatsUpTo.index === 0 ? {} : { repeatsUpToIndex: repeatsUpTo.index }),
})

const keyOf = ({
  inputPartition,
  producerId = '',
  topicId = '',
}: Pick<SourceChain, 'inputPartition' | 'producerId' | 'topicId'>): string =>
  `${inputPartition} ${producerId} ${topicId}`

/**
 * What a producer that is new here has brought before. Positions of the first version kept one offset an input
 * partition, whoever had brought it: the first producer to come takes it over. The mark of a topic that was made again
 * says whose offsets they are, so that any producer's count.
 */
const inherited = (chains: Map<string, OpenChain>, { inputPartition, topicId }: RecordOrigin): Place => {
  const highest = { ...nothing }
  for (const [key, chain] of chains) {
    const isOfFirstVersion = chain.producerId === undefined
    if (chain.inputPartition !== inputPartition || chain.topicId !== topicId) continue
    if (!isOfFirstVersion && topicId === undefined) continue
    raise(highest, chain.last)
    if (isOfFirstVersion) chains.delete(key)
  }
  return highest
}
