//! Words and signs of a rule's text, each with its place.

use super::{Mistake, Span};

/// A word or a sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind<'a> {
    Number(f64),
    Name(&'a str),
    /// One of [`SIGNS`].
    Sign(&'static str),
    /// Of a line, by a line break or `;`.
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    pub span: Span,
}

/// The longer ones first.
const SIGNS: [&str; 17] = ["<=", ">=", "==", "!=", "..", "+", "-", "*", "/", "^", "(", ")", ",", "=", ":", "<", ">"];
/// What papers print in place of some.
const PRINTED: [(char, &str); 5] = [('−', "-"), ('·', "*"), ('×', "*"), ('≤', "<="), ('≥', ">=")];
/// Digits that an f64 keeps as they are, and powers of ten that it has exactly.
const DIGITS: usize = 15;

/// All tokens of a text, the last of them an [`Kind::End`]. Within brackets a line goes on; behind `#` stands a remark.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Mistake> {
    let (mut found, mut at, mut depth) = (Vec::new(), 0, 0i32);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if first == '\n' || first == ';' {
            if depth > 0 && first == '\n' {
                at += 1;
                continue;
            }
            depth = 0;
            (Kind::End, 1)
        } else if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            let length = number_length(rest.as_bytes());
            let number = number(&rest[..length]);
            let mistake = || Mistake::new("A number has at most 15 digits here.", at, at + length);
            (Kind::Number(number.ok_or_else(mistake)?), length)
        } else if first.is_ascii_alphabetic() {
            let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let length = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            (Kind::Name(&rest[..length]), length)
        } else if let Some((printed, sign)) = PRINTED.into_iter().find(|(printed, _)| *printed == first) {
            (Kind::Sign(sign), printed.len_utf8())
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            depth += i32::from(sign == "(") - i32::from(sign == ")");
            (Kind::Sign(sign), sign.len())
        } else {
            let end = at + first.len_utf8();
            return Err(Mistake::new(["`", &text[at..end], "` has no meaning in a rule."].concat(), at, end));
        };
        found.push(Token { kind, span: [at, at + length] });
        at += length;
    }
    found.push(Token { kind: Kind::End, span: [at, at] });
    Ok(found)
}

/// Bytes of the number that a text begins with: digits with a point between, and a power of ten; not the two points of a range.
fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| from + text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if text.get(end) == Some(&b'.') && text.get(end + 1) != Some(&b'.') {
        end = digits(end + 1);
    }
    if let Some(b'e' | b'E') = text.get(end) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'-' | b'+')));
        let power = digits(end + 1 + sign);
        if power > end + 1 + sign {
            end = power;
        }
    }
    end
}

/// The number that is written so. Both its digits and its power of ten are exact, so that it is rounded once.
fn number(text: &str) -> Option<f64> {
    let (digits, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (mut whole, mut places, mut behind) = (0u64, 0i32, false);
    if digits.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count() > DIGITS {
        return None;
    }
    for byte in digits.bytes() {
        if byte == b'.' {
            behind = true;
        } else {
            whole = 10 * whole + u64::from(byte - b'0');
            places += i32::from(behind);
        }
    }
    let power = power.parse::<i32>().ok().filter(|power| power.abs() < 100)? - places;
    let ten = |power: i32| (0..power).fold(1.0f64, |product, _| 10.0 * product);
    (power.abs() < 38).then(|| if power < 0 { whole as f64 / ten(-power) } else { whole as f64 * ten(power) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_rust() {
        for text in ["0", "1", "1.05", "3.25e-3", "0.1", "123456789012345", ".5", "2.", "1e-20", "7E+5", "0.000123"] {
            let [Token { kind: Kind::Number(found), .. }, _] = tokens(text).unwrap()[..] else { panic!("{text}") };
            assert_eq!(found, text.parse::<f64>().unwrap(), "{text}");
        }
        assert!(tokens("1234567890123456").is_err() && tokens("1e99").is_err());
        let range: Vec<_> = tokens("1..2.5").unwrap().into_iter().map(|token| token.kind).collect();
        assert_eq!(range, [Kind::Number(1.0), Kind::Sign(".."), Kind::Number(2.5), Kind::End]);
    }

    #[test]
    fn signs_of_papers_are_read_and_remarks_are_not() {
        let kinds: Vec<_> = tokens("D1 − 2·(d\n+ x) # and so on\n").unwrap().into_iter().map(|t| t.kind).collect();
        let (name, signs) = (Kind::Name, Kind::Sign);
        let expected = [
            name("D1"),
            signs("-"),
            Kind::Number(2.0),
            signs("*"),
            signs("("),
            name("d"),
            signs("+"),
            name("x"),
            signs(")"),
            Kind::End,
            Kind::End,
        ];
        assert_eq!(kinds, expected);
        assert_eq!(tokens("w $ 2").unwrap_err().span, [2, 3]);
    }
}
