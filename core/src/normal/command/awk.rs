//! The language of awk, as far as to see what a script executes and which files it writes. Strings and regular expressions
//! are told from operators; what stands beside a pipe or a redirection must be one plain string to be known.

/// Something that an awk script does besides printing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    Runs(String),
    Writes(String),
    WritesAny,
    Reads(String),
    /// What it does is made up by the script itself.
    Anything,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Name(String),
    Mark(char),
    /// `||`, `>>`, `|&` and the like.
    Pair(char, char),
    Value,
}

/// What a script does.
pub(super) fn acts(text: &str) -> Vec<Act> {
    let Some(tokens) = tokens(text) else {
        return vec![Act::Anything];
    };
    let mut acts = Vec::new();
    let mut printing = false;
    let mut depth = 0i32;
    for at in 0..tokens.len() {
        match &tokens[at] {
            Token::Name(name) if name == "system" => acts.push(called(&tokens[at + 1..])),
            Token::Name(name) if name == "print" || name == "printf" => (printing, depth) = (true, 0),
            Token::Name(name) if name == "getline" => acts.extend(got(&tokens[at + 1..])),
            Token::Mark('@') => acts.push(Act::Anything),
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            Token::Mark(';' | '}' | '\n') => printing = false,
            Token::Mark('|') | Token::Pair('|', '&') => acts.push(piped(&tokens, at, printing)),
            Token::Mark('>') | Token::Pair('>', '>') if printing && depth <= 0 => {
                acts.push(written(&tokens[at + 1..]))
            }
            _ => {}
        }
    }
    acts
}

/// `system("...")`
fn called(after: &[Token]) -> Act {
    match after {
        [Token::Mark('('), Token::Text(line), Token::Mark(')'), ..] => Act::Runs(line.clone()),
        _ => Act::Anything,
    }
}

/// `print | "command"` and `"command" | getline`
fn piped(tokens: &[Token], at: usize, printing: bool) -> Act {
    let reads = matches!(tokens.get(at + 1), Some(Token::Name(name)) if name == "getline");
    let command = if reads {
        at.checked_sub(1).and_then(|at| tokens.get(at))
    } else {
        tokens.get(at + 1)
    };
    let before = at.checked_sub(2).and_then(|at| tokens.get(at));
    let joined = reads
        && matches!(
            before,
            Some(Token::Text(_) | Token::Name(_) | Token::Value | Token::Mark(')'))
        );
    let after = tokens.get(at + 2);
    let goes_on = !reads && !matches!(after, None | Some(Token::Mark(';' | '}' | '\n')));
    match command {
        Some(Token::Text(line)) if !joined && !goes_on && (reads || printing) => Act::Runs(line.clone()),
        _ => Act::Anything,
    }
}

fn written(after: &[Token]) -> Act {
    match after {
        [Token::Text(file)] | [Token::Text(file), Token::Mark(';' | '}' | '\n'), ..] => {
            Act::Writes(file.clone())
        }
        // A name that the script makes up is a file all the same.
        _ => Act::WritesAny,
    }
}

/// `getline < "file"`
fn got(after: &[Token]) -> Option<Act> {
    let from = after
        .iter()
        .take(3)
        .position(|token| *token == Token::Mark('<'))?;
    match after.get(from + 1) {
        Some(Token::Text(file)) => Some(Act::Reads(file.clone())),
        _ => Some(Act::Reads(String::from("/"))),
    }
}

/// The tokens of a script; `None` where a string does not end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        match c {
            ' ' | '\t' | '\r' => {}
            '#' => at += chars[at..].iter().take_while(|&&c| c != '\n').count(),
            '"' => {
                let (text, end) = string(&chars, at)?;
                tokens.push(Token::Text(text));
                at = end;
            }
            '/' if begins_pattern(tokens.last()) => {
                at = pattern(&chars, at)?;
                tokens.push(Token::Value);
            }
            c if c == '_' || c.is_ascii_alphabetic() => {
                let length = chars[at..]
                    .iter()
                    .take_while(|&&c| c == '_' || c.is_ascii_alphanumeric())
                    .count();
                tokens.push(Token::Name(chars[at - 1..at + length].iter().collect()));
                at += length;
            }
            c if c.is_ascii_digit() || c == '.' => tokens.push(Token::Value),
            '|' | '>' | '&' if chars.get(at) == Some(&c) => {
                tokens.push(Token::Pair(c, c));
                at += 1;
            }
            '|' | '>' | '<' | '!' | '=' if matches!(chars.get(at), Some('&' | '=')) => {
                tokens.push(Token::Pair(c, chars[at]));
                at += 1;
            }
            c => tokens.push(Token::Mark(c)),
        }
    }
    Some(tokens)
}

fn begins_pattern(before: Option<&Token>) -> bool {
    !matches!(
        before,
        Some(Token::Text(_) | Token::Value | Token::Mark(')' | ']'))
    ) && !matches!(before, Some(Token::Name(name)) if name != "return" && name != "print")
}

/// A string; with a backslash in it other than for a new line or a quote it is not known.
fn string(chars: &[char], begin: usize) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = begin;
    loop {
        let c = *chars.get(at)?;
        at += 1;
        match c {
            '"' => return Some((text, at)),
            '\\' => {
                let next = *chars.get(at)?;
                at += 1;
                match next {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    '"' | '\\' | '/' => text.push(next),
                    // In what is only printed any escape is harmless; a command with one is not read.
                    _ => text.push_str("$("),
                }
            }
            c => text.push(c),
        }
    }
}

fn pattern(chars: &[char], begin: usize) -> Option<usize> {
    let mut at = begin;
    let mut class = false;
    loop {
        match chars.get(at)? {
            '\\' => at += 1,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return Some(at + 1),
            '\n' => return None,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_does() {
        #[track_caller]
        fn check(text: &str, expected: Vec<Act>) {
            assert_eq!(acts(text), expected, "{text}");
        }
        check("{print $1}", vec![]);
        check("$3 > 5 {print}", vec![]);
        check("/system\\(/ || $1 == \"|\" {n++} END {print n}", vec![]);
        check("BEGIN{system(\"rm -rf x\")}", vec![Act::Runs("rm -rf x".into())]);
        check("{system(\"rm \" $1)}", vec![Act::Anything]);
        check("{print | \"sh\"}", vec![Act::Runs("sh".into())]);
        check("BEGIN{\"date\" | getline d}", vec![Act::Runs("date".into())]);
        check("{print $1 > \"out\"}", vec![Act::Writes("out".into())]);
        check("{print $1 > $2}", vec![Act::WritesAny]);
        check("{print ($1 > 2)}", vec![]);
        check("\"open", vec![Act::Anything]);
    }
}
