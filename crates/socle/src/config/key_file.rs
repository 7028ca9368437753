//! The file of the operator's key, made at the first start.

use crate::{
    files::{named, sync_folder},
    secrets,
};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Writes a new key in a new file, readable by its owner alone, and gives what the file holds: of the processes that start together, one
/// makes it and the others read it, whole.
pub(super) fn make(path: &Path) -> io::Result<String> {
    let text = secrets::token();
    let partial = named(path, &format!(".{}", &secrets::token()[..16]));
    let written = write(&partial, &text).and_then(|()| match fs::hard_link(&partial, path) {
        // Some file systems have no links: whoever reads at this instant may then find the file empty, and says so.
        Err(error) if [io::ErrorKind::Unsupported, io::ErrorKind::PermissionDenied].contains(&error.kind()) => {
            write(path, &text)
        }
        linked => linked,
    });
    // Once linked it is there under its own name; else it is of no use.
    let _ = fs::remove_file(&partial);
    let written = written.and_then(|()| sync_folder(path));
    match written {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::read_to_string(path),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn ceux_qui_demarrent_ensemble_lisent_la_meme_cle() {
        let folder = std::env::temp_dir().join(format!("maillage-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("essai.cle");
        let made: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..16).map(|_| scope.spawn(|| make(&path).unwrap())).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let kept = fs::read_to_string(&path).unwrap();
        assert!(made.iter().all(|text| text.trim() == kept.trim()), "{made:?}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(&folder).unwrap();
    }
}
