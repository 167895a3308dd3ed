import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import { checkExport } from '../../src/export/check-export.js'
import { type ModelProto, ModelProtoSchema } from '../../src/export/onnx/generated/onnx-ml_pb.js'
import { onnx } from '../../src/export/onnx/index.js'
import { readModel } from '../../src/export/onnx/read-model.js'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { ExportError } from '../../src/platform/errors.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

const engine = await loadEngine('wasm')

function networkNamed(name: string): NetworkSpec {
  return conformanceNetworks.get(name) ?? expect.fail(`there is no ${name}`)
}

const modelOf = (spec: NetworkSpec): ModelProto =>
  fromBinary(ModelProtoSchema, onnx.files(portableOf(spec))['model.onnx'] as Uint8Array)

/** Checks the file of a network after a change. */
function checkChanged(name: string, change: (model: ModelProto) => void) {
  const spec = networkNamed(name)
  const model = modelOf(spec)
  change(model)
  const bytes = toBinary(ModelProtoSchema, model)
  const opened = { checkedBy: 'its graph', unchecked: null, predict: readModel(bytes) }
  return checkExport(opened, originalOf(portableOf(spec), engine), imagesOf(spec))
}

describe('an ONNX file', () => {
  const model = modelOf(networkNamed('two cells and a reduction, 3 input channels'))

  it('is of opset 17 and IR 8, and takes any number of images as bytes', () => {
    expect(model).toMatchObject({
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      producerName: 'fear-nas',
    })
    const shape = (dim: readonly (string | bigint)[]) => ({ dim: dim.map((value) => ({ value: { value } })) })
    const type = (elemType: number, ...dim: (string | bigint)[]) => ({
      value: { value: { elemType, shape: shape(dim) } },
    })
    expect(model.graph?.input).toMatchObject([{ name: 'images', type: type(2, 'batch', 3n, 8n, 8n) }])
    expect(model.graph?.output).toMatchObject([
      { name: 'logits', type: type(1, 'batch', 5n) },
      { name: 'probabilities', type: type(1, 'batch', 5n) },
    ])
  })

  it('has class names, input, normalisation and provenance in its metadata', () => {
    const { classNames, input, normalisation, preprocessing, producer, ...origin } = Object.fromEntries(
      model.metadataProps.map(({ key, value }) => [key, value]),
    )
    expect(JSON.parse(classNames ?? '')).toEqual(['class 0', 'class 1', 'class 2', 'class 3', 'class 4'])
    expect(JSON.parse(input ?? '')).toEqual({ channels: 3, height: 8, width: 8 })
    expect(JSON.parse(normalisation ?? '')).toEqual(
      portableOf(networkNamed('two cells and a reduction, 3 input channels')).normalisation,
    )
    expect(preprocessing).toContain('Resize to 8 x 8 pixels')
    expect(producer).toMatch(/^fear-nas \d/)
    expect(origin).toEqual({
      architecture: 'of a test',
      searchSpace: 'nats-tss',
      run: 'mine',
      trial: '7',
      seed: '3',
      dataset: 'made up',
      datasetFingerprint: '0123456789abcdef',
      validationAccuracy: '0.5',
      testAccuracy: '0.25',
      licence: 'CC0-1.0',
    })
  })

  it('leaves out what the logits do not depend on', () => {
    const names = modelOf(networkNamed('a node that leads nowhere')).graph?.initializer.map(({ name }) => name)
    expect(names).toContain('edge2.conv.weight')
    expect(names).not.toContain('edge1.conv.weight')
  })
})

describe('the check of an ONNX file', () => {
  const attribute = (model: ModelProto, op: string, name: string) =>
    model.graph?.node.find(({ opType }) => opType === op)?.attribute.find((entry) => entry.name === name) ??
    expect.fail(`no ${op} has ${name}`)

  it.each<[string, string, (model: ModelProto) => void]>([
    [
      'padding that counts in the mean',
      'average pool 3x3',
      (model) => {
        attribute(model, 'AveragePool', 'count_include_pad').i = 1n
      },
    ],
    [
      'another dilation',
      'depthwise conv 3x3, stride 1, dilation 2',
      (model) => {
        const convolutions = model.graph?.node.filter(({ opType }) => opType === 'Conv')
        const [dilations, pads] = ['dilations', 'pads'].map((name) =>
          convolutions?.[1]?.attribute.find((entry) => entry.name === name),
        )
        if (dilations) dilations.ints = [1n, 1n]
        if (pads) pads.ints = [1n, 1n, 1n, 1n]
      },
    ],
    [
      'padding on one side',
      'conv 3x3, stride 2, relu, batch norm',
      (model) => {
        const pads = model.graph?.node.filter(({ opType }) => opType === 'Conv')[1]?.attribute
        for (const entry of pads ?? []) if (entry.name === 'pads') entry.ints = [0n, 0n, 1n, 1n]
      },
    ],
    [
      'another epsilon',
      'skip',
      (model) => {
        attribute(model, 'BatchNormalization', 'epsilon').f = 1e-2
      },
    ],
    [
      'a missing ReLU',
      'conv 3x3 on 17 channels',
      (model) => {
        for (const node of model.graph?.node ?? []) if (node.opType === 'Relu') node.opType = 'Cast'
      },
    ],
    [
      'probabilities that are logits',
      'skip',
      (model) => {
        for (const node of model.graph?.node ?? []) if (node.opType === 'Softmax') node.opType = 'Cast'
      },
    ],
  ])('finds %s', async (_, name, change) => {
    await expect(checkChanged(name, change)).rejects.toThrow(
      /^The exported network is not the original: of 9 images of/,
    )
  })

  it('refuses a file that it cannot read', async () => {
    expect(() => readModel(Uint8Array.of(1, 2, 3))).toThrow(ExportError)
    await expect(
      checkChanged('skip', (model) => {
        for (const node of model.graph?.node ?? []) if (node.opType === 'Relu') node.opType = 'Gelu'
      }),
    ).rejects.toThrow('The ONNX file lacks the operation Gelu.')
  })
})
