// Prompts to begin with: the proposal's own first, then one of each kind.

export const prompts: readonly string[] = [
  'an astronaut riding a horse',
  'a rocket',
  'a cat on a night background',
  'a twemoji guitar',
  'a penguin riding a whale',
  'noto',
];
