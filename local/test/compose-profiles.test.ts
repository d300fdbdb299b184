import { describe, expect, it } from '@jest/globals'
import { addProfile, describeComposeCommand, profilesOf } from '../src/compose-profiles.js'

describe('the profiles of docker-compose.yml', () => {
  it('are those that settings and environment name, each once', () => {
    expect(profilesOf({ monitoring: false, browser: false }, {})).toEqual({})
    expect(profilesOf({ monitoring: true, browser: true }, { COMPOSE_PROFILES: 'mine,browser' })).toEqual({
      COMPOSE_PROFILES: 'mine,browser,monitoring',
    })
  })

  it('take one more', () => {
    expect(addProfile(undefined, 'registry')).toBe('registry')
    expect(addProfile('', 'registry')).toBe('registry')
    expect(addProfile('monitoring', 'registry')).toBe('monitoring,registry')
    expect(addProfile('registry', 'registry')).toBe('registry')
  })
})

describe('describeComposeCommand', () => {
  it('is what a shell runs', () => {
    expect(describeComposeCommand('users', ['registry'])).toBe(
      'COMPOSE_PROFILES=registry PIPELINE=users docker compose up -d --build',
    )
    expect(describeComposeCommand('noaa', [])).toBe('PIPELINE=noaa docker compose up -d --build')
  })
})
