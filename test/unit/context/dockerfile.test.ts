import { scanDockerfile, type ScannedDockerfile, type Stage } from '../../../src/context/dockerfile';
import { instructionsOf } from '../../../src/context/dockerfile-lines';

function scan(text: string, args: Readonly<Record<string, string>> = {}): ScannedDockerfile {
  return scanDockerfile(text, new Map(Object.entries(args)));
}

function stagesOf(text: string, args?: Readonly<Record<string, string>>): readonly Stage[] {
  return scan(text, args).stages;
}

const basesOf = (text: string, args?: Readonly<Record<string, string>>): readonly (string | undefined)[] =>
  stagesOf(text, args).map(({ base }) => base);

/** `LINE NAME rest` */
const read = (text: string): readonly string[] =>
  instructionsOf(text).instructions.map(({ name, rest, line }) => `${line} ${name} ${rest}`);

describe('lines', () => {
  test('an instruction stands on its own line, not on that of the comment before it', () => {
    expect(read('# what this is\n\n  # and why\nFROM alpine\n\nRUN true\n')).toEqual(['4 FROM alpine', '6 RUN true']);
  });

  test('a continuation goes on over comments and empty lines', () => {
    const text = 'FROM a\nRUN one \\\n  # why\n\n  && two \\  \n  && three\nUSER x';
    expect(read(text)).toEqual(['1 FROM a', '2 RUN one   && two   && three', '7 USER x']);
  });

  test('an instruction may be broken right behind its name', () => {
    expect(read('FROM \\\n  alpine \\\n  AS base\n')).toEqual(['1 FROM alpine   AS base']);
  });

  test('an escaped escape at the end joins nothing', () => {
    expect(read('FROM a\nRUN dir C:\\\\\nUSER x')).toEqual(['1 FROM a', '2 RUN dir C:\\\\', '3 USER x']);
  });

  test('a continuation at the end of the file is no reason to wait', () => {
    expect(read('FROM a\nRUN one \\')).toEqual(['1 FROM a', '2 RUN one']);
  });

  test('CRLF, a byte order mark and lower case are taken as the daemon takes them', () => {
    expect(read('\ufefffrom a\r\nrun one \\\r\n two\r\n')).toEqual(['1 FROM a', '2 RUN one  two']);
  });

  test.each([
    ['# escape=`\nFROM a\nRUN one `\n two', '2 FROM a|3 RUN one  two'],
    ['# syntax=docker/dockerfile:1\n# escape = `\nFROM a\nRUN one `\n two', '3 FROM a|4 RUN one  two'],
    ['# ESCAPE=`\nFROM a\nRUN dir C:\\\nUSER x', '2 FROM a|3 RUN dir C:\\|4 USER x'],
    // Not a directive any more: something stands before it.
    ['# about this\n# escape=`\nFROM a\nRUN one \\\n two', '3 FROM a|4 RUN one  two'],
    ['# version=1\n# escape=`\nFROM a\nRUN one \\\n two', '3 FROM a|4 RUN one  two'],
    ['\n# escape=`\nFROM a\nRUN one \\\n two', '3 FROM a|4 RUN one  two'],
  ])('%j is read with its escape character', (text, expected) => {
    expect(read(text).join('|')).toBe(expected);
  });
});

