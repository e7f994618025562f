//! The text of every kernel. A convolution's is made for its shape: the sums of a block of pixels and channels stand in registers,
//! and every turn of the one loop, over channels, is written out. (SwiftShader takes half as long for that as for a loop over rows.)
//!
//! Invariant: within WebGPU's default limits for every width that a network may have.

use crate::images::network::{DRAWN, NORM_EPSILON, PATCH, READ, RESIDUAL, WIDE, parts};
use std::fmt::Write;

/// Pictures of a tile, which stand beside each other in every buffer.
pub(super) const TILE: usize = 16;
/// Sums that an invocation keeps, in f32.
const SUMS: usize = 64;
/// Invocations of a workgroup along channels, where nothing asks for more: with a tile, 64 in all.
pub(super) const ALONG: usize = 4;
/// Most invocations of a workgroup.
pub(super) const MOST: usize = 256;
/// Most of them along channels.
const MOST_ALONG: usize = MOST / TILE;
/// Invocations of a workgroup that goes over numbers.
pub(super) const THREADS: usize = 64;

/// A convolution of all pictures, and what becomes of its sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Convolution {
    /// Pixels along a side.
    pub side: usize,
    /// Pixels along a side of what a pixel is made of: 3, with zeros around, or 1.
    pub size: usize,
    /// Channels of what it reads.
    pub entering: usize,
    /// Channels that it writes.
    pub leaving: usize,
    /// Channels of a second product, of the nearest pixels at half the side; 0 is none.
    pub below: usize,
    /// Whether factors are each picture's own, or the same for all.
    pub each: bool,
    pub then: Then,
}

/// What becomes of sums, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Then {
    /// They are scaled, and what the maps beside the picture amount to is added: the first layer's.
    pub enters: bool,
    /// They are the part of a block in its sum.
    pub residual: bool,
    /// They are kept through silu.
    pub seen: bool,
    /// Channels have factors, which stand in for 1 more than they are.
    pub factor: bool,
    /// A pixel is divided by its root mean square.
    pub normalise: bool,
    /// They are kept as they are,
    pub plain: bool,
    /// through silu with zeros around,
    pub activated: bool,
    /// or as means of 2 x 2 pixels.
    pub halved: bool,
}

/// What an invocation works out, and how many there are.
pub(super) struct Block {
    /// Channels, a multiple of four.
    pub channels: usize,
    /// Pixels across and down.
    pub pixels: [usize; 2],
    /// Blocks along the channels.
    pub groups: usize,
    /// Those of a workgroup.
    pub along: usize,
}

/// Channels that a buffer has room for at a width: whole blocks of a kernel that normalises.
pub(super) fn room(width: usize) -> usize {
    width.next_multiple_of(widened(width))
}

/// Channels of a block where all blocks of a pixel are one workgroup's.
fn widened(width: usize) -> usize {
    4 * width.div_ceil(4 * MOST_ALONG)
}

impl Convolution {
    pub fn block(&self) -> Block {
        let channels = match self {
            _ if self.then.normalise => widened(self.leaving),
            // A single pixel is read for many channels, or weights are all that there is to read.
            Self { side: 1, leaving, .. } if leaving.is_multiple_of(ALONG * 16) => 16,
            _ => 4,
        };
        let pixels = match SUMS / channels {
            _ if self.side == 1 => [1, 1],
            16.. => [4, 4],
            8.. => [4, 2],
            4.. => [4, 1],
            2.. => [2, 1],
            _ => [1, 1],
        };
        let groups = self.leaving.div_ceil(channels);
        let along = if self.then.normalise { groups } else { groups.div_ceil(groups.div_ceil(ALONG)) };
        Block { channels, pixels, groups, along }
    }

    /// Workgroups: of blocks of pixels, and of channels.
    pub fn workgroups(&self) -> [usize; 2] {
        let Block { pixels: [across, down], groups, along, .. } = self.block();
        [self.side * self.side / (across * down), groups.div_ceil(along)]
    }

