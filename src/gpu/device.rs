//! A device, and the pipelines compiled for it.

use super::pace::Pace;
use crate::error::{Error, GpuFault, Result};
use futures_channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Most workgroups of a dispatch; WebGPU allows 65535.
pub(crate) const WORKGROUPS: usize = 1 << 15;

const BACKENDS: wgpu::Backends = wgpu::Backends::VULKAN.union(wgpu::Backends::BROWSER_WEBGPU);

fn instance() -> wgpu::Instance {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = BACKENDS;
    wgpu::Instance::new(descriptor)
}

/// A graphics processor, opened.
pub struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    #[cfg(target_arch = "wasm32")]
    pub(crate) instance: wgpu::Instance,
    pub(crate) adapter: wgpu::Adapter,
    pipelines: RefCell<HashMap<String, wgpu::ComputePipeline>>,
    paces: RefCell<HashMap<String, Pace>>,
    uncaught: Arc<Mutex<Option<String>>>,
    lost: RefCell<Option<oneshot::Receiver<String>>>,
    compiling: Cell<f64>,
}

impl Gpu {
    /// Open the system's preferred adapter; one emulated in software only if `software` says so.
    ///
    /// # Errors
    /// [`Error::Gpu`] if there is none or it gives no device.
    pub async fn open(software: bool) -> Result<Self> {
        let instance = instance();
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|e| Error::gpu(GpuFault::NoAdapter, e))?;
        if adapter.get_info().device_type == wgpu::DeviceType::Cpu && !software {
            return Err(Error::gpu(GpuFault::Software, adapter.get_info().name));
        }
        Self::on(instance, adapter).await
    }

    /// Open the first adapter with `name` in its name, in capitals or not, emulated in software or not.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all names if none has it, [`Error::Gpu`] if there is no adapter or it gives no device.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn named(name: &str) -> Result<Self> {
        let instance = instance();
        let mut adapters = instance.enumerate_adapters(BACKENDS).await;
        let names: Vec<String> = adapters.iter().map(|adapter| adapter.get_info().name).collect();
        if names.is_empty() {
            return Err(Error::gpu(GpuFault::NoAdapter, ""));
        }
        let wanted = name.to_lowercase();
        let Some(index) = names.iter().position(|name| name.to_lowercase().contains(&wanted)) else {
            let there = format!("part of one of these: {}", names.join("; "));
            return Err(Error::invalid("The name of a graphics processor", there, format!("\"{name}\"")));
        };
        Self::on(instance, adapters.swap_remove(index)).await
    }

    #[cfg_attr(not(target_arch = "wasm32"), expect(unused_variables, reason = "canvases alone ask the instance again"))]
    async fn on(instance: wgpu::Instance, adapter: wgpu::Adapter) -> Result<Self> {
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("guidance-playground"),
            required_features: adapter.features() & wgpu::Features::TIMESTAMP_QUERY,
            ..wgpu::DeviceDescriptor::default()
        };
        let (device, queue) =
            adapter.request_device(&descriptor).await.map_err(|e| Error::gpu(GpuFault::Refused, e))?;
        let uncaught = Arc::new(Mutex::new(None));
        let first = Arc::clone(&uncaught);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            first.lock().expect("no thread panics with it").get_or_insert_with(|| error.to_string());
        }));
        let (sender, lost) = oneshot::channel();
        let sender = Mutex::new(Some(sender));
        device.set_device_lost_callback(move |_, message| {
            if let Some(sender) = sender.lock().expect("no thread panics with it").take() {
                // Nobody may be waiting.
                let _ = sender.send(message);
            }
        });
        Ok(Self {
            device,
            queue,
            #[cfg(target_arch = "wasm32")]
            instance,
            adapter,
            pipelines: RefCell::default(),
            paces: RefCell::default(),
            uncaught,
            lost: RefCell::new(Some(lost)),
            compiling: Cell::new(0.0),
        })
    }

    /// What the adapter calls itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn description(&self) -> String {
        self.adapter.get_info().name
    }

    /// What the browser tells of the adapter: a description, or vendor and architecture.
    #[cfg(target_arch = "wasm32")]
    pub fn description(&self) -> String {
        use js_sys::Reflect;
        let Some(device) = self.device.as_webgpu() else { return String::new() };
        let info = Reflect::get(device.as_ref(), &"adapterInfo".into()).unwrap_or_default();
        let word = |key: &str| Reflect::get(&info, &key.into()).ok()?.as_string().filter(|word| !word.is_empty());
        let words = [word("vendor"), word("architecture")];
        word("description").unwrap_or_else(|| words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// Whether it is emulated in software.
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// Seconds spent compiling pipelines so far.
    pub fn compiling(&self) -> f64 {
        self.compiling.get()
    }

    /// The first error that no caller has seen; a test fails on it.
    pub fn take_uncaught(&self) -> Option<String> {
        self.uncaught.lock().expect("no thread panics with it").take()
    }

    /// Resolves with the system's words when the device is lost. Only the first caller hears of it.
    pub fn lost(&self) -> impl Future<Output = Option<String>> + 'static {
        let lost = self.lost.borrow_mut().take();
        async move { lost?.await.ok() }
    }

    /// Give the device up; whatever still runs on it fails.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// The compute pipeline of the kernel `entry` in `text`, compiled at the first call.
    pub(crate) async fn pipeline(&self, entry: &'static str, text: String) -> Result<wgpu::ComputePipeline> {
        if let Some(pipeline) = self.pipelines.borrow().get(&text) {
            return Ok(pipeline.clone());
        }
        let start = now();
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = self.module(entry, &text);
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry),
            layout: None,
            module: &module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        if let Some(error) = scope.pop().await {
            return Err(Error::gpu(GpuFault::Shader, error));
        }
        self.compiling.set(self.compiling.get() + now() - start);
        self.pipelines.borrow_mut().insert(text, pipeline.clone());
        Ok(pipeline)
    }

    pub(crate) fn module(&self, label: &str, text: &str) -> wgpu::ShaderModule {
        let descriptor =
            wgpu::ShaderModuleDescriptor { label: Some(label), source: wgpu::ShaderSource::Wgsl(text.into()) };
        // SAFETY: our own text alone, whose loops are finite and whose indices are within the buffers that we make for
        // it; a browser checks in any case.
        unsafe { self.device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked()) }
    }

    /// What was submitted last, to be waited for.
    pub(crate) fn submission(&self, index: wgpu::SubmissionIndex) -> Submission {
        let (sender, done) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // The waiter may have gone.
            let _ = sender.send(now());
        });
        Submission { index, done }
    }

    /// Resolves when a submission is done, with the moment.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn finished(&self, submission: Submission) -> Result<f64> {
        let wait = wgpu::PollType::Wait { submission_index: Some(submission.index), timeout: None };
        self.poll(wait)?;
        submission.done.await.map_err(|_| Error::gpu(GpuFault::Lost, ""))
    }

    /// Lets callbacks run: natively by waiting, in a browser they come by themselves.
    pub(crate) fn wait(&self) -> Result<()> {
        self.poll(wgpu::PollType::wait_indefinitely())
    }

    fn poll(&self, poll: wgpu::PollType) -> Result<()> {
        self.device.poll(poll).map_err(|e| Error::gpu(GpuFault::Lost, e))?;
        Ok(())
    }

    pub(crate) fn pace(&self, kernel: &str) -> Pace {
        self.paces.borrow().get(kernel).copied().unwrap_or_default()
    }

    pub(crate) fn keep_pace(&self, kernel: &str, pace: Pace) {
        self.paces.borrow_mut().insert(kernel.to_owned(), pace);
    }
}

/// Work on its way.
pub struct Submission {
    index: wgpu::SubmissionIndex,
    done: oneshot::Receiver<f64>,
}

/// Seconds since some moment.
pub(crate) fn now() -> f64 {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::prelude::wasm_bindgen;
        #[wasm_bindgen]
        extern "C" {
            #[wasm_bindgen(js_namespace = performance, js_name = now)]
            fn milliseconds() -> f64;
        }
        milliseconds() * 1e-3
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed().as_secs_f64()
    }
}
