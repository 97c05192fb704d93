//! Samples of the portal's memory, file descriptors and threads.

use std::fs;

use anyhow::Context as _;

use crate::portal::Portal;
use crate::world::World;

/// In minutes. From then on the portal has all its connections, threads and caches.
const WARM_UP: f64 = 2.0;

#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) minute: f64,
    /// VmRSS in MB.
    pub(crate) memory: f64,
    pub(crate) files: usize,
    pub(crate) threads: usize,
}

/// All samples, oldest first.
#[derive(Default)]
pub(crate) struct Samples(Vec<Sample>);

impl Samples {
    /// Takes a sample of the process.
    pub(crate) fn take(&mut self, portal: &Portal, world: &World) -> anyhow::Result<Sample> {
        let process = format!("/proc/{}", portal.id());
        let status = fs::read_to_string(format!("{process}/status"))?;
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u32>().ok()).context("no such value")
        };
        let descriptors = format!("{process}/fd");
        // Only root may list them, because the process is not dumpable; anybody may ask for their number (Linux 6.2).
        let files = fs::read_dir(&descriptors).map(Iterator::count).or_else(|_| {
            fs::metadata(&descriptors).map(|them| usize::try_from(them.len()).unwrap_or(usize::MAX))
        })?;
        let sample = Sample {
            minute: world.began.elapsed().as_secs_f64() / 60.0,
            memory: f64::from(value("VmRSS:")?) / 1024.0,
            files,
            threads: value("Threads:")?.try_into()?,
        };
        println!("{sample}, {} requests", world.record.requests());
        self.0.push(sample);
        Ok(sample)
    }

    /// The first and the last sample after the warm-up; `None` in a shorter run.
    pub(crate) fn first_and_last(&self) -> Option<(Sample, Sample)> {
        Some((*self.warm().first()?, *self.warm().last()?))
    }

    /// The growth in MB a minute, by least squares over the samples after the warm-up.
    pub(crate) fn slope(&self) -> f64 {
        let warm = self.warm();
        let count = warm.iter().map(|_| 1.0).sum::<f64>();
        let mean = |of: fn(&Sample) -> f64| warm.iter().map(of).sum::<f64>() / count;
        let (minute, memory) = (mean(|it| it.minute), mean(|it| it.memory));
        let shared: f64 = warm.iter().map(|it| (it.minute - minute) * (it.memory - memory)).sum();
        let spread: f64 = warm.iter().map(|it| (it.minute - minute).powi(2)).sum();
        if spread > 0.0 { shared / spread } else { 0.0 }
    }

    fn warm(&self) -> &[Sample] {
        let from = self.0.iter().position(|it| it.minute >= WARM_UP).unwrap_or(self.0.len());
        &self.0[from..]
    }
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { minute, memory, files, threads } = self;
        write!(f, "minute {minute:.1}: {memory:.1} MB, {files} file descriptors, {threads} threads")
    }
}
