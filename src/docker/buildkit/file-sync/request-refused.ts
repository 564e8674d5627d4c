/** The other side asks for what no receiver asks for; told to it in these words. */
export class RequestRefused extends Error {}
