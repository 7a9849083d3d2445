/** The part of OpenAPI 3.1 that is used here, and what every document goes through. */

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly string[];
  parameters?: readonly object[];
  requestBody?: object;
  responses: Readonly<Record<string, object>>;
  security?: readonly object[];
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  servers: readonly { url: string; description: string }[];
  tags: readonly { name: string; description: string }[];
  security?: readonly object[];
  /** Operations by path and method in lower case. */
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: {
    schemas: Readonly<Record<string, object>>;
    securitySchemes?: Readonly<Record<string, object>>;
    headers?: Readonly<Record<string, object>>;
  };
}

/** The document as text: the schemas among its components are referred to wherever they occur. */
export function printDocument(document: OpenApiDocument): string {
  const plain = JSON.parse(JSON.stringify(document)) as OpenApiDocument;
  const names = new Map(
    Object.entries(plain.components.schemas).map(([name, schema]) => [JSON.stringify(schema), name]),
  );
  const schemas = Object.fromEntries(
    Object.entries(plain.components.schemas).map(([name, schema]) => [name, referMembers(schema, names)]),
  );
  const { components, ...rest } = plain;
  const referred = { ...(referMembers(rest, names) as object), components: { ...components, schemas } };
  return `${JSON.stringify(referred, null, 2)}\n`;
}

function refer(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const name = typeof value === 'object' && value !== null ? names.get(JSON.stringify(value)) : undefined;
  return name === undefined ? referMembers(value, names) : { $ref: `#/components/schemas/${name}` };
}

function referMembers(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => refer(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, refer(member, names)]));
}

/** An object schema, as far as its members are concerned. */
export interface ObjectSchema {
  properties: Readonly<Record<string, object>>;
  required?: readonly string[];
}

/** The parameters that an object schema's members are. */
export function describeParameters(place: 'query' | 'path' | 'header', schema: ObjectSchema): object[] {
  return Object.entries(schema.properties).map(([name, member]) => {
    const { description, ...rest } = JSON.parse(JSON.stringify(member)) as { description?: string };
    // An absent description is left out when the document is printed.
    return { name, in: place, required: schema.required?.includes(name) ?? false, description, schema: rest };
  });
}
