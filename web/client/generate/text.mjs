// SPDX-License-Identifier: Apache-2.0
// An OpenAPI document of Interlock as TypeScript: types of records, requests and answers, the union of refusal codes,
// and one table that the library reads at run time.

const head = `// SPDX-License-Identifier: Apache-2.0
// Generated from the server's /api/openapi.json by generate/generate.mjs. Do not edit.
`;

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const union = (texts) => texts.map(quote).join(' | ');
const property = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : quote(name));
const pascal = (name) =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
const jsonBody = (part) => part?.content?.['application/json']?.schema;
const indented = (text) => text.replaceAll('\n', '\n  ');

/** The type of one schema; unknown where the document says nothing. */
function typeText(schema) {
  if (!schema) return 'unknown';
  if (schema.$ref) return pascal(schema.$ref.split('/').at(-1));
  if (schema.allOf) return schema.allOf.map(typeText).join(' & ');
  const names = [schema.type ?? []].flat();
  const nullable = names.includes('null') ? ' | null' : '';
  const values = schema.enum?.filter((value) => value !== null);
  if (values) return union(values) + nullable;
  const plain = names.find((name) => name !== 'null');
  if (plain === 'string' || plain === 'boolean') return plain + nullable;
  if (plain === 'integer' || plain === 'number') return `number${nullable}`;
  if (plain === 'array') {
    const item = typeText(schema.items);
    return (/[|&]/.test(item) ? `(${item})[]` : `${item}[]`) + nullable;
  }
  if (plain === 'object') return (schema.properties ? objectText(schema) : 'Record<string, unknown>') + nullable;
  return 'unknown';
}

/** Requests have optional members; answers always have all of theirs. */
function objectText(schema, { answer = false, extra = {} } = {}) {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries({ ...schema.properties, ...extra }).map(([name, member]) => {
    const optional = name === 'deleted_at' || (!answer && !required.has(name)) ? '?' : '';
    const readOnly = answer ? 'readonly ' : '';
    return `  ${readOnly}${property(name)}${optional}: ${indented(memberText(name, member))};`;
  });
  return lines.length ? `{\n${lines.join('\n')}\n}` : 'Record<string, never>';
}

const answerText = (schema) => (schema?.properties ? objectText(schema, { answer: true }) : typeText(schema));

function memberText(name, member) {
  return name === 'version' && !member.type ? "number | '*'" : typeText(member);
}

/** What a filter and a sort need to know of a field. */
function kindOf(schema) {
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) return 'list';
  if (types.includes('integer')) return 'integer';
  if (types.includes('boolean')) return 'boolean';
  if (types.includes('string')) return schema.format === 'date-time' ? 'time' : 'text';
  return 'json';
}

/** Paths of the document by collection; what belongs to none is left out. */
function collectionsOf(document) {
  const found = new Map();
  for (const [path, methods] of Object.entries(document.paths)) {
    const list = methods.get?.operationId?.endsWith('_list') ? methods.get : null;
    if (!list) continue;
    const record = jsonBody(list.responses['200']).properties.items.items.$ref.split('/').at(-1);
    const name = path.split('/').at(-1);
    // A file is made of bytes: that call is none of the typed ones.
    const create = jsonBody(methods.post?.requestBody) ? methods.post : undefined;
    found.set(name, { name, record, list, create, one: document.paths[`${path}/{id}`] ?? {}, path });
  }
  return [...found.values()];
}

