// The page's pure functions, by Node. All files in one process: that each starts and compiles its own took most of the time.
import { readdirSync } from 'node:fs';

for (const file of readdirSync('www', { recursive: true }).sort()) {
  if (file.endsWith('.test.ts')) await import(`../www/${file}`);
}
