import { describe, expect, it } from '@jest/globals'
import kafkajs, { type Acl, type DescribeAclResource } from 'kafkajs'
import { isAllowed } from '../../src/doctor/access.js'

const {
  AclOperationTypes: operations,
  AclPermissionTypes: permissions,
  AclResourceTypes: types,
  ResourcePatternTypes: patterns,
} = kafkajs

const acl = (changes: Partial<Acl> = {}): Acl => ({
  principal: 'User:etl',
  host: '*',
  operation: operations.READ,
  permissionType: permissions.ALLOW,
  ...changes,
})

const resource = (acls: Acl[], changes: Partial<DescribeAclResource> = {}): DescribeAclResource => ({
  resourceType: types.TOPIC,
  resourceName: 'timezone1',
  resourcePatternType: patterns.LITERAL,
  acls,
  ...changes,
})

const topic = { type: types.TOPIC, name: 'timezone1' }

describe('isAllowed', () => {
  it.each([
    ['its own', resource([acl()]), true],
    ['everybody’s', resource([acl({ principal: 'User:*' })]), true],
    ['all operations', resource([acl({ operation: operations.ALL })]), true],
    ['all topics', resource([acl()], { resourceName: '*' }), true],
    ['a prefix', resource([acl()], { resourceName: 'time', resourcePatternType: patterns.PREFIXED }), true],
    ['another user’s', resource([acl({ principal: 'User:reader' })]), false],
    ['another operation', resource([acl({ operation: operations.WRITE })]), false],
    ['another topic', resource([acl()], { resourceName: 'timezone' }), false],
    ['another type', resource([acl()], { resourceType: types.GROUP }), false],
    ['a denial besides', resource([acl(), acl({ permissionType: permissions.DENY })]), false],
  ])('%s', (_name, given, expected) => {
    expect(isAllowed([given], 'User:etl', topic, operations.READ)).toBe(expected)
  })

  it('lets those describe who may read', () => {
    expect(isAllowed([resource([acl()])], 'User:etl', topic, operations.DESCRIBE)).toBe(true)
  })
})
