import avsc from 'avsc'
import { isLogical, type Internal, type Options, type Read, type Resolver } from './avsc-internals.js'

/** The branches of a reader's union, in the order to try them: the branch that the writer names comes first. */
const byLikeness = (branches: readonly avsc.Type[], writer: avsc.Type): readonly Internal[] => {
  const isSame = (branch: avsc.Type): boolean =>
    branch.branchName === writer.branchName && isLogical(branch) === isLogical(writer)
  return [...branches.filter(isSame), ...branches.filter((branch) => !isSame(branch))] as Internal[]
}

/**
 * The first branch that can read the writer's type. Without the order, avsc would read a long as the first number of
 * the union, which may be a double.
 */
const findBranch = (
  branches: readonly avsc.Type[],
  writer: avsc.Type,
  options: object,
): { branch: Internal; read: Read } | undefined => {
  for (const branch of byLikeness(branches, writer)) {
    try {
      const resolver = branch.createResolver(writer, options) as unknown as Resolver
      return { branch, read: (tap) => resolver._read(tap) }
    } catch {
      // Another branch may match.
    }
  }
  return undefined
}

class UnwrappedUnion extends avsc.types.UnwrappedUnionType {
  _update(resolver: Resolver, writer: avsc.Type, options: object): void {
    const found = findBranch(this.types, writer, options)
    if (found) resolver._read = found.read
  }
}

class WrappedUnion extends avsc.types.WrappedUnionType {
  _update(resolver: Resolver, writer: avsc.Type, options: object): void {
    const found = findBranch(this.types, writer, options)
    if (!found) return
    const { branch, read } = found
    const Branch = branch._branchConstructor
    resolver._read = Branch === null ? () => null : (tap) => new Branch(read(tap))
  }
}

/** The JavaScript type of a branch. Two branches of the same type can only be told apart by their names. */
const kindOf = (type: avsc.Type): string => {
  const { typeName } = type
  if (isLogical(type) || typeName === 'string' || typeName === 'enum') return 'text'
  if (typeName === 'int' || typeName === 'float' || typeName === 'double') return 'number'
  if (typeName === 'bytes' || typeName === 'fixed') return 'bytes'
  return typeName === 'map' || typeName === 'record' || typeName === 'error' ? 'object' : typeName
}

export const createUnion = (branches: readonly avsc.Schema[], options: Options): avsc.Type => {
  const types = branches.map((branch) => avsc.Type.forSchema(branch, options as object))
  const kinds = types.map(kindOf)
  const Union = new Set(kinds).size === kinds.length ? UnwrappedUnion : WrappedUnion
  return new Union(types as unknown as avsc.Schema, options)
}
