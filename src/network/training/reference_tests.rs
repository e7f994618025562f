use super::*;

#[test]
#[ignore]
fn export() {
    let t = Trainer::new(TrainingConfig { classes: Classes::A, hidden: 16, batch: 100, seed: 3 }).unwrap();
    let batch = Batch { mixture: &t.mixture, lanes: &t.lanes, seed: 3, iteration: 0, size: 100 };
    let mut rows = Vec::new();
    for index in 0..batch.tiles() {
        let mut tile = batch::TileBatch::default();
        batch.draw(index, &mut tile);
        for i in (0..crate::lanes::TILE).filter(|&i| tile.share[i] > 0.0) {
            rows.push([tile.x[i], tile.y[i], tile.sigma[i]].map(f64::from));
        }
    }
    std::fs::write("/tmp/batch.json", serde_json::to_string(&rows).unwrap()).unwrap();
}
