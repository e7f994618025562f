use guidance_playground::distribution::Classes;
use guidance_playground::engine::{
    RunConfig, cpu,
    gpu::{Gpu, Run},
};
use guidance_playground::guidance::*;
use guidance_playground::network::Network;
use guidance_playground::sampling::*;
use std::rc::Rc;
use std::time::Instant;
fn main() {
    pollster::block_on(async {
        let t = Instant::now();
        let gpu = Rc::new(Gpu::open(true).await.unwrap());
        println!("{} open {:?}", gpu.description(), t.elapsed());
        let n: usize = std::env::args().nth(1).map_or(256, |a| a.parse().unwrap());
        let mut models = Models::new();
        for info in schemes() {
            for name in info.scheme.models() {
                let path = format!("weights/{name}.safetensors");
                models.add(name, Network::from_safetensors(&std::fs::read(&path).unwrap()).unwrap());
            }
        }
        let start = starts(models.mixture(Classes::A), 5.0, 1, 0..n);
        let exact = Scheme {
            main: "exact:A".into(),
            guide: Some(Guide { model: "exact:AB".into(), sigma_scale: 1.0 }),
            weight: 2.0,
        };
        let net = schemes()[2].scheme.clone();
        let mixed = Scheme { guide: Some(Guide { model: "exact:AB".into(), sigma_scale: 1.1 }), ..net.clone() };
        for scheme in [net, exact, mixed] {
            let config = RunConfig { scheme, solver: Solver::Heun, levels: NoiseLevels::default() };
            let t = Instant::now();
            let mut run = Run::new(&gpu, &config, &models, &start).await.unwrap();
            println!("{:?}\n  new {:?} compiling {:.2}", config.scheme, t.elapsed(), gpu.compiling());
            for round in 0..2 {
                let t = Instant::now();
                let mut n = 0;
                while run.advance().await.unwrap() {
                    n += 1;
                }
                println!("  run {:?} in {n} dispatches", t.elapsed());
                if round == 0 {
                    let p = run.positions(32).await.unwrap();
                    let c = cpu::Sampler::new(&config, &models).unwrap().advance(&start, 0..32, 2);
                    let mut d: Vec<f32> = c.iter().zip(&p).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).collect();
                    d.sort_by(f32::total_cmp);
                    println!(
                        "  median {:e} 95% {:e} max {:e} {:?} uncaught {:?}",
                        d[d.len() / 2],
                        d[d.len() * 95 / 100],
                        d[d.len() - 1],
                        p[0],
                        gpu.take_uncaught()
                    );
                    run = Run::new(&gpu, &config, &models, &start).await.unwrap();
                }
            }
        }
    });
}
