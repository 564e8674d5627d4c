type Json = Readonly<Record<string, unknown>>;

/**
 * The statements of a policy that let anybody in: `Allow` for every principal, without a condition. What a condition
 * leaves open is not looked at.
 */
export function publicStatements(policy: Json): string[] {
  const statements = listOf(member(policy, 'Statement'));
  return statements.flatMap((statement, index) => {
    if (!isObject(statement) || !isPublic(statement)) return [];
    const sid = member(statement, 'Sid');
    return [typeof sid === 'string' && sid !== '' ? sid : `number ${index + 1}`];
  });
}

function isPublic(statement: Json): boolean {
  if (String(member(statement, 'Effect')).toLowerCase() !== 'allow') return false;
  const condition = member(statement, 'Condition');
  if (isObject(condition) && Object.keys(condition).length > 0) return false;
  // Everybody but those who are named.
  return member(statement, 'NotPrincipal') !== undefined || isEverybody(member(statement, 'Principal'));
}

function isEverybody(principal: unknown): boolean {
  const named = isObject(principal) ? Object.values(principal).flatMap(listOf) : listOf(principal);
  return named.includes('*');
}

/** Whoever reads a policy may not mind how its names are written: here they are the same in any case. */
function member(json: Json, name: string): unknown {
  const [, value] = Object.entries(json).find(([key]) => key.toLowerCase() === name.toLowerCase()) ?? [];
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