describe('heredocs', () => {
  test.each([
    ['RUN <<EOF', 'EOF'],
    ['run <<EOF', 'EOF'],
    ['COPY <<EOF /etc/motd', 'EOF'],
    ['ADD <<"EOF" /etc/motd', 'EOF'],
    ["COPY --chmod=0644 <<'END.txt' /etc/motd", 'END.txt'],
    ['RUN cat <<-EOF | sh', '\t\tEOF'],
    ['RUN 3<<EOF cat /dev/fd/3', 'EOF'],
    ['RUN cat << EOF', 'EOF'],
    ['RUN cat <<- "EOF"', '\tEOF'],
    ['RUN cat <<E-O_F > /x', 'E-O_F'],
    ['ONBUILD RUN <<EOF', 'EOF'],
    ['RUN cat \\\n <<EOF', 'EOF'],
  ])('%j hides what looks like instructions until its end', (opening, end) => {
    const text = `FROM a\n${opening}\nFROM evil.example/b\n# no comment \\\n${end}\nUSER x\n`;
    expect(basesOf(text)).toEqual(['a']);
    expect(read(text).at(-1)).toMatch(/^\d USER x$/);
    expect(scan(text).sure).toBe(true);
  });

  test('two of them are closed in their order', () => {
    const text = 'FROM a\nCOPY <<ONE <<TWO /x/\nFROM b\nTWO\nONE\nFROM c\nTWO\nFROM d\n';
    expect(basesOf(text)).toEqual(['a', 'd']);
  });

  test.each([
    'RUN echo $((1 <<2))',
    'RUN cat <<<EOF',
    'RUN python -c "print(1<<EOF)"',
    'RUN cat<<EOF',
    `RUN echo "a <<EOF"`,
    `RUN echo 'a <<EOF b'`,
    'LABEL x=<<EOF',
    'ENV X <<EOF',
    'ONBUILD USER <<EOF',
  ])('%j opens none', (line) => {
    expect(basesOf(`FROM a\n${line}\nFROM b\nEOF\n`)).toEqual(['a', 'b']);
  });

  test('one that nothing closes hides nothing: it was something else', () => {
    expect(basesOf('FROM a\nRUN cat <<EOF\nFROM b\n EOF\n')).toEqual(['a', 'b']);
  });

  test('only a heredoc with a dash may have tabs before its end', () => {
    expect(basesOf('FROM a\nRUN <<EOF\n\tEOF\nFROM b\nEOF\nFROM c')).toEqual(['a', 'c']);
  });
});

describe('stages', () => {
  test('they have a name or only their number, and know what they build on', () => {
    const text = [
      'FROM --platform=linux/arm64 node:20 AS Build',
      'FROM debian:12',
      'FROM build AS test',
      'FROM scratch',
      'FROM TEST as final',
    ].join('\n');
    expect(stagesOf(text)).toEqual([
      { alias: 'build', base: 'node:20', platform: 'linux/arm64', internal: false, line: 1 },
      { alias: undefined, base: 'debian:12', platform: undefined, internal: false, line: 2 },
      { alias: 'test', base: 'build', platform: undefined, internal: true, line: 3 },
      { alias: undefined, base: 'scratch', platform: undefined, internal: true, line: 4 },
      { alias: 'final', base: 'TEST', platform: undefined, internal: true, line: 5 },
    ]);
  });

  test('a stage that comes later is an image here', () => {
    expect(stagesOf('FROM later\nFROM a AS later').map(({ internal }) => internal)).toEqual([false, false]);
  });

  test('COPY --from and a FROM in a comment or a RUN are no stage', () => {
    expect(basesOf('FROM a\n# FROM b\nCOPY --from=c /x /x\nRUN echo \\\nFROM d\n')).toEqual(['a']);
  });
});

