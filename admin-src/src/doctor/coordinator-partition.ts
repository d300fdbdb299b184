/** Which partition of `__consumer_offsets` holds a group: Java's String.hashCode of its name, without sign. */
export const coordinatorPartition = (groupId: string, partitionCount: number): number => {
  let hash = 0
  for (let index = 0; index < groupId.length; index++) hash = (Math.imul(31, hash) + groupId.charCodeAt(index)) | 0
  // An int has no counterpart of its lowest value; Kafka takes 0 then (Utils.abs).
  return hash === -0x80000000 ? 0 : Math.abs(hash) % partitionCount
}
