use crate::lanes::TILE;

/// Some points as coordinates apart; lanes beyond `count` repeat the last point.
pub(crate) struct PointTile {
    pub x: [f32; TILE],
    pub y: [f32; TILE],
    pub count: usize,
}

impl PointTile {
    /// `points` in tiles.
    pub fn split(points: &[[f32; 2]]) -> impl Iterator<Item = Self> {
        points.chunks(TILE).map(Self::of)
    }

    /// One tile of 1 to `TILE` points.
    pub fn of(points: &[[f32; 2]]) -> Self {
        let last = points[points.len() - 1];
        let coordinate = |axis: usize| std::array::from_fn(|i| points.get(i).unwrap_or(&last)[axis]);
        Self { x: coordinate(0), y: coordinate(1), count: points.len() }
    }

    /// Put the points, without the repeated ones, at the beginning of `out`.
    pub fn write(&self, out: &mut [[f32; 2]]) {
        for (out, (&x, &y)) in out[..self.count].iter_mut().zip(self.x.iter().zip(&self.y)) {
            *out = [x, y];
        }
    }
}
