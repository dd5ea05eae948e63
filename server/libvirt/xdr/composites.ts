import { LibvirtError } from '../errors.ts';
import { MAX_LIST } from '../limits.ts';
import type { Codec, Decoder, Encoder } from './codec.ts';
import { malformed, type Reader } from './reader.ts';
import { bool, int } from './scalars.ts';
import type { Writer } from './writer.ts';

type Decoders<Out> = { readonly [K in keyof Out]: Decoder<Out[K]> };
type Encoders<In> = { readonly [K in keyof In]: Encoder<In[K]> };

/** Fields in the order in which they are given. */
export function struct<Out extends object, In extends object>(
  fields: Decoders<Out> & Encoders<In>,
): Codec<Out, In> {
  const decoders: Decoders<Out> = fields;
  const encoders: Encoders<In> = fields;
  const readNames = names(decoders);
  const writeNames = names(encoders);
  const readField = <K extends keyof Out>(reader: Reader, value: Partial<Out>, name: K) => {
    value[name] = decoders[name].read(reader);
  };
  const writeField = <K extends keyof In>(writer: Writer, value: In, name: K) =>
    encoders[name].write(writer, value[name]);
  return {
    read(reader) {
      const value: Partial<Out> = {};
      for (const name of readNames) readField(reader, value, name);
      // Every name was just assigned; the type system can't follow a loop over keys.
      return value as Out;
    },
    write(writer, value) {
      for (const name of writeNames) writeField(writer, value, name);
    },
  };
}

/** Keys of an object literal, which has no others than its type says. */
function names<T extends object>(literal: T): (keyof T)[] {
  return Object.keys(literal) as (keyof T)[];
}

/** Null, or the value; XDR's pointer. */
export function optional<Out, In>(codec: Codec<Out, In>): Codec<Out | null, In | null> {
  return {
    read: (reader) => (bool.read(reader) ? codec.read(reader) : null),
    write(writer, value) {
      bool.write(writer, value !== null);
      if (value !== null) codec.write(writer, value);
    },
  };
}

/** At most `limit` entries. */
export function list<Out, In>(codec: Codec<Out, In>, limit = MAX_LIST): Codec<Out[], readonly In[]> {
  return {
    read(reader) {
      const count = reader.length(limit, 'a list');
      // No entry is shorter than a word, so a larger count can't be right.
      if (count > reader.remaining / 4)
        throw malformed(`a list of ${count} entries in ${reader.remaining} bytes`);
      const values: Out[] = [];
      for (let i = 0; i < count; i++) values.push(codec.read(reader));
      return values;
    },
    write(writer, values) {
      if (values.length > limit) {
        throw new LibvirtError(
          'BAD_ARGUMENT',
          `A list of ${values.length} entries, libvirt takes at most ${limit}.`,
        );
      }
      writer.uint(values.length);
      for (const value of values) codec.write(writer, value);
    },
  };
}

/** A list with its length once more after it, as in the results of libvirt's LIST_ALL procedures. */
export function listed<Out, In>(codec: Codec<Out, In>): Codec<Out[], readonly In[]> {
  const entries = list(codec);
  return {
    read(reader) {
      const values = entries.read(reader);
      int.read(reader);
      return values;
    },
    write(writer, values) {
      entries.write(writer, values);
      int.write(writer, values.length);
    },
  };
}
