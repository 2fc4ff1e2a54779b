import {
  AttributeIds,
  BrowseDirection,
  type BrowseResult,
  type ClientSession,
  DataType,
  type DataValue,
  NodeClass,
  type ReferenceDescription,
  StatusCodes,
  VariantArrayType,
} from 'node-opcua';
import { DriverFailure } from '../failure.ts';

/** A node below another, as its parent refers to it. */
export interface UaReference {
  readonly nodeId: string;
  /** With the index of its namespace: `2:Temperature`. */
  readonly browseName: string;
  readonly nodeClass: 'object' | 'variable' | 'method' | 'other';
}

/** What a variable is and holds; `value` is a text for people. */
export interface UaDescription {
  readonly dataType: string;
  readonly value: string;
  /** The name of the status, `Good` for a value that is to be trusted. */
  readonly status: string;
}

/** ObjectTypes, DataTypes and the like are of no use to who looks for values. */
const wanted = NodeClass.Object | NodeClass.Variable | NodeClass.Method;
/** Every member of the reference's description (OPC UA Part 4, 5.8.2). */
const everything = 63;
const chunk = 100;

/** The objects, variables and methods that hang below a node, in the server's order. Throws DriverFailure. */
export async function browseNode(session: ClientSession, nodeId: string): Promise<UaReference[]> {
  const references: ReferenceDescription[] = [];
  let result: BrowseResult = await session.browse({
    nodeId,
    browseDirection: BrowseDirection.Forward,
    referenceTypeId: 'HierarchicalReferences',
    includeSubtypes: true,
    nodeClassMask: wanted,
    resultMask: everything,
  });
  for (;;) {
    if (result.statusCode.isNot(StatusCodes.Good)) throw refused(nodeId, result.statusCode.name);
    references.push(...(result.references ?? []));
    if (!result.continuationPoint || result.continuationPoint.length === 0) return references.map(referenceFrom);
    result = await session.browseNext(result.continuationPoint, false);
  }
}

function referenceFrom({ nodeId, browseName, nodeClass }: ReferenceDescription): UaReference {
  const names: Partial<Record<NodeClass, UaReference['nodeClass']>> = {
    [NodeClass.Object]: 'object',
    [NodeClass.Variable]: 'variable',
    [NodeClass.Method]: 'method',
  };
  return { nodeId: nodeId.toString(), browseName: browseName.toString(), nodeClass: names[nodeClass] ?? 'other' };
}

/** Types and present values of variables. */
export async function describeNodes(session: ClientSession, nodeIds: readonly string[]): Promise<UaDescription[]> {
  const found: UaDescription[] = [];
  for (let at = 0; at < nodeIds.length; at += chunk) {
    const nodes = nodeIds.slice(at, at + chunk).map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }));
    found.push(...(await session.read(nodes, 0)).map(descriptionFrom));
  }
  return found;
}

function descriptionFrom({ value, statusCode }: DataValue): UaDescription {
  const content: unknown = value?.value;
  const isList = value?.arrayType !== undefined && value.arrayType !== VariantArrayType.Scalar;
  const type = DataType[value?.dataType ?? DataType.Null];
  // A 64-bit integer comes as its two halves.
  const is64 = !isList && (value?.dataType === DataType.Int64 || value?.dataType === DataType.UInt64);
  const text = is64 ? wide(content, value?.dataType === DataType.Int64) : textOf(value?.toString() ?? '');
  return {
    dataType: isList ? `${type}[]` : type,
    value: content === null || content === undefined ? '' : text,
    status: statusCode.name,
  };
}

function wide(content: unknown, signed: boolean): string {
  const [high, low] = Array.isArray(content) ? content : [];
  const bits = (BigInt(Number(high) >>> 0) << 32n) | BigInt(Number(low) >>> 0);
  return String(signed ? BigInt.asIntN(64, bits) : bits);
}

/** The library writes `Variant(Scalar<Double>, value: 21.5)`, and lists with `value=[...]`. */
function textOf(variant: string): string {
  const text = /value[:=] ?([\s\S]*)\)$/.exec(variant)?.[1] ?? variant;
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function refused(nodeId: string, status: string): DriverFailure {
  return new DriverFailure('device-exception', `The server does not browse ${nodeId} (${status}).`, {
    hint: 'Check the node id, and whether this user may see it.',
    context: { node: nodeId, status },
  });
}
