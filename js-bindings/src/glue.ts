/** What Emscripten's glue and the core behind it offer: the boundary of docs/architecture.md, as types. Internal. */

/** A handle: an address in the core's memory. Used after its `…_delete`, it corrupts that memory; `core.ts` sees to it. */
export type Address = number;

export interface CoreModule {
  abi(): number;

  policy_new(): Address;
  policy_delete(policy: Address): void;
  /** The address where the next text of at most `bytes` bytes is to be written. */
  policy_reserve(policy: Address, bytes: number): Address;
  // Each of these takes the text's length in bytes, and answers with the address of a 32-bit length and that many bytes.
  policy_open(policy: Address, bytes: number): Address;
  policy_accept(policy: Address, bytes: number): Address;
  policy_evaluate(policy: Address, bytes: number): Address;
  policy_preview(policy: Address, bytes: number): Address;
  policy_simulate(policy: Address, bytes: number): Address;

  flow_new(policy: Address): Address;
  flow_delete(flow: Address): void;
  flow_reserve(flow: Address, bytes: number): Address;
  flow_begin(flow: Address, bytes: number): Address;
  flow_step(flow: Address, bytes: number): Address;

  /** Made anew by the glue whenever the memory grows: never keep it. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
}

export interface FactoryOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

export type CoreFactory = (options: FactoryOptions) => Promise<CoreModule>;
