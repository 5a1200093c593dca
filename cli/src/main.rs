//! The command line of Bailiwick: check, test, decide, explain, facts, tree, compile, schema, compliance, init, redact, audit,
//! provenance. It walks disks, knows the clock and the terminal, which the core does not; it decides nothing that the core
//! does not decide.

#![allow(
    clippy::disallowed_methods,
    reason = "the command line is what reads files and the clock"
)]

mod args;
mod stop;
mod screen;
mod load;
mod requests;
mod answer;
mod command;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use screen::Screen;
use stop::{Code, Stop};

fn main() -> ExitCode {
    let args = Args::parse();
    let screen = Screen::of(args.color);
    let code = match run(&args.command, &screen) {
        Ok(code) => code,
        Err(Stop::Bad(text)) => {
            screen.error(&text);
            Code::Bad
        }
        // Whoever read our output has seen enough of it.
        Err(Stop::Write(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Code::Fine,
        Err(Stop::Write(error)) => {
            screen.error(&format!("cannot write: {error}"));
            Code::Bad
        }
    };
    ExitCode::from(code as u8)
}

fn run(command: &Command, screen: &Screen) -> Result<Code, Stop> {
    match command {
        Command::Check(args) => command::check::run(args, screen),
        Command::Test(args) => command::test::run(args, screen),
        Command::Decide(args) => command::decide::run(args, screen),
        Command::Explain(args) => command::explain::run(args, screen),
        Command::Facts(args) => command::facts::run(args, screen),
        Command::Tree(args) => command::tree::run(args, screen),
        Command::Compile(args) => command::compile::run(args, screen),
        Command::Schema(args) => command::schema::run(args),
        Command::Compliance(args) => command::compliance::run(args, screen),
        Command::Init(args) => command::init::run(args),
        Command::Redact(args) => command::redact::run(args),
        Command::Audit(args) => command::audit::run(args, screen),
        Command::Provenance(args) => command::provenance::run(args),
    }
}
