//! Every key of the configuration, with what is expected of it.

use super::Config;
use crate::{
    db::{DbOptions, Engine},
    mail::{self, SmtpServer},
    secrets::Keys,
    telemetry::LogFormat,
};
use std::{fmt, time::Duration};

/// A key of the configuration.
pub struct Key {
    /// Its name in the file; a dot stands for a table, and for `_` in the environment.
    pub name: &'static str,
    /// What is expected, in French, with an example.
    pub expected: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Option<()>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every key.
pub const KEYS: &[Key] = &[
    Key {
        name: "database",
        expected: "le chemin d’un fichier SQLite, ou une adresse « postgres://… »",
        set: |c, v| (!v.is_empty()).then(|| c.database = v.to_owned()),
    },
    Key {
        name: "database_admin",
        expected: "une adresse « postgres://… », celle du rôle qui possède les tables",
        set: |c, v| {
            let postgres = DbOptions::new(v).engine() == Engine::Postgres;
            postgres.then(|| c.database_admin = Some(v.to_owned()))
        },
    },
    Key {
        name: "database_max_pages",
        expected: "un nombre de pages SQLite, au moins 100",
        set: |c, v| {
            c.database_max_pages = Some(v.parse().ok().filter(|n| *n >= 100)?);
            Some(())
        },
    },
    Key {
        name: "listen",
        expected: "une adresse et un port, par exemple 127.0.0.1:8080",
        set: |c, v| {
            c.listen = v.parse().ok()?;
            Some(())
        },
    },
    Key {
        name: "metrics_listen",
        expected: "une adresse et un port, par exemple 127.0.0.1:9090",
        set: |c, v| {
            c.metrics_listen = Some(v.parse().ok()?);
            Some(())
        },
    },
    Key {
        name: "public_url",
        expected: "l’adresse que voit le public, par exemple https://lieux.exemple.fr ou https://exemple.fr/lieux",
        set: |c, v| {
            c.public_url = Some(public_url(v)?);
            Some(())
        },
    },
    Key {
        name: "trusted_proxies",
        expected: "des adresses IP, par exemple [\"10.0.0.1\"]",
        set: |c, v| {
            c.trusted_proxies = list(v).map(|ip| ip.parse().ok()).collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "api_per_minute",
        expected: "un nombre de demandes par minute, 0 pour ne pas limiter",
        set: |c, v| {
            c.api_per_minute = v.parse().ok()?;
            Some(())
        },
    },
    Key {
        name: "request_timeout_s",
        expected: "un nombre de secondes, de 1 à 600",
        set: |c, v| {
            let seconds = v.parse().ok().filter(|n| (1..=600).contains(n))?;
            c.request_timeout = Duration::from_secs(seconds);
            Some(())
        },
    },
    Key {
        name: "outbox_days",
        expected: "un nombre de jours, de 1 à 3650",
        set: |c, v| {
            c.outbox_days = v.parse().ok().filter(|n| (1..=3650).contains(n))?;
            Some(())
        },
    },
    Key {
        name: "outbox_attempts",
        expected: "un nombre d’essais, de 1 à 50",
        set: |c, v| {
            c.outbox_attempts = v.parse().ok().filter(|n| (1..=50).contains(n))?;
            Some(())
        },
    },
    Key {
        name: "tiles",
        expected: "un modèle d’adresse avec {z}, {x} et {y}, par exemple https://tuiles.exemple.fr/{z}/{x}/{y}.png",
        set: |c, v| {
            let complete = ["{z}", "{x}", "{y}"].iter().all(|part| v.contains(part));
            (is_http(v) && complete).then(|| c.tiles = Some(v.to_owned()))
        },
    },
    Key {
        name: "geocodeur.url",
        expected: "l’adresse d’un service d’adresses, par exemple https://data.geopf.fr/geocodage",
        set: |c, v| is_http(v).then(|| c.geocodeur = Some(v.trim_end_matches('/').to_owned())),
    },
    Key {
        name: "geocodeur.budget_ms",
        expected: BUDGET,
        set: |c, v| {
            c.geocodeur_budget = budget(v)?;
            Some(())
        },
    },
    Key {
        name: "annuaire.url",
        expected: "l’adresse d’un annuaire des entreprises, par exemple https://recherche-entreprises.api.gouv.fr",
        set: |c, v| is_http(v).then(|| c.annuaire = Some(v.trim_end_matches('/').to_owned())),
    },
    Key {
        name: "annuaire.budget_ms",
        expected: BUDGET,
        set: |c, v| {
            c.annuaire_budget = budget(v)?;
            Some(())
        },
    },
    Key {
        name: "fournisseur.emetteur",
        expected: "l’adresse d’un fournisseur d’identité OpenID Connect, par exemple https://identite.exemple.fr",
        set: |c, v| is_http(v).then(|| c.provider.issuer = v.to_owned()),
    },
    Key {
        name: "fournisseur.client",
        expected: "l’identifiant que le fournisseur a donné à ce site",
        set: |c, v| (!v.is_empty()).then(|| c.provider.client = v.to_owned()),
    },
    Key {
        name: "fournisseur.secret",
        expected: "le secret que le fournisseur a donné à ce site",
        set: |c, v| (!v.is_empty()).then(|| c.provider.secret = v.to_owned()),
    },
    Key {
        name: "fournisseur.nom",
        expected: "le nom du fournisseur, par exemple ProConnect",
        set: |c, v| (!v.is_empty()).then(|| c.provider.name = v.to_owned()),
    },
    Key {
        name: "fournisseur.pkce",
        expected: "true ou false",
        set: |c, v| {
            c.provider.pkce = v.parse().ok()?;
            Some(())
        },
    },
    Key {
        name: "fournisseur.niveaux",
        expected: "les niveaux (acr) acceptés, par exemple [\"eidas2\", \"eidas3\"]",
        set: |c, v| {
            c.provider.levels = list(v).map(str::to_owned).collect();
            Some(())
        },
    },
    Key {
        name: "fournisseur.moyens",
        expected: "les moyens (amr) dont l’un est exigé, par exemple [\"mfa\"]",
        set: |c, v| {
            c.provider.means = list(v).map(str::to_owned).collect();
            Some(())
        },
    },
    Key {
        name: "fournisseur.authentification",
        expected: "post ou basic : où le fournisseur attend le secret",
        set: |c, v| {
            c.provider.basic = match v {
                "post" => false,
                "basic" => true,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "fournisseur.signe",
        expected: "true ou false",
        set: |c, v| {
            c.provider.signed = v.parse().ok()?;
            Some(())
        },
    },
    Key {
        name: "log",
        expected: "« texte » ou « json »",
        set: |c, v| {
            c.log = match v {
                "texte" | "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "open_data",
        expected: "le chemin d’un dossier",
        set: |c, v| (!v.is_empty()).then(|| c.open_data = Some(v.into())),
    },
    Key {
        name: "cles",
        expected: "64 chiffres hexadécimaux, la nouvelle clé d’abord s’il y en a plusieurs, séparées par des virgules",
        set: |c, v| {
            c.keys = Some(Keys::parse(v)?);
            Some(())
        },
    },
    Key {
        name: "cles_fichier",
        expected: "le chemin d’un fichier qui contient la clé",
        set: |c, v| (!v.is_empty()).then(|| c.keys_file = Some(v.into())),
    },
    Key {
        name: "courriel.smtp",
        expected: "l’adresse d’un serveur, par exemple smtps://utilisateur:mot-de-passe@smtp.exemple.fr",
        set: |c, v| {
            c.mail.smtp = Some(SmtpServer::parse(v)?);
            Some(())
        },
    },
    Key {
        name: "courriel.expediteur",
        expected: "une adresse de courriel, par exemple Maillage <ne-pas-repondre@exemple.fr>",
        set: |c, v| mail::is_sender(v).then(|| c.mail.sender = v.to_owned()),
    },
    Key {
        name: "courriel.dossier",
        expected: "le chemin d’un dossier",
        set: |c, v| (!v.is_empty()).then(|| c.mail.folder = Some(v.into())),
    },
    Key {
        name: "sms.dossier",
        expected: "le chemin d’un dossier",
        set: |c, v| (!v.is_empty()).then(|| c.sms_folder = Some(v.into())),
    },
    Key {
        name: "webhook_private",
        expected: "true ou false",
        set: |c, v| {
            c.webhook_private = v.parse().ok()?;
            Some(())
        },
    },
    Key {
        name: "journal_heads",
        expected: "le chemin d’un dossier, de préférence sur une autre machine",
        set: |c, v| (!v.is_empty()).then(|| c.journal_heads = Some(v.into())),
    },
    Key {
        name: "exploitant.nom",
        expected: "le nom de l’organisme qui publie le site",
        set: |c, v| (!v.is_empty()).then(|| c.operator.name = Some(v.to_owned())),
    },
    Key {
        name: "exploitant.adresse",
        expected: "son adresse postale",
        set: |c, v| (!v.is_empty()).then(|| c.operator.address = Some(v.to_owned())),
    },
    Key {
        name: "exploitant.contact",
        expected: "une adresse de courriel ou un numéro de téléphone",
        set: |c, v| (!v.is_empty()).then(|| c.operator.contact = Some(v.to_owned())),
    },
    Key {
        name: "exploitant.dpo",
        expected: "comment joindre le délégué à la protection des données",
        set: |c, v| (!v.is_empty()).then(|| c.operator.dpo = Some(v.to_owned())),
    },
    Key {
        name: "exploitant.directeur",
        expected: "le nom de qui dirige la publication",
        set: |c, v| (!v.is_empty()).then(|| c.operator.publisher = Some(v.to_owned())),
    },
    Key {
        name: "exploitant.hebergeur",
        expected: "le nom et l’adresse de l’hébergeur",
        set: |c, v| (!v.is_empty()).then(|| c.operator.host = Some(v.to_owned())),
    },
];

const BUDGET: &str = "un nombre de millisecondes, de 50 à 10000";

fn budget(text: &str) -> Option<Duration> {
    let millis = text.parse().ok().filter(|n| (50..=10_000).contains(n))?;
    Some(Duration::from_millis(millis))
}

fn is_http(url: &str) -> bool {
    url.strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .is_some_and(|rest| !rest.starts_with('/') && !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// An address without query or fragment, whose path is plain, without its final slash.
pub(super) fn public_url(text: &str) -> Option<String> {
    let url = text.trim_end_matches('/');
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    let host_ok = !host.is_empty() && !host.contains(['?', '#', '@', '{']);
    let path_ok = path.chars().all(plain) && path.split('/').all(|part| !part.is_empty() || path.is_empty());
    (is_http(url) && host_ok && path_ok).then(|| url.to_owned())
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}
