import { describe, expect, it } from '@jest/globals'
import { findTopicFaults } from './settings.js'

const inputs = [
  { topic: 'timezone1', zone: 'America/New_York' },
  { topic: 'timezone2', zone: 'Europe/Paris' },
]

describe('the topics of the settings', () => {
  it.each([
    ['timezone2', 'dead_letters', 'OUTPUT_TOPIC: expected a topic that is not one of INPUTS, got timezone2'],
    ['unified', 'timezone1', 'DEAD_LETTER_TOPIC: expected a topic that is not one of INPUTS, got timezone1'],
    ['unified', 'unified', 'DEAD_LETTER_TOPIC: expected another topic than OUTPUT_TOPIC, got unified, too'],
  ])('are not written and read at once: %s, %s', (outputTopic, deadLetterTopic, sentence) => {
    expect(findTopicFaults({ inputs, outputTopic }, { deadLetterTopic })).toEqual([sentence])
  })

  it('are not judged if they did not parse', () => {
    expect(findTopicFaults({}, { deadLetterTopic: undefined })).toEqual([])
    expect(findTopicFaults({ inputs, outputTopic: 'unified' }, { deadLetterTopic: 'dead_letters' })).toEqual([])
  })
})