describe('ARGs in FROM', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['ARG TAG=20\nFROM node:$TAG', {}, 'node:20'],
    ['ARG TAG=20\nFROM node:${TAG}', { TAG: '22' }, 'node:22'],
    ['ARG TAG\nFROM node:${TAG}', { TAG: '22' }, 'node:22'],
    ['ARG TAG\nFROM node:${TAG}', {}, undefined],
    ['FROM node:${TAG}', { TAG: '22' }, undefined],
    ['FROM node:${TAG:-20}', { TAG: '22' }, 'node:20'],
    ['ARG TAG\nFROM node:${TAG:-20}', {}, 'node:20'],
    ['ARG TAG=\nFROM node:${TAG:-20}', {}, 'node:20'],
    ['ARG TAG=1\nFROM node:${TAG:-20}', {}, 'node:1'],
    ['ARG SLIM=y\nFROM node:20${SLIM:+-slim}', {}, 'node:20-slim'],
    ['FROM node:20${SLIM:+-slim}', {}, 'node:20'],
    ['ARG A=1 B=2\nFROM x:$A.$B', {}, 'x:1.2'],
    ['ARG V=1\nARG REF=x:${V}\nFROM ${REF}', {}, 'x:1'],
    ['ARG V="1.0"\nFROM "x:$V"', {}, 'x:1.0'],
    ["ARG V='1.0'\nFROM x:$V", {}, 'x:1.0'],
    ["ARG V=1\nARG REF='x:$V'\nFROM $REF", {}, 'x:$V'],
    ['ARG TAG=20\nARG TAG\nFROM node:$TAG', {}, 'node:20'],
    ['ARG __proto__\nFROM x:${constructor}', {}, undefined],
    ['ARG A=1\nFROM x:${B:-${A}}', {}, 'x:1'],
    ['ARG A=1\nFROM x:${A-2}${B-3}${A+4}${B+5}', {}, 'x:134'],
    ['ARG A=\nFROM x:1${A-2}${A:-3}', {}, 'x:13'],
    ['ARG A=1\nFROM x:"$A"-\'$A\'', {}, 'x:1-$A'],
    ['ARG SUFFIX\nFROM node:20${SUFFIX}', {}, 'node:20'],
    ['ARG A="b C=d" C=\'e f\' G=h\nFROM x:$C$G', {}, 'x:e fh'],
    // Nothing is guessed: other operators, escapes, a value that is not known itself.
    ['ARG A=b\\ C=d\nFROM x:1$C', {}, undefined],
    ['ARG A=1\nFROM x:${A%.*}', {}, undefined],
    ['ARG A=1\nFROM x:\\$A', {}, undefined],
    ['FROM x:$', {}, undefined],
    ['ARG A=1\nARG A=${B#c}\nFROM x:$A', {}, undefined],
    ['ARG A=${B#c}\nFROM x:${A:-2}', {}, undefined],
    ['FROM x:${TARGETARCH:-amd64}', {}, undefined],
    ['ARG A=""\nFROM $A', {}, undefined],
    ['FROM a\nARG TAG=20\nFROM node:$TAG', {}, undefined],
    // Nor what no reference is: longer than 4096 characters, or with more than 16 levels.
    [`ARG A=${'a'.repeat(2048)}\nFROM $A$A`, {}, 'a'.repeat(4096)],
    [`ARG A=${'a'.repeat(2048)}\nFROM $A$A:`, {}, undefined],
    [`FROM ${'${B:-'.repeat(15)}x${'}'.repeat(15)}`, {}, 'x'],
    [`FROM ${'${B:-'.repeat(16)}x${'}'.repeat(16)}`, {}, undefined],
    [`FROM ${'${B:-x}'.repeat(17)}`, {}, 'x'.repeat(17)],
    [`ARG A=1\n${'ARG A=$A$A\n'.repeat(40)}FROM $A`, {}, undefined],
  ])('%j with %j', (text, args, base) => {
    expect(basesOf(text, args).at(-1)).toBe(base);
  });

  test('a platform is expanded too, and stays as it is written where only the builder can', () => {
    const text = 'ARG P=linux/arm64\nFROM --platform=$P a\nFROM --platform=$BUILDPLATFORM b\nFROM --platform="$P" c';
    expect(stagesOf(text).map(({ platform }) => platform)).toEqual(['linux/arm64', '$BUILDPLATFORM', 'linux/arm64']);
  });
});

describe('how sure the scanner is', () => {
  test.each([
    ['FROM a\nRUN b', true],
    ['# syntax=docker/dockerfile:1.7\nFROM a', true],
    ['# syntax = docker.io/docker/dockerfile@sha256:00\nFROM a', true],
    ['# syntax=docker/dockerfile-upstream:master\nFROM a', false],
    ['# syntax=evil.example/docker/dockerfile:1\nFROM a', false],
    ['# syntax=docker/dockerfile\nFROM a', true],
    ['# syntax=evil.example/x\nFROM a\n# syntax=docker/dockerfile:1', false],
    ['FROM a\nINCLUDE b', false],
    ['FROM a\n[b]', false],
  ])('%j: %s', (text, sure) => {
    expect(scan(text).sure).toBe(sure);
  });

  test.each([
    ['', true],
    ['\ufeff\n  \n# FROM a\n', true],
    ['FROM a', false],
    // Some other frontend's language: not ours to call empty.
    ['# syntax=r2d4/mocker\napiVersion: v1\n', false],
  ])('%j is empty: %s', (text, empty) => {
    expect(scan(text).empty).toBe(empty);
  });
});
