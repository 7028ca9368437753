//! Files that appear whole or not at all.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// A file being written under another name beside its place; it is removed when dropped before it is kept.
#[derive(Debug)]
pub struct Partial {
    path: PathBuf,
    target: PathBuf,
}

impl Partial {
    /// Prepares the writing of `target`; what an interrupted writing left is removed.
    ///
    /// # Errors
    /// When what was left cannot be removed.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let partial = Self {
            path: named(target, ".en-cours"),
            target: target.to_owned(),
        };
        partial.remove()?;
        Ok(partial)
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes sure of the bytes, then gives the file its name; what bore that name is replaced at once.
    ///
    /// # Errors
    /// When the bytes cannot be made sure of, or the name given; then the target is as it was.
    pub fn keep(self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, &self.target)?;
        sync_folder(&self.target)
    }

    /// The file, and what SQLite writes beside it.
    fn remove(&self) -> io::Result<()> {
        for path in [self.path.clone(), named(&self.path, "-wal"), named(&self.path, "-shm")] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Makes sure of the name of a file, which its folder holds.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After `keep` nothing bears this name any more.
        let _ = self.remove();
    }
}

/// The name of a file with something after it.
pub(crate) fn named(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_fichier_parait_entier_ou_pas_du_tout() {
        let folder = std::env::temp_dir().join(format!("maillage-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder).unwrap();
        let target = folder.join("sortie.csv");
        let dropped = Partial::beside(&target).unwrap();
        fs::write(dropped.path(), "moitié").unwrap();
        drop(dropped);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        let kept = Partial::beside(&target).unwrap();
        fs::write(kept.path(), "entier").unwrap();
        assert!(!target.exists());
        kept.keep().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "entier");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
