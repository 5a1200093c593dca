//! The language of sed, as far as to see which files a script reads and writes and what it executes.

/// Something that a sed script does besides printing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    Reads(String),
    Writes(String),
    /// `e command`; without one, what it has read.
    Runs(String),
    /// `s/../../e`: what a substitution makes up.
    Executes,
}

/// What a script does; `None` where it cannot be read.
pub(super) fn acts(text: &str) -> Option<Vec<Act>> {
    let mut script = Script {
        rest: text.chars().collect(),
        at: 0,
        acts: Vec::new(),
    };
    script.commands()?;
    Some(script.acts)
}

/// Whether a script of which only the beginning is known is a substitution that cannot have come to its flags: what is
/// unknown in it is then a pattern or its replacement. That it may end there all the same is what a quoted variable
/// means to whoever writes it, and too much to ask of every version number.
pub(super) fn harmless_beginning(text: &str) -> bool {
    let mut chars = text
        .chars()
        .skip_while(|c| c.is_ascii_digit() || matches!(c, ',' | '$' | ' '));
    let (Some('s'), Some(mark)) = (chars.next(), chars.next()) else {
        return text.is_empty() || text.chars().all(|c| c.is_ascii_digit() || c == ',');
    };
    let rest: Vec<char> = chars.collect();
    rest.iter().filter(|&&c| c == mark).count() < 2
}

struct Script {
    rest: Vec<char>,
    at: usize,
    acts: Vec<Act>,
}

impl Script {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
    }

    fn commands(&mut self) -> Option<()> {
        loop {
            self.skip(|c| c.is_whitespace() || matches!(c, ';' | '}'));
            if self.peek().is_none() {
                return Some(());
            }
            self.address()?;
            self.skip(|c| c == ' ' || c == '\t' || c == '!');
            self.command()?;
        }
    }

    fn address(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some('/') => {
                    self.at += 1;
                    self.delimited('/')?;
                    self.skip(|c| c == 'I' || c == 'M');
                }
                Some('\\') => {
                    self.at += 1;
                    let mark = self.next()?;
                    self.delimited(mark)?;
                    self.skip(|c| c == 'I' || c == 'M');
                }
                Some(c) if c.is_ascii_digit() || matches!(c, '$' | ',' | '~' | '+' | ' ') => self.at += 1,
                _ => return Some(()),
            }
        }
    }

    fn command(&mut self) -> Option<()> {
        match self.next()? {
            '{' => {}
            '#' => self.skip(|c| c != '\n'),
            's' => self.substitution()?,
            'y' => {
                let mark = self.next()?;
                self.delimited(mark)?;
                self.delimited(mark)?;
            }
            'a' | 'i' | 'c' => self.text(),
            'r' | 'R' => {
                let file = self.line();
                self.acts.push(Act::Reads(file));
            }
            'w' | 'W' => {
                let file = self.line();
                self.acts.push(Act::Writes(file));
            }
            'e' => {
                let line = self.line();
                self.acts.push(Act::Runs(line));
            }
            ':' | 'b' | 't' | 'T' => self.skip(|c| !matches!(c, '\n' | ';' | '}')),
            'q' | 'Q' | 'l' | 'L' => self.skip(|c| c == ' ' || c.is_ascii_digit()),
            '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F' | 'v' => {}
            _ => return None,
        }
        Some(())
    }

    fn substitution(&mut self) -> Option<()> {
        let mark = self.next().filter(|c| !matches!(c, '\n' | '\\'))?;
        self.delimited(mark)?;
        self.delimited(mark)?;
        loop {
            match self.peek() {
                Some('g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9') => self.at += 1,
                Some('e') => {
                    self.at += 1;
                    self.acts.push(Act::Executes);
                }
                Some('w') => {
                    self.at += 1;
                    let file = self.line();
                    self.acts.push(Act::Writes(file));
                }
                _ => return Some(()),
            }
        }
    }

    /// Up to a mark that no backslash hides, nor a class in brackets in most seds; to be safe both must agree.
    fn delimited(&mut self, mark: char) -> Option<()> {
        loop {
            match self.next()? {
                '\\' => {
                    self.next()?;
                }
                c if c == mark => return Some(()),
                _ => {}
            }
        }
    }

    fn line(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let begin = self.at;
        self.skip(|c| c != '\n');
        self.rest[begin..self.at].iter().collect()
    }

    fn text(&mut self) {
        loop {
            match self.next() {
                None | Some('\n') => return,
                Some('\\') => {
                    self.at += 1;
                }
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_does() {
        #[track_caller]
        fn check(text: &str, expected: Option<Vec<Act>>) {
            assert_eq!(acts(text), expected, "{text}");
        }
        check("s/a/b/g", Some(vec![]));
        check("1,5p;/x/d", Some(vec![]));
        check("s/a/b/w out.txt", Some(vec![Act::Writes("out.txt".into())]));
        check("1e rm -rf x", Some(vec![Act::Runs("rm -rf x".into())]));
        check("s/x/rm y/e", Some(vec![Act::Executes]));
        check("/a/r in", Some(vec![Act::Reads("in".into())]));
        check("s,a\\,b,c,", Some(vec![]));
        check("s/a/b", None);
        check("k", None);
    }
}