    /// What it binds, in order.
    pub fn bindings(&self) -> Vec<&'static str> {
        let Then { enters, residual, seen, factor, plain, activated, halved, .. } = self.then;
        let optional = [
            ("below", self.below > 0),
            ("factors", factor),
            ("maps", enters),
            ("plain", plain || residual),
            ("seen", seen),
            ("activated", activated),
            ("halved", halved),
        ];
        let others = optional.into_iter().filter_map(|(name, there)| there.then_some(name));
        ["now", "source", "weights"].into_iter().chain(others).collect()
    }

    /// Weights in the order in which they are read: of each block of channels, by channel that enters and place; then those of the
    /// second product in the same way.
    pub fn pack(&self, weights: impl Fn(usize, usize) -> f32, below: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        let Block { channels, groups, .. } = self.block();
        let mut packed = Vec::new();
        let mut pack = |entry: &dyn Fn(usize, usize) -> f32, columns: usize| {
            for group in 0..groups {
                for column in 0..columns {
                    let rows = group * channels..(group + 1) * channels;
                    packed.extend(rows.map(|row| if row < self.leaving { entry(row, column) } else { 0.0 }));
                }
            }
        };
        pack(&weights, self.entering * self.size * self.size);
        pack(&below, self.below);
        packed
    }

    pub fn text(&self) -> String {
        let Self { side, size, entering, then, .. } = *self;
        let Block { channels, pixels: [across, down], groups, along } = self.block();
        let (vectors, places) = (channels / 4, across * down);
        let mut text = include_str!("shaders/now.wgsl").to_owned();
        for (binding, name) in self.bindings().into_iter().enumerate() {
            let (space, of) = match name {
                "now" => ("uniform", "Now"),
                "weights" => ("storage, read", "array<vec4f>"),
                "factors" if !self.each => ("storage, read", "array<vec4f>"),
                "plain" if !then.plain => ("storage, read", "array<f32>"),
                "plain" | "seen" | "activated" | "halved" => ("storage, read_write", "array<f32>"),
                _ => ("storage, read", "array<f32>"),
            };
            let _ = writeln!(text, "@group(0) @binding({binding}) var<{space}> {name}: {of};");
        }
        if then.normalise {
            let _ = writeln!(text, "var<workgroup> squares: array<f32, {}>;", places * along * TILE);
        }
        let (pitch, blocks) = (side + size - 1, side / across);
        let plane = pitch * pitch * TILE;
        let from = if then.enters { "tile % now.tiles" } else { "tile" };
        // Of the picture, the channels that the kernel reads are all that there are.
        let planes = if then.enters { entering } else { room(entering) };
        let _ = write!(
            text,
            "@compute @workgroup_size({TILE}, {along})\n\
             fn convolve(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {{\n\
             let lane = local.x;\nlet tile = group.y;\nlet block = group.z * {along}u + local.y;\n\
             let top = {down}u * (group.x / {blocks}u);\nlet left = {across}u * (group.x % {blocks}u);\n"
        );
        if groups % along != 0 {
            let _ = writeln!(text, "if (block >= {groups}u) {{ return; }}");
        }
        for i in 0..places {
            for r in 0..vectors {
                let _ = writeln!(text, "var v{i}_{r} = vec4f();");
            }
        }
        let _ = write!(
            text,
            "var at = ({from}) * {}u + (top * {pitch}u + left) * {TILE}u + lane;\n\
             var w = block * {}u;\nfor (var c = 0u; c < {entering}u; c++) {{\n",
            planes * plane,
            entering * size * size * vectors
        );
        for y in 0..down + size - 1 {
            for x in 0..across + size - 1 {
                let _ = writeln!(text, "let x{y}_{x} = source[at + {}u];", (y * pitch + x) * TILE);
            }
        }
        for tap in 0..size * size {
            for r in 0..vectors {
                let _ = writeln!(text, "let w{tap}_{r} = weights[w + {}u];", tap * vectors + r);
            }
            for (i, r) in (0..places).flat_map(|i| (0..vectors).map(move |r| (i, r))) {
                let (y, x) = (i / across + tap / size, i % across + tap % size);
                let _ = writeln!(text, "v{i}_{r} += w{tap}_{r} * x{y}_{x};");
            }
        }
        let _ = writeln!(text, "at += {plane}u;\nw += {}u;\n}}", size * size * vectors);
        self.finish(&mut text);
        text + "}\n"
    }

    /// What becomes of the sums.
    fn finish(&self, text: &mut String) {
        let Self { side, leaving, then, .. } = *self;
        let Block { channels, pixels: [across, down], along, .. } = self.block();
        let (vectors, places) = (channels / 4, across * down);
        let each = || (0..places).flat_map(move |i| (0..vectors).map(move |r| (i, r)));
        let _ = write!(
            text,
            "let condition = tile / now.tiles;\nlet level = now.level * now.conditions + condition;\n\
             let numbers = now.numbers[condition];\nlet first = block * {channels}u;\n\
             let pixel = top * {side}u + left;\n\
             let to = (tile * {0}u + first) * {1}u + pixel * {TILE}u + lane;\n",
            room(leaving),
            side * side * TILE
        );
        let pixel = |i: usize| i / across * side + i % across;
        // Of four channels, each a plane after the other.
        let four = |name: &str, at: &str, plane: usize, offset: usize| {
            let of = |k: usize| format!("{name}[{at} + {}u]", k * plane + offset);
            format!("vec4f({}, {}, {}, {})", of(0), of(1), of(2), of(3))
        };
        let (plane, padded) = (side * side * TILE, (side + 2) * (side + 2) * TILE);
        if then.enters {
            let _ = writeln!(text, "let at_map = first * {}u + pixel;", side * side);
            for (i, r) in each() {
                let added = four("maps", "at_map", side * side, 4 * r * side * side + pixel(i));
                let _ = writeln!(text, "v{i}_{r} = numbers.x * v{i}_{r} + {added};");
            }
        }
        if then.residual {
            let [kept, own] = parts(RESIDUAL);
            for (i, r) in each() {
                let before = four("plain", "to", plane, 4 * r * plane + pixel(i) * TILE);
                let _ = writeln!(text, "v{i}_{r} = f32({kept}) * {before} + f32({own}) * v{i}_{r};");
            }
        }
        let store = |text: &mut String, name: &str, at: &str, plane: usize, offset: usize, value: &str| {
            let _ = writeln!(text, "{{ let v = {value};");
            for k in 0..4 {
                let _ = writeln!(text, "{name}[{at} + {}u] = v[{k}];", k * plane + offset);
            }
            *text += "}\n";
        };
        if then.seen {
            for (i, r) in each() {
                let offset = 4 * r * plane + pixel(i) * TILE;
                store(text, "seen", "to", plane, offset, &format!("silu(v{i}_{r})"));
            }
        }
        if then.factor {
            if self.each {
                let tiles = "now.level * now.conditions * now.tiles + tile";
                let _ = writeln!(text, "let own = (({tiles}) * {}u + first) * {TILE}u + lane;", room(leaving));
            }
            for r in 0..vectors {
                let of_level = room(leaving) / 4;
                let of_all = format!("factors[level * {of_level}u + first / 4u + {r}u]");
                let factor = if self.each { four("factors", "own", TILE, 4 * r * TILE) } else { of_all };
                let _ = writeln!(text, "let f{r} = 1.0 + {factor};");
                (0..places).for_each(|i| _ = writeln!(text, "v{i}_{r} *= f{r};"));
            }
        }
        if self.below > 0 {
            self.add_below(text);
        }
        if then.normalise {
            for i in 0..places {
                let sum: Vec<String> = (0..vectors).map(|r| format!("dot(v{i}_{r}, v{i}_{r})")).collect();
                let _ = writeln!(text, "squares[({}u + local.y) * {TILE}u + lane] = {};", i * along, sum.join(" + "));
            }
            *text += "workgroupBarrier();\n";
            for i in 0..places {
                let _ = write!(
                    text,
                    "var n{i} = 0.0;\nfor (var b = 0u; b < {along}u; b++) {{ n{i} += squares[({}u + b) * {TILE}u + lane]; }}\n\
                     n{i} = inverseSqrt(n{i} / {leaving}.0 + {NORM_EPSILON});\n",
                    i * along
                );
                (0..vectors).for_each(|r| _ = writeln!(text, "v{i}_{r} *= n{i};"));
            }
        }
        if then.plain {
            for (i, r) in each() {
                let offset = 4 * r * plane + pixel(i) * TILE;
                store(text, "plain", "to", plane, offset, &format!("v{i}_{r}"));
            }
        }
        if then.activated {
            let pitch = side + 2;
            let _ = writeln!(
                text,
                "let to_padded = (tile * {}u + first) * {padded}u + ((top + 1u) * {pitch}u + left + 1u) * {TILE}u + lane;",
                room(leaving)
            );
            for (i, r) in each() {
                let offset = 4 * r * padded + (i / across * pitch + i % across) * TILE;
                store(text, "activated", "to_padded", padded, offset, &format!("silu(v{i}_{r})"));
            }
        }
        if then.halved {
            let half = side / 2;
            let _ = writeln!(
                text,
                "let to_half = (tile * {}u + first) * {}u + (top / 2u * {half}u + left / 2u) * {TILE}u + lane;",
                room(leaving),
                plane / 4
            );
            for (y, x) in (0..down / 2).flat_map(|y| (0..across / 2).map(move |x| (y, x))) {
                for r in 0..vectors {
                    let of = |dy: usize, dx: usize| format!("v{}_{r}", (2 * y + dy) * across + 2 * x + dx);
                    let mean = format!("0.25 * ({} + {} + ({} + {}))", of(0, 0), of(0, 1), of(1, 0), of(1, 1));
                    let offset = 4 * r * plane / 4 + (y * half + x) * TILE;
                    store(text, "halved", "to_half", plane / 4, offset, &mean);
                }
            }
        }
    }

    /// The second product: each pixel of half the side is read once for the pixels that it is nearest to.
    fn add_below(&self, text: &mut String) {
        let Self { side, size, entering, below, .. } = *self;
        let Block { channels, pixels: [across, down], groups, .. } = self.block();
        let (vectors, half) = (channels / 4, side / 2);
        let [_, own] = parts(0.5);
        for (i, r) in (0..across * down).flat_map(|i| (0..vectors).map(move |r| (i, r))) {
            let _ = writeln!(text, "v{i}_{r} *= f32({own});");
        }
        let plane = half * half * TILE;
        let _ = write!(
            text,
            "var b = tile * {}u + (top / 2u * {half}u + left / 2u) * {TILE}u + lane;\n\
             var u = {}u + block * {}u;\nfor (var c = 0u; c < {below}u; c++) {{\n",
            room(below) * plane,
            groups * entering * size * size * vectors,
            below * vectors
        );
        for (y, x) in (0..down.div_ceil(2)).flat_map(|y| (0..across.div_ceil(2)).map(move |x| (y, x))) {
            let _ = writeln!(text, "let x{y}_{x} = below[b + {}u];", (y * half + x) * TILE);
        }
        for r in 0..vectors {
            let _ = writeln!(text, "let w{r} = weights[u + {r}u];");
            for i in 0..across * down {
                let _ = writeln!(text, "v{i}_{r} += w{r} * x{}_{};", i / across / 2, i % across / 2);
            }
        }
        let _ = writeln!(text, "b += {plane}u;\nu += {vectors}u;\n}}");
    }
}

