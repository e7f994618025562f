//! Weights as safetensors, under the names that weights/images/export.py gives them.

use super::{
    Block, DRAWN, Embedding, FREQUENCIES, Layers, MAPS, Matrix, Memory, Network, PATCH, READ, SLOTS, SUBJECTS, WIDE,
};
use crate::error::{Error, Result};
use crate::images::World;
use crate::tensors::Tensors;

/// Widest layer that is read.
const MOST: usize = 512;
/// Most channels that words are read from: of more, a device keeps rooms between (`room` in engine/gpu/shader.rs).
const MOST_SEEN: usize = 64;
/// Most places of a drawing.
const MOST_PLACES: usize = 4;

impl Network {
    /// Read a network for the words of a world; of any widths that are multiples of four.
    ///
    /// # Errors
    /// [`Error::Weights`], naming the tensor, what was expected and what was found: a file that is not safetensors or is cut off, a
    /// tensor missing, of another shape or type, or with a number that is not finite.
    pub fn from_safetensors(bytes: &[u8], world: &World) -> Result<Self> {
        let file = Tensors::read(bytes)?;
        let width_up_to = |most: usize, name: &str| {
            let found = file.get(name).ok_or_else(|| Error::weights(name, "a tensor", "none"))?.shape.first().copied();
            match found {
                Some(width) if width % 4 == 0 && (4..=most).contains(&width) => Ok(width),
                other => {
                    let expected = format!("a multiple of four rows, 4 to {most}");
                    Err(Error::weights(name, expected, other.map_or_else(|| "none".to_owned(), |n| n.to_string())))
                }
            }
        };
        let width = |name: &str| width_up_to(MOST, name);
        let widths @ [a, b, c] = [width("enter")?, width("down8")?, width("down4")?];
        let embedding = width("noise")?;
        let seen = width_up_to(MOST_SEEN, "look")?;
        let leaving = width("leave")?;
        let places = (leaving - PATCH.min(leaving)) / DRAWN;
        if !(1..=MOST_PLACES).contains(&places) || leaving != PATCH + places * DRAWN {
            let expected = format!("{PATCH} rows, and {DRAWN} for each of 1 to {MOST_PLACES} places");
            return Err(Error::weights("leave", expected, leaving.to_string()));
        }
        let matrix = |name: &str, rows: usize, shape: &[usize]| {
            let values = file.numbers(name, &[&[rows], shape].concat())?;
            let size = shape.get(1).copied().unwrap_or(1);
            Ok::<_, Error>(Matrix { rows, columns: shape.iter().product(), size, values })
        };
        let wide = |name: &str, rows: usize, channels: usize| matrix(name, rows, &[channels, 3, 3]);
        let narrow = |name: &str, rows: usize, channels: usize| matrix(name, rows, &[channels, 1, 1]);
        let gate = |name: &str, rows: usize| matrix(name, rows, &[embedding]);
        let block = |name: &str, width: usize| {
            Ok::<_, Error>(Block {
                first: wide(&format!("{name}.first"), width, width)?,
                modulation: gate(&format!("{name}.modulation"), width)?,
                second: wide(&format!("{name}.second"), width, width)?,
            })
        };
        let layers = Layers {
            enter: wide("enter", a, PATCH + MAPS)?,
            encode16: block("encode16", a)?,
            down8: narrow("down8", b, a)?,
            encode8: block("encode8", b)?,
            down4: narrow("down4", c, b)?,
            encode4: block("encode4", c)?,
            look: narrow("look", seen, c)?,
            gate4: gate("gate4", c)?,
            decode4: block("decode4", c)?,
            up8: narrow("up8", b, c)?,
            skip8: narrow("skip8", b, b)?,
            gate8: gate("gate8", b)?,
            decode8: block("decode8", b)?,
            up16: narrow("up16", a, b)?,
            skip16: narrow("skip16", a, a)?,
            gate16: gate("gate16", a)?,
            decode16: block("decode16", a)?,
            leave: wide("leave", leaving, a)?,
        };
        let counts = world.words_by_slot();
        let columns = seen * (WIDE / 4) * (WIDE / 4);
        let mut reading = Matrix { rows: 0, columns, size: 1, values: Vec::new() };
        for (slot, count) in SLOTS[..READ].iter().zip(counts) {
            reading.values.extend(matrix(&format!("reading.{slot}"), count + 1, &[columns])?.values);
            reading.rows += count + 1;
        }
        let words = std::array::from_fn(|slot| counts[slot] + 1);
        let memory = Memory { reading, words, drawings: gate("drawings", places * DRAWN * WIDE * WIDE)? };
        let mut tables = Vec::new();
        for (slot, count) in SLOTS.iter().zip(counts) {
            tables.push(gate(&format!("words.{slot}"), count + 1)?);
        }
        for (slot, count) in SLOTS[..SUBJECTS].iter().zip(counts) {
            tables.push(gate(&format!("subjects.{slot}"), count + 1)?);
        }
        let subjects = tables.split_off(SLOTS.len());
        let found = (<[Matrix; SLOTS.len()]>::try_from(tables), <[Matrix; SUBJECTS]>::try_from(subjects));
        let (Ok(words), Ok(subjects)) = found else { unreachable!("a table was read for each slot") };
        let embedding = Embedding {
            words,
            subjects,
            styles: gate("styles", counts[super::STYLE] + 1)?,
            frequencies: file.numbers("frequencies", &[FREQUENCIES])?,
            phases: file.numbers("phases", &[FREQUENCIES])?,
            noise: matrix("noise", embedding, &[FREQUENCIES])?,
        };
        let sigma_data = f64::from(file.numbers("sigma_data", &[])?[0]);
        if sigma_data <= 0.0 {
            return Err(Error::weights("sigma_data", "a number above 0", sigma_data.to_string()));
        }
        Ok(Self { widths, sigma_data, embedding, memory, layers, metadata: file.metadata })
    }
}
