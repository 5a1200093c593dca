//! Another parser as the judge: each program that the tree of `brush-parser` names is one that is seen, unless the whole is
//! opaque. It costs memory without bound on some short texts that bash refuses, so it gets what we have understood and
//! nothing else; it leaves the scripts inside of words alone, so here they are taken apart again.

use std::collections::BTreeSet;

use brush_parser::ast::{
    AndOr, Assignment, AssignmentName, AssignmentValue, Command, CommandPrefixOrSuffixItem, CompoundCommand,
    CompoundList, ExtendedTestExpr, IoFileRedirectTarget, IoRedirect, Pipeline, SimpleCommand, Word,
};
use brush_parser::word::{self, ParameterExpr, WordPiece, WordPieceWithSource};
use brush_parser::{Parser, ParserOptions};

use super::super::table::Programs;
use super::*;

/// Bytes of a text that the judge gets.
const BYTES_MAX: usize = 2_000;
/// How deep its words are taken apart.
const DEPTH_MAX: usize = 12;

/// What a tree names.
#[derive(Default)]
struct Named {
    programs: BTreeSet<String>,
    functions: BTreeSet<String>,
    depth: usize,
}

impl Named {
    /// The programs of a script; `None` where the judge does not take it for one.
    fn of(text: &str) -> Option<Named> {
        let mut named = Named::default();
        named.script(text).then_some(named)
    }

    fn script(&mut self, text: &str) -> bool {
        if DEPTH_MAX < self.depth {
            return true;
        }
        let options = ParserOptions::default();
        let Ok(program) = Parser::new(std::io::Cursor::new(text), &options).parse_program() else {
            return false;
        };
        self.depth += 1;
        program.complete_commands.iter().for_each(|list| self.list(list));
        self.depth -= 1;
        true
    }

