import type { Codec } from './xdr/codec.ts';
import { list } from './xdr/composites.ts';
import { malformed } from './xdr/reader.ts';
import { bool, double, hyper, int, string, uhyper, uint } from './xdr/scalars.ts';

/** One named value as it is sent; libvirt checks the kind against what the parameter wants. */
export type TypedParameter =
  | { field: string; kind: 'int' | 'uint' | 'double'; value: number }
  | { field: string; kind: 'llong' | 'ullong'; value: bigint | number }
  | { field: string; kind: 'boolean'; value: boolean }
  | { field: string; kind: 'string'; value: string };

export type TypedParameterValue = number | bigint | boolean | string;

/** Named values as they are read; 64-bit integers are bigint. The object has no prototype, since any name may come. */
export type TypedParameters = Record<string, TypedParameterValue>;

/** Numbers of virTypedParameterType, and how each is laid out. */
const kinds = {
  int: { type: 1, codec: int },
  uint: { type: 2, codec: uint },
  llong: { type: 3, codec: hyper },
  ullong: { type: 4, codec: uhyper },
  double: { type: 5, codec: double },
  boolean: { type: 6, codec: bool },
  string: { type: 7, codec: string },
};

const byType = new Map(Object.values(kinds).map(({ type, codec }) => [type, codec]));

const entry: Codec<readonly [string, TypedParameterValue], TypedParameter> = {
  read(reader) {
    const field = string.read(reader);
    const type = int.read(reader);
    const codec = byType.get(type);
    if (codec === undefined) throw malformed(`parameter "${field}" of the unknown type ${type}`);
    return [field, codec.read(reader)];
  },
  write(writer, parameter) {
    string.write(writer, parameter.field);
    int.write(writer, kinds[parameter.kind].type);
    switch (parameter.kind) {
      case 'int':
      case 'uint':
      case 'double':
        return kinds[parameter.kind].codec.write(writer, parameter.value);
      case 'llong':
      case 'ullong':
        return kinds[parameter.kind].codec.write(writer, parameter.value);
      case 'boolean':
        return bool.write(writer, parameter.value);
      case 'string':
        return string.write(writer, parameter.value);
    }
  },
};

const entries = list(entry);

/** Written from a list, since a field such as `migrate_disks` may be sent more than once. Of fields read more than once the last counts. */
export const typedParameters: Codec<TypedParameters, readonly TypedParameter[]> = {
  read(reader) {
    const values: TypedParameters = Object.create(null);
    for (const [field, value] of entries.read(reader)) values[field] = value;
    return values;
  },
  write: (writer, value) => entries.write(writer, value),
};
