import { planOf, problemsOf, type Given } from './given';

describe('FloatingTags', () => {
  test('are in the plan in the order given, each once, blank ones dropped', () => {
    const plan = planOf({
      fields: { FloatingTags: '${BRANCH|tag}, latest\n${NONE:-}\nlatest' },
      job: { BRANCH: 'feature/x' },
    });
    expect(plan).toMatchObject({
      tags: ['1.42'],
      floatingTags: ['feature-x', 'latest'],
      notes: [
        'FloatingTags: "${NONE:-}" is empty and is left out',
        'FloatingTags: latest is given twice and pushed once',
      ],
    });
  });

  test.each<[Given, string]>([
    [
      { fields: { FloatingTags: 'feature/x' } },
      'FloatingTags: "feature/x" is not a legal tag: letters, digits, `_`, `.` and `-`, at most 128, the first neither `.` nor `-`; `${NAME|tag}` makes any text one',
    ],
    [
      { fields: { Tags: '1,latest', FloatingTags: 'latest,stable' } },
      'FloatingTags: latest is also in Tags: a tag either stays with its image (Tags) or moves on (FloatingTags)',
    ],
    [
      { fields: { FloatingTags: '${GO_PIPELINE_LABEL}' } },
      'FloatingTags: 1.42 is also in Tags: a tag either stays with its image (Tags) or moves on (FloatingTags)',
    ],
    [
      {
        fields: {
          Repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
          FloatingTags: 'cache',
          CacheTo: 'type=registry,ref=123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:cache',
        },
      },
      'CacheTo: line 1 names the tag cache of the repository that is pushed to, which is also in FloatingTags: give the cache a tag of its own',
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });
});

describe('ExistingTag', () => {
  test.each<[string, string]>([
    ['', 'reuse'],
    ['${NONE:-}', 'reuse'],
    ['overwrite', 'overwrite'],
    ['${WHAT}', 'fail'],
  ])('%j is %s', (typed, existingTag) => {
    expect(planOf({ fields: { ExistingTag: typed }, job: { WHAT: 'fail' } }).existingTag).toBe(existingTag);
  });

  test('knows three ways', () => {
    expect(problemsOf({ fields: { ExistingTag: 'skip' } })).toEqual([
      'ExistingTag: "skip" is not one of reuse, overwrite, fail',
    ]);
  });
});
