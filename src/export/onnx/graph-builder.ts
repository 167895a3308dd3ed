import { create } from '@bufbuild/protobuf'
import type { WeightTensor } from '../tensors.js'
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from './generated/onnx-ml_pb.js'

/** Whole numbers, or a float as `{ float }`. */
export type Attribute = number | readonly number[] | { readonly float: number }

/** Collects the nodes and the weights of a graph, in order. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []

  /**
   * Adds an operation with one result.
   *
   * @param output the name of the result, and of the operation
   * @returns `output`.
   */
  add(
    opType: string,
    input: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value))
    this.nodes.push(create(NodeProtoSchema, { opType, name: output, input: [...input], output: [output], attribute }))
    return output
  }

  /** Adds weights and returns their name. */
  floats(name: string, { shape, values }: WeightTensor): string {
    return this.#initializer(name, shape, TensorProto_DataType.FLOAT, values)
  }

  /** Adds a list of whole numbers, such as a shape, and returns its name. */
  integers(name: string, values: readonly number[]): string {
    const whole = BigInt64Array.from(values, BigInt)
    return this.#initializer(name, [values.length], TensorProto_DataType.INT64, whole)
  }

  #initializer(
    name: string,
    shape: readonly number[],
    dataType: TensorProto_DataType,
    { buffer, byteLength, byteOffset }: Float32Array | BigInt64Array,
  ): string {
    const rawData = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
    this.initializers.push(create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData }))
    return name
  }
}

function encodeAttribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float })
  }
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) })
}
