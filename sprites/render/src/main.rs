//! Renders the sprites of world.json, each directly at its sizes, into sprites.safetensors.gz.
//!
//! `npm ci && cargo run --release --manifest-path render/Cargo.toml`, in this folder.

use flate2::{Compression, GzBuilder};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use safetensors::{Dtype, serialize, tensor::TensorView};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;

type Found<T> = Result<T, Box<dyn Error>>;

const OUT: &str = "sprites.safetensors.gz";

#[derive(Deserialize)]
struct World {
    styles: Vec<Style>,
    concepts: Vec<Concept>,
    riders: Vec<Concept>,
    /// Sides in pixels at which every concept is rendered.
    sizes: Vec<u32>,
}

#[derive(Deserialize)]
struct Style {
    name: String,
    package: String,
    version: String,
}

#[derive(Deserialize)]
struct Concept {
    name: String,
    icon: String,
    /// Further sides in pixels.
    #[serde(default)]
    sizes: Vec<u32>,
    /// What a style calls the icon, where that is not `icon` with or without its dashes.
    #[serde(flatten)]
    names: HashMap<String, Value>,
}

/// An icon set of Iconify's: SVG bodies by name.
struct IconSet {
    json: Value,
}

impl IconSet {
    fn open(style: &Style) -> Found<Self> {
        let folder = format!("node_modules/{}", style.package);
        let manifest: Value = serde_json::from_str(&fs::read_to_string(format!("{folder}/package.json"))?)?;
        if manifest["version"] != style.version.as_str() {
            return Err(format!("{} is version {}, not {}", style.package, manifest["version"], style.version).into());
        }
        Ok(Self { json: serde_json::from_str(&fs::read_to_string(format!("{folder}/icons.json"))?)? })
    }

    /// The SVG of an icon; nothing, if the set has none of this name.
    fn svg(&self, name: &str) -> Option<String> {
        let mut name = name;
        while let Some(alias) = self.json["aliases"].get(name) {
            name = alias["parent"].as_str()?;
        }
        let icon = self.json["icons"].get(name)?;
        let number = |key: &str, default: f64| icon[key].as_f64().or(self.json[key].as_f64()).unwrap_or(default);
        let (left, top) = (number("left", 0.0), number("top", 0.0));
        let (width, height) = (number("width", 16.0), number("height", 16.0));
        let body = icon["body"].as_str()?;
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             viewBox=\"{left} {top} {width} {height}\">{body}</svg>"
        ))
    }
}

/// Premultiplied RGBA, `side` x `side`, the picture centred and as large as fits.
fn render(svg: &str, side: u32) -> Found<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default())?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = side as f32 / width.max(height);
    let place = |length: f32| 0.5 * (side as f32 - scale * length);
    let mut pixels = Pixmap::new(side, side).ok_or("a size is 0")?;
    let transform = Transform::from_scale(scale, scale).post_translate(place(width), place(height));
    resvg::render(&tree, transform, &mut pixels.as_mut());
    Ok(pixels.data().to_vec())
}

fn main() -> Found<()> {
    let text = fs::read_to_string("world.json")?;
    let world: World = serde_json::from_str(&text)?;
    let sets = world.styles.iter().map(IconSet::open).collect::<Found<Vec<_>>>()?;
    let all: Vec<&Concept> = world.concepts.iter().chain(&world.riders).collect();
    let mut sprites: BTreeMap<u32, (Vec<u8>, Vec<String>)> = BTreeMap::new();
    for (index, concept) in all.iter().enumerate() {
        let own = if index < world.concepts.len() { &world.sizes[..] } else { &[] };
        let sides: BTreeSet<u32> = own.iter().chain(&concept.sizes).copied().collect();
        for (style, set) in world.styles.iter().zip(&sets) {
            let name = concept.names.get(&style.name).and_then(Value::as_str).unwrap_or(&concept.icon);
            let Some(svg) = set.svg(name) else {
                println!("{} has no {}", style.name, concept.name);
                continue;
            };
            for &side in &sides {
                let (bytes, names) = sprites.entry(side).or_default();
                bytes.extend(render(&svg, side)?);
                names.push(format!("{}/{}", concept.name, style.name));
            }
        }
    }
    let mut described: Map<String, Value> = serde_json::from_str(&text)?;
    let order = sprites.iter().map(|(side, (_, names))| (side.to_string(), names.join(" ").into()));
    described.insert("sprites".into(), Value::Object(order.collect()));
    // One entry: of several the order would be by chance.
    let metadata = HashMap::from([("world".to_owned(), serde_json::to_string(&described)?)]);
    let mut tensors = Vec::new();
    for (side, (bytes, names)) in &sprites {
        let shape = vec![names.len(), *side as usize, *side as usize, 4];
        tensors.push((side.to_string(), TensorView::new(Dtype::U8, shape, bytes)?));
        println!("{side} px: {} sprites", names.len());
    }
    let bytes = serialize(tensors, Some(metadata))?;
    // Without a time: the same sprites are the same bytes.
    let mut file = GzBuilder::new().write(File::create(OUT)?, Compression::best());
    file.write_all(&bytes)?;
    println!("{OUT}: {} bytes, {} before", file.finish()?.metadata()?.len(), bytes.len());
    Ok(())
}
