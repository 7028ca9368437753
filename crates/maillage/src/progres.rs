//! How long work shows that it advances: a bar on a terminal, plain lines otherwise.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// The progress of one task, on the standard error.
#[derive(Debug)]
pub struct Progres {
    bar: Option<ProgressBar>,
    what: String,
    next_line: u64,
    total: u64,
}

impl Progres {
    /// A task of `total` steps; 0 when the number is unknown.
    pub fn new(what: impl Into<String>, total: u64) -> Self {
        let what = what.into();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = if total == 0 {
                ProgressBar::new_spinner()
            } else {
                ProgressBar::new(total)
            };
            let template = if total == 0 {
                "{spinner} {msg} {human_pos}"
            } else {
                "{msg} {wide_bar} {human_pos}/{human_len} ({eta})"
            };
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what.clone());
            bar
        });
        if bar.is_none() {
            eprintln!("{what}…");
        }
        Self {
            bar,
            what,
            next_line: tenth(total),
            total,
        }
    }

    /// The task has done `done` steps.
    pub fn at(&mut self, done: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if done >= self.next_line && self.total > 0 && done < self.total => {
                eprintln!("{} : {done} sur {}", self.what, self.total);
                self.next_line = done + tenth(self.total);
            }
            None => {}
        }
    }

    /// The task is done; `summary` is what it did.
    pub fn done(self, summary: &str) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{} : {summary}", self.what);
    }
}

fn tenth(total: u64) -> u64 {
    (total / 10).max(1)
}
