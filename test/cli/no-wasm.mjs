// Preloaded by a test: a Node in which no WebAssembly compiles, as under a policy that forbids making code.
const refuse = () => {
  throw new WebAssembly.CompileError('forbidden here');
};
Object.assign(WebAssembly, {
  Module: function () {
    refuse();
  },
  compile: async () => refuse(),
  instantiate: async () => refuse(),
});
