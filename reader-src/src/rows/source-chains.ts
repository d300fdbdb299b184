/** The transactional producer of a record, as in its record batch. */
export type TransactionalWriter = { readonly producerId: bigint; readonly producerEpoch: number }

/** What one transactional producer has delivered of one input partition: as much as is needed to recognize a repeat. */
export type SourceChain = {
  /** Such as `timezone1/0`. */
  readonly inputPartition: string
  /** The id of the input topic, for records that are marked with one. */
  readonly topicId?: string
  /** A 64-bit number as text; absent in positions of the first version, which did not keep it. */
  readonly producerId?: string
  readonly producerEpoch: number
  /** The highest offset so far. */
  readonly offset: number
  /** The index of that input record's last output so far; absent: 0, the first. */
  readonly index?: number
  /** Offsets up to this one came in an earlier epoch: in this epoch they are repeats. -1: none did. */
  readonly repeatsUpTo: number
  /** The index of the last output so far for the input record at `repeatsUpTo`; absent: 0, the first. */
  readonly repeatsUpToIndex?: number
}

/** The origin that a record states. */
export type RecordOrigin = {
  readonly inputPartition: string
  readonly offset: number
  /** The index among the input record's outputs for this topic, from 0. */
  readonly index: number
  readonly topicId: string | undefined
}

/** If an output partition has more chains, the least recently used one is dropped, and its repeats may be written. */
const mostChains = 256

/** One of the outputs that an input record produced for a topic. */
type Place = { offset: number; index: number }

type OpenChain = Pick<SourceChain, 'inputPartition' | 'topicId' | 'producerId'> & {
  producerEpoch: number
  readonly last: Place
  readonly repeatsUpTo: Place
}

/**
 * Recognizes records whose input record has a row already. A `source` header alone proves nothing, since any client may
 * write one. The ETL's way of working proves a repeat: the outputs of an input partition come from one transactional
 * producer, in order; after any failure it begins a new epoch (KIP-98) and continues from the committed offset. There
 * are therefore no repeats within an epoch, and in a new epoch, exactly what earlier epochs of the same producer have
 * delivered is a repeat. An input record's outputs come in the order of their index. Records of other producers are
 * never dropped because of the ETL's records, nor the ETL's because of theirs.
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
    /** Whether the record has a row already; remembers it if not. */
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
 * What a new producer inherits as already delivered. Positions of the first version kept one offset per input
 * partition, from any producer: the first producer to come takes it over. The mark of a recreated topic identifies the
 * offsets, whichever producer wrote them, so those of any producer count.
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
