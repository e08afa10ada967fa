// The same types for `import` from a module.
import { Engine, Decision, packs } from '../../lib/index.mjs';

const decision: Decision = new Engine({ packs: packs() }).decide('{}');
if (decision.outcome === 'defer') decision.until.slice(0, 10);
