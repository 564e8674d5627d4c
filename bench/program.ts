import { spawn } from 'node:child_process';

const TOLD_BYTES = 4096;

/** Runs a program to its end, as a shell script would, with exactly this environment; a failure tells the end of its output. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'pipe' });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) return resolve(text);
      const how = code ?? signal ?? '';
      reject(new Error(`${program} ${args.join(' ')} ended with ${how}:\n${text.slice(-TOLD_BYTES)}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
