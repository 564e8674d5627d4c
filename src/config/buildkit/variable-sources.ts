/** Where the variables are that lines name. */
export interface VariableSources {
  readonly job: ReadonlyMap<string, string>;
  readonly agent: ReadonlyMap<string, string>;
}
