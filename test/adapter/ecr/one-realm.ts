import { types } from 'node:util';

/**
 * Jest gives every test file an `Error` of its own, while Node's sockets throw those of the outer realm. The SDK asks
 * `instanceof Error` and would wrap them, code and all, into something that it never throws in a real process.
 */
const own = Error;
const inherited = Function.prototype[Symbol.hasInstance] as (this: unknown, value: unknown) => boolean;
Object.defineProperty(own, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return this === own && types.isNativeError(value) ? true : inherited.call(this, value);
  },
});