/// The kernel `draw`: of logits of so many words of each slot that is read, a drawing of so many numbers.
pub(super) fn draw(words: [usize; READ], numbers: usize, each: bool) -> String {
    let ends: Vec<String> = (1..=READ).map(|slot| format!("{}u", words[..slot].iter().sum::<usize>())).collect();
    let all: usize = words.iter().sum();
    format!(
        "const TILE = {TILE}u;\nconst ALONG = {ALONG}u;\nconst SLOTS = {READ}u;\nconst WORDS = {all}u;\nconst ROOM = {}u;\n\
         const DRAWING = {}u;\nconst NUMBERS = {numbers}u;\nconst ENDS = array<u32, {READ}>({});\n\
         const EACH = {each};\n{}{}",
        room(all),
        room(numbers),
        ends.join(", "),
        include_str!("shaders/now.wgsl"),
        include_str!("shaders/draw.wgsl")
    )
}

/// The kernel `leave`: D of what the last convolution says of its own colours and of so many places.
pub(super) fn leave(places: usize) -> String {
    format!(
        "const THREADS = {THREADS}u;\nconst TILE = {TILE}u;\nconst SIDE = {WIDE}u;\nconst PATCH = {PATCH}u;\n\
         const DRAWN = {DRAWN}u;\nconst PLACES = {places}u;\nconst SUMS = {}u;\nconst RECALLED = {}u;\n{}{}",
        room(PATCH + DRAWN * places),
        room(DRAWN * places * WIDE * WIDE),
        include_str!("shaders/now.wgsl"),
        include_str!("shaders/leave.wgsl")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_of_every_width_are_within_webgpus_limits() {
        for width in (4..=512).step_by(4) {
            for (side, normalise) in [4, 8, 16].into_iter().flat_map(|side| [(side, false), (side, true)]) {
                let then = Then { normalise, plain: true, ..Then::default() };
                let layer = Convolution { side, size: 3, entering: width, leaving: width, below: 0, each: false, then };
                let Block { channels, pixels: [across, down], groups, along } = layer.block();
                assert!(channels * groups >= width && channels * groups <= room(width), "{width}");
                assert!(TILE * along <= MOST && side % across == 0 && side % down == 0, "{width}");
                assert!(!normalise || (along == groups && 4 * across * down * along * TILE <= 16 << 10), "{width}");
                let [pixels, blocks] = layer.workgroups();
                assert!(pixels * across * down == side * side && blocks * along >= groups, "{width}");
            }
        }
    }
}
