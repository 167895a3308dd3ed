import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/platform/errors.js'
import { either, joined, placing, resuming, worded } from '../../src/platform/wording.js'

describe('a wording', () => {
  it('is in the words of the library as a message, and in those of the command line where that prints it', () => {
    const error = new ConfigError(worded`${3} runs. Name another folder with ${placing()}: ${'x'}`)
    expect(error.message).toBe('3 runs. Name another folder with the option directory: x')
    expect(error.commandLineMessage).toBe('3 runs. Name another folder with --out: x')
    expect(new ConfigError('plain').commandLineMessage).toBe('plain')
    expect(`${placing('my runs')}`).toBe('the option directory "my runs"')
    expect(placing('my runs').commandLine).toBe("--out 'my runs'")
  })

  it('is joined of several', () => {
    const { commandLine, library } = joined([either('a', '-a'), 'b'], '; ')
    expect([library, commandLine]).toEqual(['a; b', '-a; b'])
  })

  it('of how a run goes on is a call, or a command to paste', () => {
    expect(resuming('r')).toMatchObject({ library: 'resume("r")', commandLine: 'fear-nas resume r' })
    const options = { config: 'more arms.yaml', add: ['trials=2', 'epochs=3'], allowOtherDevice: true, allowCode: true }
    expect(resuming("it's", options)).toMatchObject({
      library:
        'resume("it\'s", { config: "more arms.yaml", add: ["trials=2","epochs=3"], allowOtherDevice: true, allowCode: true })',
      commandLine:
        "fear-nas resume 'it'\\''s' --config 'more arms.yaml' --add trials=2 --add epochs=3 --allow-other-device --allow-code",
    })
    expect(resuming('r', { add: [], allowCode: false }).library).toBe('resume("r")')
  })
})
