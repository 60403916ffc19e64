/** `node generate.js FOLDER`: writes the inputs of all benchmarks. */
import { writeInputs } from './inputs.js';

writeInputs(process.argv[2] ?? 'inputs');
