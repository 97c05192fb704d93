// Tells Vue that <mfa-portal> is no component of its own.

import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag === "mfa-portal";

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
