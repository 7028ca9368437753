//! The ground seen as a module: its tables, classed like those of any context.

use crate::module::{
    DataClass::{Personal, Public},
    Module, TableClass,
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
    ..Module::EMPTY
};
