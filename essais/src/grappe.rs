//! A PostgreSQL cluster of a test's own, which it may stop and start again.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

/// A throw-away cluster; it is stopped and removed when dropped.
#[derive(Debug)]
pub struct Grappe {
    dossier: PathBuf,
    outils: PathBuf,
    port: u16,
}

impl Grappe {
    /// Makes and starts a cluster; none with a line that says so when PostgreSQL is not installed.
    ///
    /// # Panics
    /// When the cluster does not start, or under CI without PostgreSQL.
    pub fn demarrer() -> Option<Self> {
        let Some(outils) = outils() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
            println!("skipped: PostgreSQL is not installed");
            return None;
        };
        let dossier = std::env::temp_dir().join(format!("maillage-grappe-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&dossier).expect("the temporary folder is writable");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|libre| libre.local_addr())
            .expect("a local port is free")
            .port();
        if est_root() {
            executer(Command::new("chown").arg("postgres").arg(&dossier));
        }
        let grappe = Self { dossier, outils, port };
        executer(grappe.outil("initdb").arg("-D").arg(grappe.donnees()).args([
            "-U",
            "maillage",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]));
        grappe.relancer();
        Some(grappe)
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://maillage@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// Stops it as a crash does: connections break, nothing is folded away.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn arreter_net(&self) {
        executer(self.controle().args(["-m", "immediate", "stop"]));
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Panics
    /// When it does not start.
    pub fn relancer(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            self.port,
            self.dossier.display()
        );
        executer(
            self.controle()
                .arg("-l")
                .arg(self.dossier.join("journal"))
                .args(["-o", &options, "start"]),
        );
    }

    fn donnees(&self) -> PathBuf {
        self.dossier.join("donnees")
    }

    fn controle(&self) -> Command {
        let mut commande = self.outil("pg_ctl");
        commande.arg("-D").arg(self.donnees()).args(["-s", "-w"]);
        commande
    }

    /// PostgreSQL refuses to run as root: there it runs as the user postgres.
    fn outil(&self, nom: &str) -> Command {
        let outil = self.outils.join(nom);
        let mut commande = if est_root() {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", "postgres", "--"]).arg(outil);
            runuser
        } else {
            Command::new(outil)
        };
        commande.current_dir(&self.dossier);
        commande
    }
}

impl Drop for Grappe {
    fn drop(&mut self) {
        let _ = self.controle().args(["-m", "immediate", "stop"]).status();
        let _ = std::fs::remove_dir_all(&self.dossier);
    }
}

fn executer(commande: &mut Command) {
    let sortie = commande.output().expect("the command starts");
    assert!(
        sortie.status.success(),
        "{commande:?} : {}",
        String::from_utf8_lossy(&sortie.stderr)
    );
}

/// The folder of `initdb`: Debian keeps it out of the path, by version.
fn outils() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut dossiers: Vec<_> = versions.map(|v| v.path().join("bin")).collect();
    dossiers.sort();
    let chemin = std::env::var_os("PATH").unwrap_or_default();
    dossiers
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&chemin))
        .find(|d| d.join("initdb").exists())
}

fn est_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|moi| moi.uid() == 0)
}
