//! The WebGPU engine natively, on the card that Vulkan prefers, or on the one that WGPU_ADAPTER_NAME has part of the name of.

#[macro_use]
#[path = "../gpu/mod.rs"]
mod checks;

pub use checks::moves;
use checks::training;

use crate::{own_rule, rules};
use guidance_playground::gpu::Gpu;
use guidance_playground::guidance::rule::Rule;
use guidance_playground::guidance::rule::Time;
use guidance_playground::guidance::rule::own::Program;
use guidance_playground::plane::engine::gpu::{Layout, all_shaders, layouts};
use guidance_playground::plane::training::gpu as trainer;
use std::env;
use std::io::Write;
use std::rc::Rc;
use std::sync::Once;

/// A device, or a loud word and nothing where there is none and neither a name nor REQUIRE_GPU asks for one.
pub fn with_gpu(check: impl AsyncFnOnce(&Rc<Gpu>)) {
    let name = env::var("WGPU_ADAPTER_NAME").ok();
    let opened = pollster::block_on(async {
        match &name {
            Some(name) => Gpu::named(name).await,
            None => Gpu::open(true).await,
        }
    });
    match opened {
        Ok(gpu) => {
            static SAID: Once = Once::new();
            // Seen although the test passes: what is written by `eprintln!` is not.
            let said = format!("GPU tests run on {}.\n", gpu.description());
            SAID.call_once(|| std::io::stderr().write_all(said.as_bytes()).unwrap());
            pollster::block_on(check(&Rc::new(gpu)));
        }
        Err(error) if name.is_none() && env::var_os("REQUIRE_GPU").is_none() => {
            eprintln!("NOT TESTED: {error} Point VK_ICD_FILENAMES at a driver, such as Mesa's lavapipe.");
        }
        Err(error) => panic!("{error} WGPU_ADAPTER_NAME or REQUIRE_GPU asks for one."),
    }
}

macro_rules! tests {
    ($(($($name:ident)*))*) => {
        $($(#[test]
        fn $name() {
            with_gpu(async |gpu| checks::$name(gpu).await);
        })*)*
    };
}
every_check!(tests);

macro_rules! training_tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            with_gpu(async |gpu| training::$name(gpu).await);
        })*
    };
}
training_tests! {
    batches_are_the_processors
    gradients_are_the_processors
    updates_are_those_of_f64
    losses_are_the_processors
    trainings_are_repeated_and_resumed
}

/// Those of engine and trainer.
fn every_shader() -> Vec<(String, String)> {
    all_shaders().into_iter().chain(trainer::all_shaders()).collect()
}

fn every_layout() -> Vec<Layout> {
    layouts().into_iter().chain([trainer::layout()]).collect()
}

#[test]
fn a_name_that_no_card_has_is_answered_with_those_that_there_are() {
    with_gpu(async |gpu| {
        let sentence = Gpu::named("no such card").await.err().unwrap().to_string();
        assert!(sentence.contains("no such card") && sentence.contains(&gpu.description()), "{sentence}");
        let name = gpu.description().to_uppercase();
        assert_eq!(Gpu::named(&name[..name.len() / 2]).await.unwrap().description(), gpu.description());
    });
}

#[test]
fn rust_and_shaders_lay_structs_out_alike() {
    let shaders = every_shader();
    for layout in every_layout() {
        let has = |text: &str| text.contains(&format!("struct {} {{", layout.name));
        let (_, text) =
            shaders.iter().find(|(label, text)| label.starts_with(layout.shader) && has(text)).expect(layout.name);
        let module = naga::front::wgsl::parse_str(text).unwrap();
        let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(layout.name)).unwrap().1;
        let naga::TypeInner::Struct { members, span } = &found.inner else { panic!("{} is no struct", layout.name) };
        let members: Vec<_> = members.iter().map(|m| (m.name.as_deref().unwrap(), m.offset as usize)).collect();
        assert_eq!(members, layout.members, "{} in {}", layout.name, layout.shader);
        assert_eq!(*span as usize, layout.size, "{} in {}", layout.name, layout.shader);
    }
}

#[test]
fn rules_are_the_processors_on_ten_thousand_inner_products() {
    with_gpu(async |gpu| {
        let cases = rules::grams(10_000);
        let given: Vec<_> = cases.iter().map(rules::single).collect();
        for rule in rules::every_rule() {
            let found = gpu.mix(Rule::from(&rule), &given).await.unwrap();
            assert_eq!(found.len(), cases.len());
            cases.iter().zip(found).for_each(|(case, found)| rules::agree(Rule::from(&rule), case, found));
        }
        let time = Time { next: 0.25, u: 0.4, scale: 1.3, step: 7.0, steps: 18.0 };
        let texts = own_rule::said().into_iter().map(|(_, text)| text);
        for text in texts.chain(own_rule::MORE.map(str::to_owned)) {
            let combination = own_rule::own(&text);
            let program = Program::new(&text).unwrap();
            let rule = Rule { own: Some((&program, time)), ..Rule::from(&combination) };
            let found = gpu.mix(rule, &given).await.unwrap();
            cases.iter().zip(found).for_each(|(case, found)| rules::agree(rule, case, found));
        }
    });
}

#[test]
fn every_shader_is_valid() {
    let shaders = every_shader();
    // Eight rules, with and without noise and memory, and the models.
    assert!(shaders.len() > 8 * 4 + 20);
    for (label, text) in shaders {
        let module =
            naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{label}: {}", e.emit_to_string(&text)));
        let mut validator =
            naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::default());
        validator.validate(&module).unwrap_or_else(|e| panic!("{label}: {}", e.emit_to_string(&text)));
        // WebGPU's default limits: workgroup memory and buffers of a stage.
        let layouter = {
            let mut layouter = naga::proc::Layouter::default();
            layouter.update(module.to_ctx()).unwrap();
            layouter
        };
        let shared: u32 = module
            .global_variables
            .iter()
            .filter(|(_, v)| v.space == naga::AddressSpace::WorkGroup)
            .map(|(_, v)| layouter[v.ty].size)
            .sum();
        assert!(shared <= 16 << 10, "{label}: {shared} bytes of workgroup memory");
        let buffers =
            module.global_variables.iter().filter(|(_, v)| matches!(v.space, naga::AddressSpace::Storage { .. }));
        assert!(buffers.count() <= 8, "{label}");
    }
}
