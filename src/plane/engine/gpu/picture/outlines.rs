//! Outlines of the data, worked out on the device while pictures are drawn.

use super::{GridUniform, Painter};
use crate::error::Result;
use crate::gpu::now;
use crate::plane::distribution::{Classes, Id};
use crate::plane::engine::View;
use crate::plane::engine::gpu::field::{Field, Values};
use crate::plane::engine::gpu::tables::ModelTable;
use crate::plane::{Model, Models};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Side of the grid of a part that is looked at closely.
const CLOSE: usize = 384;
/// Sides of the grids that outlines are drawn from, each finer than the one before.
const SIDES: [usize; 4] = [96, 192, 384, 768];
/// Seconds that a grid may have taken for the next, four times as large, to be begun.
const PATIENCE: f64 = 2.0;

/// Outlines of everything, and of the part that was last looked at closely.
#[derive(Default)]
pub(super) struct Outlined {
    pub whole: Option<Outlines>,
    pub close: Option<Outlines>,
}

/// Log-densities of both classes on a grid, fine enough to outline them.
pub(super) struct Outlines {
    pub levels: [f32; 2],
    pub part: View,
    pub grid: wgpu::BindGroup,
}

/// Works the outlines of a distribution out, coarse grids first. They are drawn for as long as it is kept.
pub struct OutlineWork {
    distribution: Id,
    found: Rc<RefCell<Outlined>>,
    field: Field,
    levels: [f32; 2],
    whole: View,
    index: usize,
    /// What is under way.
    values: Option<(View, Values)>,
    seconds: f64,
    /// The part that was last worked out closely.
    close: Option<View>,
}

impl OutlineWork {
    /// What is outlined.
    pub fn distribution(&self) -> Id {
        self.distribution
    }

    /// Grids that are done.
    pub fn grids(&self) -> usize {
        self.index
    }
}

impl Painter {
    /// Begin to work out where the data is.
    ///
    /// # Errors
    /// If the device refuses.
    pub async fn outline(&self, models: &Models) -> Result<OutlineWork> {
        let classes = [Classes::A, Classes::B];
        let [a, b] = classes.map(|class| ModelTable::new(&Model::Exact(Arc::clone(models.mixture(class))), &[0.0]));
        let field = Field::new(&self.gpu, &a?, Some(&b?)).await?;
        let levels = classes.map(|class| models.mixture(class).outline_level() as f32);
        let (distribution, found) = (models.distribution().id(), Rc::default());
        let mut outlined = self.outlined.borrow_mut();
        outlined.retain(|(of, found)| *of != distribution && found.strong_count() > 0);
        outlined.push((distribution, Rc::downgrade(&found)));
        let half = models.mixture(Classes::AB).reach();
        let whole = View { x: 0.0, y: 0.0, half_width: half, half_height: half };
        Ok(OutlineWork { distribution, found, field, levels, whole, index: 0, values: None, seconds: 0.0, close: None })
    }

    /// Go on for about 8 ms, over all and then over the square `close`; false if nothing is left. After true, pictures may
    /// look better than before.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn advance_outline(&self, work: &mut OutlineWork, close: Option<View>) -> Result<bool> {
        let (part, side) = match (SIDES.get(work.index), close) {
            (Some(&side), _) => (work.whole, side),
            (None, Some(part)) if work.close != Some(part) => (part, CLOSE),
            _ => return Ok(false),
        };
        let start = now();
        let mut values = match work.values.take() {
            Some((of, values)) if of == part => values,
            _ => work.field.at(&grid(part, side)).await?,
        };
        let more = work.field.advance(&mut values).await?;
        work.seconds += now() - start;
        if more {
            work.values = Some((part, values));
            return Ok(true);
        }
        let corner = [(part.x - part.half_width) as f32, (part.y - part.half_height) as f32];
        let spacing = (2.0 * part.half_width / (side - 1) as f64) as f32;
        let uniform = GridUniform { corner, spacing, side: side as u32 };
        let buffer = self.gpu.uniform("grid", size_of::<GridUniform>());
        self.gpu.queue.write_buffer(&buffer, 0, bytemuck::bytes_of(&uniform));
        let layout = self.regions.get_bind_group_layout(1);
        let grid = self.gpu.bind_to(&layout, &[&buffer, &values.buffer]);
        let outlines = Some(Outlines { levels: work.levels, part, grid });
        if work.index == SIDES.len() {
            work.found.borrow_mut().close = outlines;
            work.close = Some(part);
        } else {
            work.found.borrow_mut().whole = outlines;
            work.index = if work.seconds > PATIENCE { SIDES.len() } else { work.index + 1 };
        }
        work.seconds = 0.0;
        Ok(true)
    }

    /// The outlines of a distribution, as far as they are worked out.
    pub(super) fn found(&self, distribution: Id) -> Option<Rc<RefCell<Outlined>>> {
        self.outlined.borrow().iter().find(|(of, _)| *of == distribution)?.1.upgrade()
    }
}

/// Points of a grid over a square, rows upwards.
fn grid(part: View, side: usize) -> Vec<[f32; 2]> {
    let place = |centre: f64, i: usize| (centre + part.half_width * (2.0 * i as f64 / (side - 1) as f64 - 1.0)) as f32;
    (0..side * side).map(|i| [place(part.x, i % side), place(part.y, i / side)]).collect()
}
