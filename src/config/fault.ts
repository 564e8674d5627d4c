/** Why a text is not what its field wants: a sentence without the field's name. */
export class Fault {
  constructor(readonly message: string) {}
}

/** Makes a text a value, or says why not. */
export type Parser<T> = (text: string) => T | Fault;