    fn list(&mut self, list: &CompoundList) {
        for item in &list.0 {
            self.pipeline(&item.0.first);
            for more in &item.0.additional {
                match more {
                    AndOr::And(pipeline) | AndOr::Or(pipeline) => self.pipeline(pipeline),
                }
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        pipeline.seq.iter().for_each(|command| self.command(command));
    }

    fn command(&mut self, command: &Command) {
        let redirections = match command {
            Command::Simple(simple) => return self.simple(simple),
            Command::Compound(compound, redirections) => {
                self.compound(compound);
                redirections
            }
            Command::Function(function) => {
                self.functions.insert(function.fname.value.clone());
                self.compound(&function.body.0);
                &function.body.1
            }
            Command::ExtendedTest(test, redirections) => {
                self.test(&test.expr);
                redirections
            }
        };
        for redirection in redirections.iter().flat_map(|list| &list.0) {
            self.redirection(redirection);
        }
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::Arithmetic(arithmetic) => self.text(&arithmetic.expr.value),
            CompoundCommand::ArithmeticForClause(each) => {
                for part in [&each.initializer, &each.condition, &each.updater]
                    .into_iter()
                    .flatten()
                {
                    self.text(&part.value);
                }
                self.list(&each.body.list);
            }
            CompoundCommand::BraceGroup(group) => self.list(&group.list),
            CompoundCommand::Subshell(subshell) => self.list(&subshell.list),
            CompoundCommand::ForClause(each) => {
                each.values.iter().flatten().for_each(|word| self.word(word));
                self.list(&each.body.list);
            }
            CompoundCommand::CaseClause(case) => {
                self.word(&case.value);
                for case in &case.cases {
                    case.patterns.iter().for_each(|word| self.word(word));
                    case.cmd.iter().for_each(|list| self.list(list));
                }
            }
            CompoundCommand::IfClause(branch) => {
                self.list(&branch.condition);
                self.list(&branch.then);
                for other in branch.elses.iter().flatten() {
                    other.condition.iter().for_each(|list| self.list(list));
                    self.list(&other.body);
                }
            }
            CompoundCommand::WhileClause(each) | CompoundCommand::UntilClause(each) => {
                self.list(&each.0);
                self.list(&each.1.list);
            }
            CompoundCommand::Coprocess(coprocess) => self.command(&coprocess.body),
        }
    }

    fn test(&mut self, test: &ExtendedTestExpr) {
        match test {
            ExtendedTestExpr::And(one, other) | ExtendedTestExpr::Or(one, other) => {
                self.test(one);
                self.test(other);
            }
            ExtendedTestExpr::Not(one) | ExtendedTestExpr::Parenthesized(one) => self.test(one),
            ExtendedTestExpr::UnaryTest(_, word) => self.word(word),
            ExtendedTestExpr::BinaryTest(_, one, other) => {
                self.word(one);
                self.word(other);
            }
        }
    }

    fn simple(&mut self, simple: &SimpleCommand) {
        let before = simple.prefix.iter().flat_map(|prefix| &prefix.0);
        let after = simple.suffix.iter().flat_map(|suffix| &suffix.0);
        before.chain(after).for_each(|item| self.item(item));
        if let Some(word) = &simple.word_or_name {
            self.word(word);
            self.programs
                .extend(literal(&word.value).filter(|name| !name.is_empty()));
        }
    }

    fn item(&mut self, item: &CommandPrefixOrSuffixItem) {
        match item {
            CommandPrefixOrSuffixItem::IoRedirect(redirection) => self.redirection(redirection),
            CommandPrefixOrSuffixItem::Word(word) => self.word(word),
            CommandPrefixOrSuffixItem::AssignmentWord(assignment, _) => self.assignment(assignment),
            CommandPrefixOrSuffixItem::ProcessSubstitution(_, subshell) => self.list(&subshell.list),
        }
    }

    fn assignment(&mut self, assignment: &Assignment) {
        if let AssignmentName::ArrayElementName(_, subscript) = &assignment.name {
            self.text(subscript);
        }
        match &assignment.value {
            AssignmentValue::Scalar(word) => self.word(word),
            AssignmentValue::Array(words) => {
                for (key, value) in words {
                    key.iter().for_each(|word| self.word(word));
                    self.word(value);
                }
            }
        }
    }

    fn redirection(&mut self, redirection: &IoRedirect) {
        match redirection {
            IoRedirect::File(_, _, IoFileRedirectTarget::ProcessSubstitution(_, subshell)) => {
                self.list(&subshell.list);
            }
            IoRedirect::File(
                _,
                _,
                IoFileRedirectTarget::Filename(word) | IoFileRedirectTarget::Duplicate(word),
            )
            | IoRedirect::HereString(_, word)
            | IoRedirect::OutputAndError(word, _) => self.word(word),
            IoRedirect::File(..) => {}
            IoRedirect::HereDocument(_, document) if document.requires_expansion => {
                let pieces = word::parse_heredoc(&document.doc.value, &ParserOptions::default());
                self.pieces(&pieces.unwrap_or_default());
            }
            IoRedirect::HereDocument(..) => {}
        }
    }

    fn word(&mut self, word: &Word) {
        self.text(&word.value);
    }

    /// A word as it is written, or something in it that is read like one.
    fn text(&mut self, text: &str) {
        if DEPTH_MAX < self.depth {
            return;
        }
        self.depth += 1;
        let pieces = word::parse(text, &ParserOptions::default());
        self.pieces(&pieces.unwrap_or_default());
        self.depth -= 1;
    }

    fn pieces(&mut self, pieces: &[WordPieceWithSource]) {
        for piece in pieces {
            match &piece.piece {
                WordPiece::CommandSubstitution(script) | WordPiece::BackquotedCommandSubstitution(script) => {
                    self.script(script);
                }
                WordPiece::DoubleQuotedSequence(pieces) | WordPiece::GettextDoubleQuotedSequence(pieces) => {
                    self.pieces(pieces);
                }
                WordPiece::ArithmeticExpression(expression) => self.text(&expression.value),
                WordPiece::ParameterExpansion(expansion) => self.expansion(expansion),
                WordPiece::Text(_)
                | WordPiece::SingleQuotedText(_)
                | WordPiece::AnsiCQuotedText(_)
                | WordPiece::TildeExpansion(_)
                | WordPiece::EscapeSequence(_) => {}
            }
        }
    }

    /// The words inside of `${..}`.
    fn expansion(&mut self, expansion: &ParameterExpr) {
        match expansion {
            ParameterExpr::UseDefaultValues {
                default_value: text, ..
            }
            | ParameterExpr::AssignDefaultValues {
                default_value: text, ..
            }
            | ParameterExpr::IndicateErrorIfNullOrUnset {
                error_message: text, ..
            }
            | ParameterExpr::UseAlternativeValue {
                alternative_value: text,
                ..
            }
            | ParameterExpr::RemoveSmallestSuffixPattern { pattern: text, .. }
            | ParameterExpr::RemoveLargestSuffixPattern { pattern: text, .. }
            | ParameterExpr::RemoveSmallestPrefixPattern { pattern: text, .. }
            | ParameterExpr::RemoveLargestPrefixPattern { pattern: text, .. } => {
                text.iter().for_each(|text| self.text(text));
            }
            ParameterExpr::Substring { offset, length, .. } => {
                self.text(&offset.value);
                length.iter().for_each(|length| self.text(&length.value));
            }
            ParameterExpr::ReplaceSubstring {
                pattern, replacement, ..
            } => {
                self.text(pattern);
                replacement.iter().for_each(|text| self.text(text));
            }
            _ => {}
        }
    }
}

/// A word that stands for one text, whatever runs.
fn literal(text: &str) -> Option<String> {
    fn told(pieces: &[WordPieceWithSource], out: &mut String) -> bool {
        pieces.iter().all(|piece| match &piece.piece {
            WordPiece::Text(text) => {
                out.push_str(text);
                !text.contains(['*', '?', '[', '{', '~', '\\', '='])
            }
            WordPiece::SingleQuotedText(text) => {
                out.push_str(text);
                true
            }
            WordPiece::EscapeSequence(text) => {
                let escaped = text.strip_prefix('\\').unwrap_or(text);
                out.push_str(escaped);
                escaped != "\n"
            }
            WordPiece::DoubleQuotedSequence(pieces) => told(pieces, out),
            _ => false,
        })
    }
    let pieces = word::parse(text, &ParserOptions::default()).ok()?;
    let mut out = String::new();
    told(&pieces, &mut out).then_some(out)
}

/// The programs that the judge names and we do not; `None` where one of both does not read the text.
fn missed(text: &str) -> Option<Vec<String>> {
    let reading = line(text);
    if BYTES_MAX < text.len() || reading.opaque {
        return None;
    }
    let named = Named::of(text)?;
    let seen: BTreeSet<String> = reading
        .effects
        .iter()
        .filter(|seen| seen.kind == "command.run")
        .filter_map(|seen| fact(seen, "program"))
        .collect();
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let lasts: BTreeSet<String> = seen.iter().map(|name| last(name)).collect();
    // Of builtins that only change the shell there is no run.
    let builtin = |name: &str| Programs::builtin().row(name).is_some_and(|row| row.builtin);
    let unseen = named.programs.into_iter().filter(|name| {
        let path = name.contains('/') && lasts.contains(&last(name));
        // `! time ls`: the judge takes the reserved word for a program.
        let word = name == "time" && text.contains("! time ");
        !(named.functions.contains(name) || builtin(name) || seen.contains(name) || path || word)
    });
    Some(unseen.collect())
}

fn judge(texts: impl Iterator<Item = String>, kind: &str) {
    let (mut count, mut judged, mut failed) = (0, 0, Vec::new());
    for text in texts {
        count += 1;
        let Some(missed) = missed(&text) else { continue };
        judged += 1;
        if !missed.is_empty() {
            failed.push(format!("{text:?}: {missed:?}"));
        }
    }
    println!(
        "{kind}: {count} texts, {judged} that both read, {} with a program unseen",
        failed.len()
    );
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(count < judged * 2, "the judge read {judged} of {count}");
}

#[test]
fn what_another_parser_names_is_seen() {
    judge(oracle::corpus(), "corpora");
}

#[test]
fn what_another_parser_names_in_made_up_scripts_is_seen() {
    judge(oracle::scripts(3_000), "made up");
}
