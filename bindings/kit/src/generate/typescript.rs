//! TypeScript: the types of a package, for Node and, without the rows that need a disk, for the browser.

use std::fmt::Write;

use bailiwick_surface::table::{
    CLASSES, Class, ERRORS, Field, Homes, Kind, Owner, Param, ROWS, Row, SHAPES, Type, WORDS,
};

use super::{Language, is_in, wrapped};

const MADE: &str = "// Made from the table of the surface by `cargo bindings generate`.\n";

/// Guards are a matter of each language, so they stand here and not in the table.
const GUARD: &str = "
/** What a guard takes besides. */
export interface GuardOptions {
  /** The state to ask in, or what gives it at each call. */
  state?: State | string | (() => State | string);
  /** Gets every decision before it is acted on, such as to keep its record and to do what it owes. */
  onDecision?: (decision: Decision) => void;
}

/**
 * A function that asks before it runs. `request` is the request, or a function of the arguments that gives it; where it says
 * no `now`, the clock does. Throws `Denied` or `ApprovalNeeded` unless the answer is `allowed`; then `call` has not been
 * called. Whatever fails on the way is thrown, and nothing is called.
 */
export function guard<This, Args extends unknown[], Result>(
  engine: Engine,
  request: object | string | ((this: This, ...args: Args) => object | string),
  call: (this: This, ...args: Args) => Result,
  options?: GuardOptions,
): (this: This, ...args: Args) => Result;
";

/// How the module is loaded is a matter of browsers alone. What stands for the module is spelled without the types of the DOM,
/// which workers and Node lack.
const LOAD: &str = "
/**
 * Loads the module, once, before anything else is called. `module_or_path` is its address, an answer of `fetch`, its bytes or
 * the compiled module; without it, it is looked for beside this file.
 */
export function init(options?: { module_or_path?: unknown }): Promise<unknown>;

/** The same at once, of the bytes of the module or the compiled module. */
export function initSync(options: { module: unknown }): unknown;
";

/// `index.d.cts`, or the like.
pub(super) fn types(homes: Homes) -> String {
    let mut out = MADE.to_owned();
    for words in WORDS {
        let list: Vec<String> = words.words.iter().map(|word| format!("\"{word}\"")).collect();
        let _ = write!(
            out,
            "\n/** {} */\nexport type {} = {};\n",
            words.doc,
            words.name,
            list.join(" | ")
        );
    }
    for shape in SHAPES {
        let _ = write!(
            out,
            "\n/** {} */\nexport interface {} {{\n",
            shape.doc, shape.name
        );
        shape.fields.iter().for_each(|field| out.push_str(&key(field)));
        out.push_str("}\n");
    }
    let is_here = |class: &&Class| class.homes == Homes::Everywhere || homes == Homes::WithDisk;
    for class in CLASSES.iter().filter(is_here) {
        let _ = write!(
            out,
            "\n/** {} */\nexport class {} {{\n  private constructor();\n",
            wrapped(class.doc, " * "),
            class.name
        );
        of(Owner::Class(class.name), homes).for_each(|row| out.push_str(&member(row)));
        out.push_str("}\n");
    }
    out.push_str(
        "\n/** The base of all errors of this package. */\nexport class BailiwickError extends Error {}\n",
    );
    for error in ERRORS {
        let _ = write!(
            out,
            "\n/** {} */\nexport class {} extends BailiwickError {{\n",
            error.doc, error.name
        );
        for field in error.fields {
            let _ = writeln!(out, "  readonly {}: {};", field.name, spelled(&field.of));
        }
        out.push_str("}\n");
    }
    for row in of(Owner::Package, homes) {
        let _ = write!(
            out,
            "\n{}export function {}({}): {};\n",
            doc(row, ""),
            Language::TypeScript.name(row.name),
            takes(row),
            spelled(&row.gives)
        );
    }
    out.push_str(GUARD);
    out
}

/// `index.d.mts`: the same for `import`.
pub(super) fn types_of_module() -> String {
    format!("{MADE}export * from \"./index.cjs\";\n")
}

/// `index.d.ts` of the package for browsers.
pub(super) fn types_for_browsers() -> String {
    format!("{}{LOAD}", types(Homes::Everywhere))
}

fn of(owner: Owner, homes: Homes) -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .filter(move |row| row.owner == owner && is_in(row, homes))
}

fn key(field: &Field) -> String {
    let mark = if field.always { "" } else { "?" };
    format!(
        "  /** {} */\n  {}{mark}: {};\n",
        field.doc,
        field.name,
        spelled(&field.of)
    )
}

fn member(row: &Row) -> String {
    let (name, gives) = (Language::TypeScript.name(row.name), spelled(&row.gives));
    let doc = doc(row, "  ");
    match row.kind {
        Kind::Property => format!("{doc}  readonly {name}: {gives};\n"),
        Kind::Maker => format!("{doc}  static {name}({}): {gives};\n", takes(row)),
        Kind::Function | Kind::Method => format!("{doc}  {name}({}): {gives};\n", takes(row)),
    }
}

fn doc(row: &Row, before: &str) -> String {
    let throws: String = row
        .raises
        .iter()
        .map(|name| format!(" Throws `{name}`."))
        .collect();
    let text = format!("{}{throws}", Language::TypeScript.doc(row));
    format!("{before}/** {} */\n", wrapped(&text, &format!("{before} * ")))
}

fn takes(row: &Row) -> String {
    let mut takes: Vec<String> = row.takes.iter().map(param).collect();
    if !row.options.is_empty() {
        let options: Vec<String> = row.options.iter().map(param).collect();
        takes.push(format!("options?: {{ {} }}", options.join("; ")));
    }
    takes.join(", ")
}

fn param(param: &Param) -> String {
    let name = Language::TypeScript.name(param.name);
    match param.of {
        Type::Optional(of) => format!("{name}?: {}", spelled(of)),
        of => format!("{name}: {}", spelled(&of)),
    }
}

fn spelled(of: &Type) -> String {
    match of {
        Type::Text | Type::Path => "string".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Whole | Type::Number => "number".to_owned(),
        Type::Json => "unknown".to_owned(),
        Type::Object => "{ [key: string]: unknown }".to_owned(),
        Type::Nothing => "void".to_owned(),
        // An interface of the caller's own has no index signature, so this is as near as it gets.
        Type::Named("Request") => "object".to_owned(),
        Type::Named("Policies") => "string | { [name: string]: string } | Source[]".to_owned(),
        Type::Named(name) => (*name).to_owned(),
        Type::List(of) => match spelled(of) {
            of if of.contains(' ') => format!("({of})[]"),
            of => format!("{of}[]"),
        },
        Type::Optional(of) => format!("{} | null", spelled(of)),
        Type::Either(these) => these.iter().map(spelled).collect::<Vec<_>>().join(" | "),
        Type::Map(of) => format!("{{ [name: string]: {} }}", spelled(of)),
    }
}
