//! The WebGPU engine natively, on whatever Vulkan finds: a card, lavapipe or SwiftShader.

#[macro_use]
#[path = "../gpu/mod.rs"]
mod checks;

use guidance_playground::engine::gpu::{Gpu, all_shaders, layouts};
use std::rc::Rc;

/// A device, or a loud word and nothing where there is none and REQUIRE_GPU does not ask for one.
fn with_gpu(check: impl AsyncFnOnce(&Rc<Gpu>)) {
    pollster::block_on(async {
        match Gpu::open(true).await {
            Ok(gpu) => check(&Rc::new(gpu)).await,
            Err(error) if std::env::var_os("REQUIRE_GPU").is_none() => {
                eprintln!("NOT TESTED: {error} Point VK_ICD_FILENAMES at a driver, such as Mesa's lavapipe.");
            }
            Err(error) => panic!("{error} REQUIRE_GPU asks for one."),
        }
    });
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            with_gpu(async |gpu| checks::$name(gpu).await);
        })*
    };
}
every_check!(tests);

#[test]
fn rust_and_shaders_lay_structs_out_alike() {
    let shaders = all_shaders();
    for layout in layouts() {
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
fn every_shader_is_valid() {
    let shaders = all_shaders();
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
