//! What messages, caches and registries know a distribution by.

use crate::error::{Error, Result};

/// A hash of a distribution's content: the same on every machine, and of one distribution only. As text it is sixteen
/// hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(u64);

impl Id {
    /// Of a content: FNV-1a with 64 bits (Fowler, Noll, Vo; RFC 9923).
    pub(super) fn of(content: &str) -> Self {
        Self(
            content
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
        )
    }
}

impl Id {
    /// Its first eight digits, which tell apart what one person has.
    pub(super) fn brief(self) -> String {
        format!("{:08x}", self.0 >> 32)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let id = u64::from_str_radix(text, 16).ok().map(Self).filter(|id| id.to_string() == text);
        id.ok_or_else(|| Error::invalid("A distribution's id", "of 16 hexadecimal digits", ["\"", text, "\""].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::Distribution;

    /// The test vectors of the algorithm's authors (RFC 9923, appendix C), and an id that pages compute as well.
    #[test]
    fn ids_are_fnv_1a() {
        let texts = ["", "a", "foobar"].map(|text| Id::of(text).to_string());
        assert_eq!(texts, ["cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8"]);
        let [paper, seven] = [Distribution::PAPER, Distribution::Tree { seed: 7 }].map(|data| data.id());
        assert_eq!(paper, Id::of("tree-2"));
        assert_ne!(paper, seven);
        assert_eq!(paper.to_string().parse(), Ok(paper));
        for text in ["", "tree-2", "cbf29ce48422232", "cbf29ce4842223251", "+bf29ce484222325"] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