function operationsOf(document, collections) {
  const operations = [];
  const add = (name, request, answer, key) => operations.push({ name, request, answer, key });
  const needsKey = (call) => (call.parameters ?? []).some((one) => one.name === 'Idempotency-Key');
  for (const { name, record, create, one } of collections) {
    const type = pascal(record);
    if (create) add(`${name}/create`, `${type}Create`, answerText(jsonBody(create.responses['201'])), true);
    if (one.patch)
      add(`${name}/update`, `{ id: string } & ${type}Update`, `${type} & { readonly merged?: true }`, true);
    if (one.delete) add(`${name}/delete`, '{ id: string } & Base', 'Deleted', true);
  }
  const names = new Set(collections.map((collection) => collection.name));
  for (const [path, methods] of Object.entries(document.paths)) {
    const [, collection, verb] = path.match(/^\/api\/([^/]+)\/([^/{}]+)$/) ?? [];
    if (!names.has(collection) || !methods.post) continue;
    const success = Object.entries(methods.post.responses).find(([status]) => status.startsWith('2'))[1];
    const answer = jsonBody(success);
    add(
      `${collection}/${verb}`,
      typeText(jsonBody(methods.post.requestBody)),
      answerText(answer),
      needsKey(methods.post),
    );
  }
  return operations.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function recordTexts(document, collections) {
  return collections.flatMap(({ record, create, one, path }) => {
    const schema = document.components.schemas[record];
    const texts = [
      `/** One record of ${path}. */\nexport interface ${pascal(record)} ${objectText(schema, { answer: true })}`,
    ];
    const made = jsonBody(create?.requestBody);
    if (made)
      texts.push(
        `/** What a new record of ${path} is made of. */\nexport interface ${pascal(record)}Create ${objectText(made)}`,
      );
    const changed = jsonBody(one.patch?.requestBody);
    if (changed)
      texts.push(
        `/** A change of a record of ${path}. */\nexport interface ${pascal(record)}Update ${objectText(changed)}`,
      );
    return texts;
  });
}

/** Whether the feed tells of the collection's changes: not where they come too often, as with leases. */
const isInFeed = (schema) => schema['x-in-feed'] !== false;

function collectionTypeText(document, { name, record, list, create, one }) {
  const own = new Set(['sort', 'limit', 'cursor', 'deleted', 'q', 'Interlock-Min-Seq']);
  const parameters = list.parameters.map((parameter) => parameter.name);
  const filters = ['id', 'created_at', 'updated_at', 'created_by', ...parameters.filter((each) => !own.has(each))];
  const type = pascal(record);
  return `  ${property(name)}: {
    record: ${type};
    create: ${create ? `${type}Create` : 'never'};
    update: ${one.patch ? `${type}Update` : 'never'};
    filter: ${union(filters)};
    delete: ${Boolean(one.delete)};
    search: ${parameters.includes('q')};
    inFeed: ${isInFeed(document.components.schemas[record])};
  };`;
}

function collectionTableText(document, { name, record, list, create }) {
  const schema = document.components.schemas[record];
  const prefix = schema.properties.id.pattern.match(/^\^(\w+)_\[/)[1];
  const takesId = 'id' in (jsonBody(create?.requestBody)?.properties ?? {});
  const fields = Object.entries(schema.properties).map(([field, member]) => `${property(field)}: '${kindOf(member)}'`);
  const through = schema['x-visible-through'] ? quote(schema['x-visible-through']) : 'undefined';
  const inFeed = isInFeed(schema);
  const sort = list.parameters.find((parameter) => parameter.name === 'sort').schema.default;
  return `  ${property(name)}: {\n    prefix: '${prefix}',\n    takesId: ${takesId},\n    inFeed: ${inFeed},\n    through: ${through},\n    sort: ${quote(sort)},\n    fields: { ${fields.join(', ')} },\n  },`;
}

/** The whole text of src/generated/api.ts. */
export function generatedText(document) {
  const collections = collectionsOf(document);
  const operations = operationsOf(document, collections);
  const codes = document.components.schemas.problem.properties.code.enum;
  const block = (lines) => `{\n${lines.join('\n')}\n}`;
  return `${[
    head.trimEnd(),
    `/** Every code that a refusal can carry. */\nexport type RefusalCode =\n${codes.map((code) => `  | ${quote(code)}`).join('\n')};`,
    `/** What a change is based on. */\nexport interface Base {\n  version?: number | '*';\n  updated_at?: string;\n}`,
    '/** What a delete answers. */\nexport interface Deleted {\n  readonly id: string;\n  readonly version: number;\n}',
    ...recordTexts(document, collections),
    `/** The types of each collection. */\nexport interface Collections ${block(collections.map((collection) => collectionTypeText(document, collection)))}`,
    `/** Request and answer of each operation. */\nexport interface Operations ${block(
      operations.map((o) => `  ${quote(o.name)}: { request: ${indented(o.request)}; answer: ${indented(o.answer)} };`),
    )}`,
    `/** What is known of each collection at run time. */\nexport const collectionTable = ${block(
      collections.map((collection) => collectionTableText(document, collection)),
    )} as const;`,
    `/** Operations that take no key, since repeating them does no harm. */\nexport const keylessOperations: readonly string[] = [${operations
      .filter((operation) => !operation.key)
      .map((operation) => quote(operation.name))
      .join(', ')}];`,
  ].join('\n\n')}\n`;
}
