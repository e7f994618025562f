import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureSchemes } from '../images/schemes.js';
import { planeSchemes } from '../plane/schemes.js';
import { grouped, told } from './groups.js';

test('every scheme of a table is in one group, and rules that groups name are rules', () => {
  for (const table of [planeSchemes, pictureSchemes]) {
    const { schemes, presets } = table.catalogue;
    const all = [...grouped(table).values()].flat().map(({ id }) => id);
    assert.deepEqual(all.toSorted(), [...schemes.map(({ id }) => id), ...presets.map(({ id }) => id), 'own'].toSorted());
  }
  const rules = planeSchemes.catalogue.combinations.map(({ id }) => id);
  for (const rule of Object.keys(told)) assert.ok(rules.includes(rule), rule);
});

test('schemes stand where their papers put them', () => {
  const groupsOf = new Map([...grouped(planeSchemes)].flatMap(([group, choices]) => choices.map(({ id }) => [id, group] as const)));
  const expected = {
    none: 'guide',
    'classifier-free': 'guide',
    momentum: 'guide',
    'ht-1.20': 'guide',
    'ws-linear': 'time',
    'ht-cosine-4': 'time',
    li: 'time',
    apg: 'combination',
    feedback: 'combination',
    // Euler with a rule of combination that asks for it is told by the rule.
    'cfg-plus-plus': 'combination',
    tsr: 'temperature',
    'epsilon-scaling': 'temperature',
    history: 'guide',
    c2fg: 'time',
    adg: 'combination',
    own: 'combination',
    'transition-point': 'time',
  };
  for (const [id, group] of Object.entries(expected)) assert.equal(groupsOf.get(id), group, id);
});
