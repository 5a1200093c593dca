// The modules that are made when the page is built.

declare module "virtual:set/*" {
  const set: { files: { [name: string]: string }; calls: object[] };
  export default set;
}

declare module "virtual:schema" {
  const schema: import("./editor/schema").Schema;
  export default schema;
}

declare module "*?worker" {
  const Made: new (options?: { name?: string }) => Worker;
  export default Made;
}
