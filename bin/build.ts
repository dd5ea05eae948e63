import { build } from './dashboard.ts';

await build((line) => console.log(line));
