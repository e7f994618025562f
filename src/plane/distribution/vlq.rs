//! Whole numbers as text that an address can hold: the Base64 VLQ of source maps (ECMA-426) in the letters of base64url. A letter
//! has five bits of a number, the least first, and whether more follow; the first bit of a signed number is its sign. A number has
//! one such text: none is read that ends in nothing, or that is less than zero and zero.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Append a number.
#[cfg(any(not(target_arch = "wasm32"), feature = "own-data", test))]
pub(super) fn write(text: &mut String, mut number: u32) {
    loop {
        let more = number >> 5;
        text.push(LETTERS[(number & 31 | u32::from(more > 0) << 5) as usize].into());
        number = more;
        if number == 0 {
            return;
        }
    }
}

/// Append a number with a sign.
#[cfg(any(not(target_arch = "wasm32"), feature = "own-data", test))]
pub(super) fn write_signed(text: &mut String, number: i32) {
    write(text, number.unsigned_abs() << 1 | u32::from(number < 0));
}

/// What is left of a text.
pub(super) struct Reader<'a>(pub std::slice::Iter<'a, u8>);

impl Reader<'_> {
    /// The next number; none at the end, at another letter, or where it is not written as it should be or has more than 30 bits.
    pub fn next(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..30).step_by(5) {
            let letter = self.0.next()?;
            let bits = LETTERS.iter().position(|each| each == letter)? as u32;
            number |= (bits & 31) << shift;
            if bits < 32 {
                return (bits > 0 || shift == 0).then_some(number);
            }
        }
        None
    }

    /// The next number with a sign.
    pub fn signed(&mut self) -> Option<i32> {
        let number = self.next()?;
        let size = (number >> 1) as i32;
        if number & 1 == 0 { Some(size) } else { (size > 0).then_some(-size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the source map format: 0, 1, -1, 15, 16, 511 and 512 in its letters, of which none needs the last two.
    #[test]
    fn numbers_are_those_of_source_maps() {
        for (number, text) in [(0, "A"), (1, "C"), (-1, "D"), (15, "e"), (16, "gB"), (511, "-f"), (512, "ggB")] {
            let mut written = String::new();
            write_signed(&mut written, number);
            assert_eq!(written, text.replace('+', "-"));
            let mut reader = Reader(text.as_bytes().iter());
            assert_eq!(reader.signed(), Some(number));
            assert_eq!(reader.next(), None);
        }
        for bad in ["", "g", "!", "ggggggg"] {
            assert_eq!(Reader(bad.as_bytes().iter()).next(), None, "{bad}");
        }
        // The same numbers once more, written longer.
        for long in ["gA", "hgA"] {
            assert_eq!(Reader(long.as_bytes().iter()).next(), None, "{long}");
        }
        assert_eq!(Reader(b"B".iter()).signed(), None);
    }
}
