// TypeScript from a JSON Schema, as the engine writes it: what an answer is on the wire, before a binding's own additions. Both
// JavaScript bindings hold their types against it, so that what they say is what the engine gives.

const camel = (name) => name.split(/[_.]/).map((it) => it[0].toUpperCase() + it.slice(1)).join('');

function type(schema, indent) {
  if (schema.$ref !== undefined) return camel(schema.$ref.replace('#/$defs/', ''));
  if (schema.enum !== undefined) return schema.enum.map((it) => JSON.stringify(it)).join(' | ');
  const several = schema.oneOf ?? schema.anyOf;
  if (several !== undefined) return several.map((it) => type(it, indent)).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${type(schema.items, indent)})[]`;
    case 'object':
      return object(schema, indent);
    default:
      throw new Error(`a schema of a kind that is not known here: ${JSON.stringify(schema)}`);
  }
}

function object({ properties = {}, required = [], additionalProperties }, indent) {
  const inner = `${indent}  `;
  if (additionalProperties) return `{ readonly [key: string]: ${type(additionalProperties, inner)} }`;
  const lines = Object.entries(properties).map(([key, it]) => {
    const doc = it.description === undefined ? '' : `${inner}/** ${it.description} */\n`;
    return `${doc}${inner}readonly ${key}${required.includes(key) ? '' : '?'}: ${type(it, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** One declaration for the schema itself, and one for each that it names. */
export function typescript(name, schema) {
  const all = { [name]: schema, ...schema.$defs };
  const one = ([key, it]) => `export type ${camel(key)} = ${type(it, '')};\n`;
  return `// Written by generate.mjs from the engine's schema; not by hand.\n\n${Object.entries(all).map(one).join('\n')}`;
}
