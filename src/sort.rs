//! Floats in ascending order.
//!
//! By their bits, eight at a time: in wasm the library's sort takes twelve times as many bytes as this.

/// Sort as [`f32::total_cmp`] orders: -0 before 0, numbers that are none at the ends.
pub(crate) fn ascending(numbers: &mut [f32]) {
    let mut keys: Vec<u32> = numbers.iter().map(|number| key(number.to_bits())).collect();
    let mut sorted = vec![0; keys.len()];
    for shift in [0, 8, 16, 24] {
        let digit = |key: u32| (key >> shift) as usize & 0xff;
        // Of each digit, where the next key that has it goes.
        let mut places = [0usize; 257];
        keys.iter().for_each(|&key| places[digit(key) + 1] += 1);
        for i in 1..257 {
            places[i] += places[i - 1];
        }
        for &key in &keys {
            let place = &mut places[digit(key)];
            sorted[*place] = key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut sorted);
    }
    for (number, key) in numbers.iter_mut().zip(keys) {
        *number = f32::from_bits(if key >> 31 == 1 { key ^ (1 << 31) } else { !key });
    }
}

/// Bits in the order of the numbers: those of negative ones backwards, and before all others.
fn key(bits: u32) -> u32 {
    if bits >> 31 == 1 { !bits } else { bits ^ (1 << 31) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, words};

    #[test]
    fn as_the_library_sorts() {
        let special = [0.0, -0.0, f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MIN_POSITIVE, -1e-45];
        for count in [0, 1, 2, 255, 5000] {
            let drawn = (0..count).map(|i| f32::from_bits(words(1, Stream::Start, i, 0)[0]));
            let mut ours: Vec<f32> = drawn.chain(special).collect();
            let mut theirs = ours.clone();
            ascending(&mut ours);
            theirs.sort_unstable_by(f32::total_cmp);
            let bits = |numbers: Vec<f32>| numbers.into_iter().map(f32::to_bits).collect::<Vec<_>>();
            assert_eq!(bits(ours), bits(theirs), "{count}");
        }
    }
}
