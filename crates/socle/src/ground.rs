//! The ground seen as a module: its tables, classed like those of any context.

use crate::{
    housekeeping, letters,
    module::{
        DataClass::{Personal, Public, Secret},
        Module, Sealed, TableClass,
    },
    webhook,
};

/// The ground's own tables; it has no route and no action.
pub const MODULE: Module = Module {
    name: "socle",
    data: &[
        TableClass {
            table: "schema_migration",
            purpose: "Les migrations appliquées à cette base",
            retention: "toute la vie de la base",
            columns: &[
                ("number", Public),
                ("name", Public),
                ("checksum", Public),
                ("applied_at", Public),
            ],
        },
        TableClass {
            table: "journal",
            purpose: "Qui a fait quoi, sur quel objet, et quand",
            retention: "toute la vie de la base",
            columns: &[
                ("id", Public),
                ("at", Public),
                ("actor", Personal),
                ("action", Public),
                ("object_kind", Public),
                ("object_id", Public),
                ("detail", Public),
            ],
        },
        TableClass {
            table: "outbox",
            purpose: "Les suites à donner à un changement",
            retention: "trente jours après avoir été faites, sauf réglage de l’exploitant",
            columns: &[
                ("id", Public),
                ("at", Public),
                ("topic", Public),
                ("payload", Public),
                ("due_at", Public),
                ("taken_until", Public),
                ("attempts", Public),
                ("failure", Public),
                ("done_at", Public),
                ("object", Public),
                ("turn", Public),
                ("dead_at", Public),
                ("abandoned", Public),
            ],
        },
        TableClass {
            table: "done_once",
            purpose: "Les suites à ne pas faire deux fois",
            retention: "quatre cents jours",
            columns: &[("key", Public), ("at", Public)],
        },
        TableClass {
            table: "job",
            purpose: "Les travaux périodiques, leur dernière exécution et la prochaine",
            retention: "tant que le travail existe",
            columns: &[
                ("name", Public),
                ("title", Public),
                ("grace_s", Public),
                ("next_due_at", Public),
                ("holder", Public),
                ("held_until", Public),
                ("last_started_at", Public),
                ("last_ended_at", Public),
                ("last_outcome", Public),
                ("last_detail", Public),
                ("last_duration_ms", Public),
                ("failures", Public),
            ],
        },
        TableClass {
            table: "job_run",
            purpose: "Les exécutions de travaux qui ont fait quelque chose ou échoué",
            retention: "quatre-vingt-dix jours",
            columns: &[
                ("id", Public),
                ("job", Public),
                ("started_at", Public),
                ("ended_at", Public),
                ("outcome", Public),
                ("detail", Public),
                ("duration_ms", Public),
            ],
        },
        TableClass {
            table: "letter",
            purpose: "Les courriels et les SMS à envoyer",
            retention: "destinataire et contenu jusqu’à l’envoi ou au refus ; le reste, quatre-vingt-dix jours",
            columns: &[
                ("id", Public),
                ("channel", Public),
                ("kind", Public),
                ("about", Personal),
                ("queued_at", Public),
                ("state", Public),
                ("recipient", Secret),
                ("content", Secret),
                ("attempts", Public),
                ("due_at", Public),
                ("taken_until", Public),
                ("failure", Public),
                ("ended_at", Public),
            ],
        },
        TableClass {
            table: "webhook",
            purpose: "Les systèmes à prévenir de ce qui se passe",
            retention: "toute la vie de la base",
            columns: &[
                ("id", Public),
                ("owner", Public),
                ("url", Public),
                ("secret", Secret),
                ("topics", Public),
                ("active", Public),
                ("created_at", Public),
            ],
        },
        TableClass {
            table: "webhook_delivery",
            purpose: "Ce qui a été dit à ces systèmes, et ce qui reste à dire",
            retention: "quatre-vingt-dix jours après la remise",
            columns: &[
                ("id", Public),
                ("webhook_id", Public),
                ("event_id", Public),
                ("topic", Public),
                ("object", Public),
                ("turn", Public),
                ("at", Public),
                ("state", Public),
                ("attempts", Public),
                ("due_at", Public),
                ("taken_until", Public),
                ("failure", Public),
                ("ended_at", Public),
            ],
        },
        TableClass {
            table: "lease",
            purpose: "Quel nœud tient une tâche périodique",
            retention: "jusqu’à la reprise par un autre nœud",
            columns: &[("name", Public), ("holder", Public), ("until", Public)],
        },
        TableClass {
            table: "read_version",
            purpose: "La version de ce que copient les index en mémoire",
            retention: "toute la vie de la base",
            columns: &[("name", Public), ("version", Public)],
        },
    ],
    states: &[letters::STATES, webhook::STATES],
    jobs: &[housekeeping::JOB],
    sealed: &[
        sealed("letter", "recipient", letters::USAGE),
        sealed("letter", "content", letters::USAGE),
        sealed("webhook", "secret", webhook::USAGE),
    ],
    ..Module::EMPTY
};

const fn sealed(table: &'static str, column: &'static str, usage: &'static str) -> Sealed {
    Sealed {
        table,
        key: "id",
        column,
        usage,
    }
}
