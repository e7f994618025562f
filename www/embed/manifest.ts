// custom-elements.json: what editors and documentation tools know of the element.
import type { Package } from 'custom-elements-manifest/schema.js';
import { attributes, type EmbedProperty } from './attributes.js';
import { cssProperties, element, events, methods, parts, properties, readable, slots } from './description.js';

export function manifest(module: string): Package {
  const described = Object.keys(attributes).map((name) => ({ name, ...properties[name as EmbedProperty] }));
  const fields = [
    ...described.map(({ name, type, default: usual, description }) => ({
      kind: 'field' as const,
      name,
      type: { text: type },
      default: usual,
      description,
      attribute: name,
    })),
    ...Object.entries(readable).map(([name, { type, description }]) => ({
      kind: 'field' as const,
      name,
      type: { text: type },
      description,
      readonly: true,
    })),
  ];
  const calls = Object.entries(methods).map(([name, { parameters, result, description }]) => ({
    kind: 'method' as const,
    name,
    description,
    parameters: parameters.map(({ name, type, default: usual }) => ({
      name,
      type: { text: type },
      ...(usual === undefined ? {} : { optional: true, default: usual }),
    })),
    return: { type: { text: `Promise<${result}>` } },
  }));
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [
      {
        kind: 'javascript-module',
        path: module,
        declarations: [
          {
            kind: 'class',
            customElement: true,
            tagName: element.tag,
            name: element.class,
            description: element.description,
            superclass: { name: 'HTMLElement' },
            attributes: described.map(({ name, type, default: usual, description }) => ({
              name,
              type: { text: type },
              default: usual,
              description,
              fieldName: name,
            })),
            members: [...fields, ...calls],
            events: Object.entries(events).map(([name, description]) => ({
              name,
              type: { text: `CustomEvent<EmbedEvents['${name}']>` },
              description,
            })),
            slots: Object.entries(slots).map(([name, description]) => ({ name, description })),
            cssParts: Object.entries(parts).map(([name, description]) => ({ name, description })),
            cssProperties: Object.entries(cssProperties).map(([name, { syntax, default: usual, description }]) => ({
              name,
              syntax,
              default: usual,
              description,
            })),
          },
        ],
        exports: [
          { kind: 'js', name: element.class, declaration: { name: element.class } },
          { kind: 'custom-element-definition', name: element.tag, declaration: { name: element.class } },
        ],
      },
    ],
  };
}
