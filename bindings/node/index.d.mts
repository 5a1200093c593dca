// Made from the table of the surface by `cargo bindings generate`.
export * from "./index.cjs";
