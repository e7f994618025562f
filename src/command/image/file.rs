//! Pictures as files.

use crate::Error;
use crate::command::Failure;
use crate::images::{NUMBERS, SIDE, World};
use png::{BitDepth, ColorType, Encoder};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::collections::HashMap;

/// Pixels between pictures of a grid, where each pixel is one.
const GAP: usize = 1;
/// Most pictures in a row.
const ACROSS: usize = 16;

/// What a file's name asks for.
#[derive(Clone, Copy)]
pub enum Form {
    Png,
    Npy,
    Tensors,
}

impl Form {
    /// # Errors
    /// If it asks for none that there is.
    pub fn of(path: &str) -> Result<Self, Failure> {
        match path.rsplit_once('.') {
            Some((_, "png")) => Ok(Self::Png),
            Some((_, "npy")) => Ok(Self::Npy),
            Some((_, "safetensors")) => Ok(Self::Tensors),
            _ => Err(Failure::new(
                format!("{path}: this is no kind of file for pictures."),
                "Give .png, .npy or .safetensors.",
            )),
        }
    }

    /// The bytes of a file of pictures, and of how they came about.
    pub fn encode(self, pictures: &[f32], world: &World, scale: u32, comment: &str) -> Vec<u8> {
        match self {
            Self::Png => {
                let across = ((pictures.len() / NUMBERS) as f64).sqrt().ceil() as usize;
                grid(pictures, across.min(ACROSS), world, scale, comment)
            }
            Self::Npy => npy(&colours(pictures, world)),
            Self::Tensors => tensors(&colours(pictures, world), comment),
        }
    }
}

/// Red, green and blue from 0 to 1, but for what leaves the range.
fn colours(pictures: &[f32], world: &World) -> Vec<f32> {
    pictures.iter().enumerate().map(|(i, v)| world.colour(i % 3, f64::from(*v)) as f32).collect()
}

/// So many pictures and what is between them, in their own pixels.
pub fn side(pictures: usize) -> usize {
    pictures * (SIDE + GAP) - GAP
}

/// A grid of pictures, so many in a row, each of its pixels `scale` x `scale`, on a transparent ground.
pub fn grid(pictures: &[f32], across: usize, world: &World, scale: u32, comment: &str) -> Vec<u8> {
    let (scale, count) = (scale as usize, pictures.len() / NUMBERS);
    let (width, height) = (side(across) * scale, side(count.div_ceil(across)) * scale);
    let mut pixels = vec![0; 4 * width * height];
    for (i, colour) in colours(pictures, world).as_chunks::<3>().0.iter().enumerate() {
        let (picture, pixel) = (i / (SIDE * SIDE), i % (SIDE * SIDE));
        let at = |place: usize, within: usize| (place * (SIDE + GAP) + within) * scale;
        let (top, left) = (at(picture / across, pixel / SIDE), at(picture % across, pixel % SIDE));
        let [r, g, b] = colour.map(|v| (255.0 * v).round().clamp(0.0, 255.0) as u8);
        for y in top..top + scale {
            let row = &mut pixels[4 * (y * width + left)..][..4 * scale];
            row.as_chunks_mut().0.fill([r, g, b, 255]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    for (key, text) in [("Comment", comment.to_owned()), ("Copyright", world.credits())] {
        encoder.add_itxt_chunk(key.to_owned(), text).expect("the keys are short");
    }
    let mut writer = encoder.write_header().expect("there is a picture");
    writer.write_image_data(&pixels).expect("all of its pixels");
    writer.finish().expect("memory takes all bytes");
    bytes
}

/// NumPy's format, version 1: pictures x 32 x 32 x 3.
fn npy(colours: &[f32]) -> Vec<u8> {
    let count = colours.len() / NUMBERS;
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {SIDE}, {SIDE}, 3), }}");
    // Numbers begin at a multiple of 64, after a line's end.
    let length = (10 + header.len() + 1).next_multiple_of(64);
    header.push_str(&" ".repeat(length - 10 - header.len() - 1));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(colours.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

/// One tensor, `pictures`, and how it came about as `run`.
fn tensors(colours: &[f32], comment: &str) -> Vec<u8> {
    let bytes: Vec<u8> = colours.iter().flat_map(|v| v.to_le_bytes()).collect();
    let shape = vec![colours.len() / NUMBERS, SIDE, SIDE, 3];
    let view = TensorView::new(Dtype::F32, shape, &bytes).expect("shape and numbers agree");
    let metadata = HashMap::from([("run".to_owned(), comment.to_owned())]);
    safetensors::serialize([("pictures", view)], Some(metadata)).expect("the name is one")
}

/// The picture in a PNG of 32 x 32 pixels, as data.
///
/// # Errors
/// If it is none, of another size, or not opaque.
pub fn decode(path: &str, world: &World) -> Result<Vec<f32>, Failure> {
    let bad = |problem: String| Failure::new(format!("{path}: {problem}."), "Give PNGs of 32 x 32 opaque pixels.");
    let file = std::fs::File::open(path).map_err(|e| Error::File { path: path.to_owned(), problem: e.to_string() })?;
    let mut decoder = png::Decoder::new(std::io::BufReader::new(file));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|e| bad(format!("this is no PNG ({e})")))?;
    let (width, height) = reader.info().size();
    if (width, height) != (SIDE as u32, SIDE as u32) {
        return Err(bad(format!("it has {width} x {height} pixels")));
    }
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or(0)];
    let info = reader.next_frame(&mut bytes).map_err(|e| bad(format!("this is no whole PNG ({e})")))?;
    let samples = info.color_type.samples();
    let mut picture = Vec::with_capacity(NUMBERS);
    for pixel in bytes.chunks_exact(samples) {
        let (colour, opacity) = match *pixel {
            [grey] => ([grey; 3], 255),
            [grey, opacity] => ([grey; 3], opacity),
            [r, g, b] => ([r, g, b], 255),
            _ => ([pixel[0], pixel[1], pixel[2]], pixel[3]),
        };
        if opacity != 255 {
            return Err(bad("a pixel is not opaque, and has no colour of its own".to_owned()));
        }
        picture.extend((0..3).map(|c| world.value(c, f64::from(colour[c]) / 255.0) as f32));
    }
    Ok(picture)
}
